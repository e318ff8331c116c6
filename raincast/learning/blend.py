"""The model: an imbalanced-learn pipeline around XGBoost and small perceptrons, averaged in
log-odds.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from imblearn.pipeline import Pipeline
from imblearn.under_sampling import RandomUnderSampler
from scipy.special import expit, logit
from sklearn.base import BaseEstimator, ClassifierMixin
from tqdm import tqdm
from xgboost import XGBClassifier
from xgboost.callback import TrainingCallback

from raincast.errors import BadInput
from raincast.learning.perceptron import Perceptron

Array = npt.NDArray[np.float32]

DEFAULT_PARAMS: dict[str, Any] = {
    "n_estimators": 600,
    "learning_rate": 0.05,
    "max_depth": 7,
    "min_child_weight": 20.0,
    "subsample": 0.7,
    "colsample_bytree": 0.3,
    "reg_lambda": 5.0,
    "gamma": 0.0,
    "perceptrons": 3,
    "epochs": 8,
    "resampling": "none",
}
"""What a model is made from: XGBoost's own names, how many perceptrons for how many epochs, and the
resampling.

`fit_rows`, which is not set here, bounds the rows that it is fitted to (see `fitting.fit`).
"""

QUICK_PARAMS: dict[str, Any] = DEFAULT_PARAMS | {
    "n_estimators": 120,
    "learning_rate": 0.15,
    "epochs": 3,
    "perceptrons": 1,
}
"""Far fewer trees, for a demonstration in minutes; weaker."""

RESAMPLING = ("none", "under")
_BESIDE_TREES = ("perceptrons", "epochs", "resampling", "fit_rows")
_EDGE = 1e-6


class _Bar(TrainingCallback):
    def __init__(self, rounds: int):
        self.bar = tqdm(total=rounds, desc="trees", unit="tree", leave=False, disable=None)

    def after_iteration(self, *_: Any) -> bool:
        self.bar.update()
        return False

    def after_training(self, model: Any) -> Any:
        self.bar.close()
        return model


class Blend(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Boosted trees and perceptrons, averaged in log-odds: half the weight to the trees, half to
    the perceptrons.

    Members are anything with `fit`; the average of log-odds is the logarithmic opinion pool (Genest
    and Zidek 1986).
    """

    def __init__(
        self, trees: Mapping[str, Any], perceptrons: int = 3, epochs: int = 8, seed: int = 0
    ):
        self.trees, self.perceptrons, self.epochs, self.seed = trees, perceptrons, epochs, seed

    def fit(self, X: Array, y: npt.NDArray[Any]) -> Self:
        """From (n, K) float32 features with NaN gaps and (n,) labels 0 or 1."""
        self.classes_ = np.array([0, 1])
        bar = _Bar(self.trees["n_estimators"])
        self.trees_ = XGBClassifier(
            **self.trees, tree_method="hist", max_bin=128, random_state=self.seed, callbacks=[bar]
        ).fit(X, y)
        # One thread is quickest for the few rows of a request, and quick enough for a hindcast of
        # years.
        self.trees_.set_params(callbacks=None, n_jobs=1).get_booster().set_param({"nthread": 1})
        self.nets_ = [
            Perceptron(epochs=self.epochs, seed=self.seed + i).fit(X, y)
            for i in range(self.perceptrons)
        ]
        return self

    def log_odds(self, X: Array) -> npt.NDArray[np.float64]:
        """(n,) log-odds of rain from (n, K) features."""
        trees = np.asarray(
            self.trees_.get_booster().inplace_predict(X, predict_type="margin"), dtype=np.float64
        )
        if not self.nets_:
            return trees
        return np.asarray((trees + np.mean([net.log_odds(X) for net in self.nets_], axis=0)) / 2)

    def predict_proba(self, X: Array) -> npt.NDArray[np.float64]:
        """(n, 2) probabilities of no rain and rain."""
        rain = expit(self.log_odds(np.ascontiguousarray(X, dtype=np.float32)))
        return np.stack([1 - rain, rain], axis=1)

    def predict(self, X: Array) -> npt.NDArray[np.intp]:
        """(n,) 1 where rain is likelier than not; the decision
        threshold lies outside the pipeline.
        """
        return (self.predict_proba(X)[:, 1] >= 0.5).astype(np.intp)


