"""Anybody's estimator in the place of the blend: scikit-learn's `fit` and `predict_proba` over the
features in the order of `block.NAMES`.
"""

from collections.abc import Mapping
from importlib import import_module
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from imblearn.pipeline import Pipeline

from raincast.errors import BadInput
from raincast.features.names import STATION
from raincast.features.surroundings import Rows
from raincast.learning import pipelines
from raincast.learning.blend import DEFAULT_PARAMS
from raincast.learning.classifier import (
    Array,
    RainClassifier,
    columns,
    numbered,
    numbers_of,
    recalibrated,
    table_of,
)
from raincast.learning.training_rows import Drawn
from raincast.observations.network import Network, in_force


def made(name: str, params: Mapping[str, Any], seed: int) -> Any:
    """The estimator that a function makes.

    Args:
        name: `module:function`; the function takes the training's parameters and a seed.

    Raises:
        BadInput: there is no such module or function, or what it makes is no classifier.
    """
    module, _, function = name.partition(":")
    try:
        make = getattr(import_module(module), function)
    except (ImportError, AttributeError, ValueError) as error:
        raise BadInput(
            f"model: found {name!r}, which cannot be had ({error}); expected module:function, of a"
            " module in PROJECT_ROOT or an installed one"
        ) from error
    found = make(dict(params), seed)
    if not (hasattr(found, "fit") and hasattr(found, "predict_proba")):
        raise BadInput(
            f"model {name}: found {type(found).__name__}, expected an estimator with `fit` and"
            " `predict_proba`"
        )
    return found


def train(
    X: Array,
    y: npt.NDArray[Any],
    params: Mapping[str, Any],
    seed: int = 0,
    stations: Network | None = None,
) -> Pipeline:
    """As `pipelines.train`; where `params` name a `model`, that estimator fitted to the features.

    Raises:
        BadInput: that estimator cannot be had.
    """
    if name := params.get("model"):
        own = OwnModel(made(name, DEFAULT_PARAMS | dict(params), seed))
        return Pipeline([("model", own)]).fit(X, y, model__stations=stations)
    return pipelines.train(X, y, params, seed, stations)


def takes_blocks(params: Mapping[str, Any]) -> bool:
    """Whether a model of these parameters can be fitted to rows that are never all in memory; an
    estimator of one's own, perceptrons and resampling cannot.
    """
    return not params["model"] and not params["perceptrons"] and params["resampling"] == "none"


def train_on_disk(
    rows: Drawn, params: Mapping[str, Any], seed: int, stations: Network, folder: str
) -> Pipeline:
    """As `pipelines.train`, of rows whose features are worked out by blocks (`trees.on_disk`)."""
    made = pipelines.pipeline(DEFAULT_PARAMS | dict(params), seed)
    made[-1].fit_on_disk(rows.blocks, numbers_of(rows.numbered(), stations), folder)
    return made


_MOST_ASTRAY = 1e-3
"""How far from 1 the two chances of a row may add up: float32 and rounding to three digits do no
harm.
"""


class OwnModel(RainClassifier):
    """An estimator over features alone, behind the pipeline's interface."""

    def __init__(self, estimator: Any):
        self.estimator = estimator

    def fit(self, X: Array, y: npt.NDArray[Any], stations: Network | None = None) -> Self:
        """As `blend.Blend.fit`."""
        self.classes_ = np.array([0, 1])
        self.numbers_ = numbers_of(X[:, STATION], stations or in_force())
        self.estimator.fit(X, y)
        return self

    def predict_proba(self, X: Rows | Array) -> npt.NDArray[np.float64]:
        """(n, 2) probabilities of no rain and rain.

        Raises:
            BadInput: the estimator's are not (n, 2) chances from 0 to 1, of which the two of a row
                add up to 1.
        """
        table = table_of(numbered(X, self.numbers_))
        found = np.asarray(self.estimator.predict_proba(table), dtype=np.float64)
        fault = _fault(found, len(table))
        if fault:
            raise BadInput(f"{type(self.estimator).__name__}: predict_proba gave {fault}")
        if (self.slope_, self.offset_) == (1.0, 0.0):
            return found
        return columns(recalibrated(found[:, 1], self.slope_, self.offset_))


def _fault(chances: npt.NDArray[np.float64], rows: int) -> str:
    """What is wrong with the chances of two classes, and what they should be; empty if nothing."""
    if chances.shape != (rows, 2):
        return f"an array of shape {chances.shape}, expected {(rows, 2)}: dry and wet of each row"
    odd = chances[~((chances >= 0) & (chances <= 1))]
    if len(odd):
        return f"{odd[0]:g}, expected chances from 0 to 1"
    sums = chances.sum(axis=1)
    off = sums[np.abs(sums - 1) > _MOST_ASTRAY]
    return f"two chances of a row that add up to {off[0]:g}, expected 1" if len(off) else ""
