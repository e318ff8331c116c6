"""The model: trees and networks over the day's stations, averaged in log-odds, and what serves."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from imblearn.pipeline import Pipeline
from scipy.special import expit
from xgboost import XGBClassifier

from raincast.features.names import STATION
from raincast.features.surroundings import Rows
from raincast.learning import amounts, classifier, trees
from raincast.learning.amounts import Amounts
from raincast.learning.attention.network import Network, mean_log_odds
from raincast.learning.classifier import Array, RainClassifier, columns
from raincast.learning.margins import margins
from raincast.learning.metadata import ModelMetadata, Origin
from raincast.learning.perceptron import Perceptron
from raincast.observations.network import Network as Stations
from raincast.observations.network import in_force, shipped

DEFAULT_PARAMS: dict[str, Any] = {
    "n_estimators": 300,
    "learning_rate": 0.08,
    "max_depth": 7,
    "min_child_weight": 20.0,
    "subsample": 0.7,
    "colsample_bytree": 0.3,
    "reg_lambda": 5.0,
    "gamma": 0.0,
    "perceptrons": 0,
    "epochs": 8,
    "networks": 3,
    "network_epochs": 24,
    "resampling": "none",
    "model": "",
}
"""What a model is made from: XGBoost's own names, how many perceptrons for how many epochs, how
many networks over the day's stations for how many epochs, the resampling, and as `module:function`
what makes another estimator (`estimators`); without one it is the blend.

