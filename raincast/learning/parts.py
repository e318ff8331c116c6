"""A fit in parts that know nothing of each other: the trees, with the perceptrons if there are any,
and each network over the day's stations.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Literal

from imblearn.pipeline import Pipeline

from raincast.learning import estimators, examples, training_rows, trees
from raincast.learning.attention.material import Material, material
from raincast.learning.attention.network import Network
from raincast.learning.attention.recipe import Recipe
from raincast.learning.attention.tokens import Scale
from raincast.learning.trees import Scratch
from raincast.observations.panel import Panel
from raincast.pieces import Workers

Part = Literal["trees"] | int
"""The trees, or the number of a network."""


@dataclass(frozen=True)
class Lesson:
    """What all parts of a fit learn from. Each works out what it needs of it where it is fitted:
    the observations are a hundredth of the features that are made of them.

    Attributes:
        first, last: feature dates, inclusive.
        params: all of `blend.DEFAULT_PARAMS`, and `fit_rows` where rows are drawn.
        scratch: for trees of more rows than are held in memory (`trees`); None holds them all.
    """

    panel: Panel
    first: date
    last: date
    params: Mapping[str, Any]
    seed: int
    scratch: Scratch | None = None

    @cached_property
    def days(self) -> tuple[Material, Scale]:
        """What its networks learn from."""
        return material(self.panel, self.first, self.last, examples.SCHEDULED_UTC)


def fitted(lesson: Lesson, workers: Workers) -> Pipeline:
    """The parts as one pipeline."""
    networks = 0 if lesson.params["model"] else lesson.params["networks"]
    parts: list[Part] = ["trees", *range(networks)]
    pipeline, *attending = workers.each(_part, lesson, parts, "parts of the fit")
    if attending:
        pipeline[-1].attend(attending)
    return pipeline


def _part(lesson: Lesson, part: Part) -> Any:
    return _trees(lesson) if part == "trees" else _network(lesson, part)


def _trees(lesson: Lesson) -> Pipeline:
    """The pipeline before its networks come to it."""
    span, params, of = (lesson.first, lesson.last), lesson.params, lesson.panel.network
    drawn = training_rows.drawn(lesson.panel, *span, lesson.seed, params.get("fit_rows"))
    if lesson.scratch and trees.too_many(len(drawn)) and estimators.takes_blocks(params):
        with lesson.scratch() as folder:
            return estimators.train_on_disk(drawn, params, lesson.seed, of, folder)
    rows = drawn.examples()
    return estimators.train(rows.X, rows.y, params, lesson.seed, of)


def _network(lesson: Lesson, number: int) -> Network:
    from raincast.learning.attention.fit import fit_networks  # JAX is wanted for fitting alone

    recipe = Recipe(epochs=lesson.params["network_epochs"])
    # Seeds of one blend are apart from those of the next, which begins one later.
    seed = 1000 * lesson.seed + number
    return fit_networks(*lesson.days, recipe, [seed], stations=lesson.panel.network)[0]
