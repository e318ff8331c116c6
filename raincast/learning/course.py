"""How a fit went: the trees round by round on days that they have not learned, the networks'
training loss epoch by epoch. Nothing is fitted for it.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from imblearn.pipeline import Pipeline

from raincast.learning.blend import Blend
from raincast.learning.classifier import table_of
from raincast.learning.examples import Examples

MOST_POINTS = 30
"""Of the rounds; enough for a line."""

Course = dict[str, list[tuple[int, float]]]


def of(pipeline: Pipeline, rows: Mapping[str, Examples]) -> Course:
    """By name, pairs of round or epoch and loss; none of an estimator of one's own.

    trees/3pm/log_loss         of a regime's rows, by the trees alone, before calibration
    perceptron/0/loss          mean over the epoch's batches; so is
    network/0/loss             with the teaching losses in it

    Args:
        rows: by regime, those on which the pipeline was tuned.
    """
    blend = pipeline[-1]
    if not isinstance(blend, Blend):
        return {}
    found = {f"trees/{name}/log_loss": _rounds(blend, part) for name, part in rows.items()}
    losses = {f"perceptron/{i}/loss": net.losses_ for i, net in enumerate(blend.nets_)}
    losses |= {f"network/{i}/loss": net.losses_ for i, net in enumerate(blend.networks_)}
    return found | {name: list(enumerate(part, start=1)) for name, part in losses.items()}


def _rounds(blend: Blend, part: Examples) -> list[tuple[int, float]]:
    """Each slice of the rounds adds its margin to those before it: one prediction in all."""
    booster: Any = blend.trees_.get_booster()
    rounds = booster.num_boosted_rounds()
    table = table_of(blend.numbered(part.given))
    ends = np.unique(np.linspace(0, rounds, min(rounds, MOST_POINTS) + 1).round().astype(int))
    margin, course = None, []
    for begin, end in zip(ends[:-1].tolist(), ends[1:].tolist(), strict=True):
        margin = booster.inplace_predict(
            table, iteration_range=(begin, end), predict_type="margin", base_margin=margin
        )
        loss = np.logaddexp(0, margin.astype(np.float64)) - part.y * margin
        course.append((end, float(loss.mean())))
    return course