def recalibrated(
    p: npt.NDArray[np.float64], slope: float, offset: float
) -> npt.NDArray[np.float64]:
    """Chances whose log-odds are stretched and moved."""
    return np.asarray(expit(slope * logit(np.clip(p, _EDGE, 1 - _EDGE)) + offset))


class Recalibrated(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """A fitted pipeline whose log-odds are stretched by `slope` and moved by `offset`."""

    def __init__(self, pipeline: Any, slope: float, offset: float):
        self.pipeline, self.slope, self.offset = pipeline, slope, offset
        self.classes_ = np.array([0, 1])

    def predict_proba(self, X: Array) -> npt.NDArray[np.float64]:
        """(n, 2) probabilities of no rain and rain."""
        rain = recalibrated(self.pipeline.predict_proba(X)[:, 1], self.slope, self.offset)
        return np.stack([1 - rain, rain], axis=1)

    def predict(self, X: Array) -> npt.NDArray[np.intp]:
        """(n,) 1 where rain is likelier than not."""
        return (self.predict_proba(X)[:, 1] >= 0.5).astype(np.intp)


@dataclass(frozen=True)
class Forecaster:
    """What serves: a fitted pipeline, its decision thresholds, and which version it is."""

    pipeline: Pipeline
    threshold: float
    version: str
    metadata: Mapping[str, Any]

    def probabilities(self, X: Array) -> npt.NDArray[np.float64]:
        """(n,) chance of rain, 0 to 1, from (n, K) features in the order of `features.NAMES`."""
        return np.asarray(self.pipeline.predict_proba(X)[:, 1], dtype=np.float64)

    def threshold_of(self, regime: str) -> float:
        """From which chance on this regime's forecast says rain."""
        return float(self.metadata.get("thresholds", {}).get(regime, self.threshold))


def pipeline(params: Mapping[str, Any], seed: int = 0) -> Pipeline:
    """An unfitted pipeline from `DEFAULT_PARAMS`' names.

    Raises:
        BadInput: the resampling is not one of `RESAMPLING`.
    """
    if params["resampling"] not in RESAMPLING:
        raise BadInput(
            f"resampling: found {params['resampling']!r}, expected one of {', '.join(RESAMPLING)}"
        )
    sampler = (
        RandomUnderSampler(random_state=seed) if params["resampling"] == "under" else "passthrough"
    )
    trees = {name: value for name, value in params.items() if name not in _BESIDE_TREES}
    blend = Blend(trees, params["perceptrons"], params["epochs"], seed)
    return Pipeline([("resampling", sampler), ("blend", blend)])


def train(X: Array, y: npt.NDArray[Any], params: Mapping[str, Any], seed: int = 0) -> Pipeline:
    """A pipeline fitted to (n, K) features and (n,) labels; `params`
    fill up from `DEFAULT_PARAMS`.
    """
    return pipeline(DEFAULT_PARAMS | dict(params), seed).fit(X, y)


def threshold_for_recall(y: npt.NDArray[Any], p: npt.NDArray[Any], recall: float) -> float:
    """The highest threshold at which at least that share of wet days is forecast, saying rain where
    p ≥ threshold.

    Raises:
        BadInput: there is no wet day among `y`.
    """
    wet = np.sort(p[y == 1])[::-1]
    if not len(wet):
        raise BadInput("a decision threshold needs wet days to reach a recall on: found none")
    return float(wet[min(int(np.ceil(recall * len(wet))), len(wet)) - 1])


def precision_at_recall(y: npt.NDArray[Any], p: npt.NDArray[Any], recall: float) -> float:
    """Share of warnings that were right, 0 to 1, at the highest threshold that reaches the recall.

    Raises:
        BadInput: there is no wet day among `y`.
    """
    return float(y[p >= threshold_for_recall(y, p, recall)].mean())