`fit_rows`, which is not set here, bounds the rows that it is fitted to (see `fitting.fit`).
"""

QUICK_PARAMS: dict[str, Any] = DEFAULT_PARAMS | {
    "n_estimators": 120,
    "learning_rate": 0.15,
    "epochs": 3,
    "perceptrons": 1,
    "networks": 0,
}
"""Far fewer trees and one perceptron, for a demonstration in minutes; weaker."""

NETWORK_SHARE = 0.75
"""Weight of the networks' mean log-odds beside the trees'. Logistic stacking on 2015, after fits to
2008-2014, gave 0.75 to 0.85 in every regime; weights by regime gained nothing more.
"""


class Blend(RainClassifier):
    """Boosted trees and networks over the day's stations, averaged in log-odds.

    The weighted average of log-odds is the logarithmic opinion pool (Genest and Zidek 1986).
    Perceptrons, which former models have, share the trees' weight. Rows that come as features
    alone, without the stations around them, are forecast without the networks.
    """

    def __init__(
        self,
        trees: Mapping[str, Any],
        perceptrons: int = 0,
        epochs: int = 8,
        seed: int = 0,
        networks: int = 0,
        network_epochs: int = 24,
    ):
        self.trees, self.perceptrons, self.epochs, self.seed = trees, perceptrons, epochs, seed
        self.networks, self.network_epochs = networks, network_epochs

    def fit(self, X: Array, y: npt.NDArray[Any], stations: Stations | None = None) -> Self:
        """From (n, K) float32 features with NaN gaps and (n,) labels 0 or 1: trees and perceptrons.
        The networks, which learn from whole days, come to them later (`attend`).

        Args:
            stations: whose numbers are among the features; the network in force if none is given.
        """
        self.numbers_ = classifier.numbers_of(X[:, STATION], stations or in_force())
        self._take(trees.in_memory(self.trees, self.seed, X, y))
        self.nets_ = [
            Perceptron(epochs=self.epochs, seed=self.seed + i).fit(X, y)
            for i in range(self.perceptrons)
        ]
        return self

    def fit_on_disk(
        self,
        blocks: Callable[[], Iterator[trees.Page]],
        numbers: Mapping[str, int],
        folder: str,
    ) -> Self:
        """As `fit`, from the same rows in blocks, without perceptrons, which look at all rows at
        once; see `trees.on_disk`.

        Args:
            numbers: of the stations that are among the features, by name.
        """
        self.numbers_ = dict(numbers)
        self._take(trees.on_disk(self.trees, self.seed, blocks, folder))
        self.nets_ = []
        return self

    def _take(self, made: XGBClassifier) -> None:
        self.classes_ = np.array([0, 1])
        self.trees_ = made
        self.networks_: list[Network] = []

    def attend(self, networks: Sequence[Network]) -> None:
        """Takes up networks that were fitted to the same days."""
        self.networks_ = list(networks)

    def numbered(self, X: Rows | Array) -> Rows | Array:
        """See `classifier.numbered`; former models have the numbers of the shipped stations."""
        return classifier.numbered(X, getattr(self, "numbers_", shipped().index))

    def networks_of(self, X: Rows | Array) -> list[Network]:
        """The networks that have a say on such rows; former models have none."""
        return getattr(self, "networks_", []) if isinstance(X, Rows) else []

    def log_odds(self, X: Rows | Array) -> npt.NDArray[np.float64]:
        """(n,) log-odds of rain from (n, K) features, or from rows with what is around them."""
        return self.slope_ * self.uncalibrated(X) + self.offset_

    def uncalibrated(self, X: Rows | Array) -> npt.NDArray[np.float64]:
        """(n,) the same log-odds before they are stretched and moved."""
        networks, X = self.networks_of(X), self.numbered(X)
        rest = self._table_log_odds(classifier.table_of(X))
        if not networks or not isinstance(X, Rows):
            return rest
        heard = mean_log_odds(networks, X)
        return np.asarray(NETWORK_SHARE * heard + (1 - NETWORK_SHARE) * rest)

    def _table_log_odds(self, X: Array) -> npt.NDArray[np.float64]:
        trees = margins(self.trees_.get_booster(), X)
        if not self.nets_:
            return trees
        return np.asarray((trees + np.mean([net.log_odds(X) for net in self.nets_], axis=0)) / 2)

    def predict_proba(self, X: Rows | Array) -> npt.NDArray[np.float64]:
        """(n, 2) probabilities of no rain and rain."""
        return columns(expit(self.log_odds(X)))


class Recalibrated(RainClassifier):
    """A fitted pipeline whose log-odds are stretched by `slope` and moved by `offset`."""

    def __init__(self, pipeline: Any, slope: float, offset: float):
        self.pipeline, self.slope, self.offset = pipeline, slope, offset
        self.classes_ = np.array([0, 1])

    def predict_proba(self, X: Rows | Array) -> npt.NDArray[np.float64]:
        """(n, 2) probabilities of no rain and rain."""
        rain = self.pipeline.predict_proba(X)[:, 1]
        return columns(classifier.recalibrated(rain, self.slope, self.offset))


@dataclass(frozen=True)
class Forecaster:
    """What serves: a fitted pipeline, its decision thresholds, and which version it is."""

    pipeline: Pipeline
    threshold: float
    version: str
    metadata: ModelMetadata

    @classmethod
    def unkept(
        cls, pipeline: Pipeline, origin: Origin, thresholds: Mapping[str, float], version: str
    ) -> Self:
        """A model that no registry keeps, under a name of its own."""
        metadata = ModelMetadata(
            **origin.given(),
            thresholds=dict(thresholds),
            threshold=thresholds["3pm"],
            version=version,
            sha256="",
        )
        return cls(pipeline, metadata.threshold, version, metadata)

    def probabilities(self, X: Rows | Array) -> npt.NDArray[np.float64]:
        """(n,) chance of rain, 0 to 1, from rows with what is around them, or from (n, K) features
        in the order of `block.NAMES` alone.
        """
        return np.asarray(self.pipeline.predict_proba(X)[:, 1], dtype=np.float64)

    @cached_property
    def amounts(self) -> Amounts | None:
        """How the chances of amounts follow from the event's; None of a former model."""
        return amounts.of(self.metadata)

    def threshold_of(self, regime: str) -> float:
        """From which chance on this regime's forecast says rain."""
        return (self.metadata.thresholds or {}).get(regime, self.threshold)
