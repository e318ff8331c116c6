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
            BadInput: the estimator's are not (n, 2) chances from 0 to 1.
        """
        table = table_of(numbered(X, self.numbers_))
        found = np.asarray(self.estimator.predict_proba(table), dtype=np.float64)
        if found.shape != (len(table), 2) or not ((found >= 0) & (found <= 1)).all():
            raise BadInput(
                f"{type(self.estimator).__name__}: predict_proba gave an array of shape"
                f" {found.shape}, expected {(len(table), 2)} chances from 0 to 1"
            )
        if (self.slope_, self.offset_) == (1.0, 0.0):
            return found
        return columns(recalibrated(found[:, 1], self.slope_, self.offset_))
