"""Networks beside the trees: scikit-learn perceptrons on standardised features, trained with inputs
at times withheld.
"""

import warnings
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.neural_network import MLPClassifier
from tqdm import tqdm

from raincast.features.block import NAMES, OWN, PLACE
from raincast.features.names import STATION

Array = npt.NDArray[np.float32]

_CLIP = 5.0
_OBSERVED = slice(len(PLACE), len(OWN))
_BESIDE_STATIONS = len(NAMES) + len(OWN) - len(PLACE)
"""Inputs that are no station's: the features, and the flags for the own row's gaps."""

_COLUMNS_AT_ONCE = 16


class Perceptron(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """A perceptron over features with gaps: standardised, gaps at the mean, flags for the own row's
    gaps, station one-hot: all zero for one that was never seen.

    Dropout on the inputs (Srivastava et al. 2014) and a cosine learning rate (Loshchilov and Hutter
    2017) are added to
    scikit-learn's Adam.
    """

    def __init__(
        self,
        hidden: int = 128,
        epochs: int = 8,
        dropout: float = 0.1,
        rate: float = 1e-3,
        alpha: float = 1e-4,
        batch: int = 512,
        seed: int = 0,
    ):
        self.hidden, self.epochs, self.dropout, self.rate = hidden, epochs, dropout, rate
        self.alpha, self.batch, self.seed = alpha, batch, seed

    def fit(self, X: Array, y: npt.NDArray[Any]) -> Self:
        """From (n, K) float32 features with NaN gaps and (n,) labels 0 or 1."""
        rng = np.random.default_rng(self.seed)
        self.classes_ = np.array([0, 1])
        mean, spread = _moments(X)
        self.mean_ = np.nan_to_num(mean).astype(np.float32)
        spread = np.nan_to_num(spread, nan=1)
        self.scale_ = np.where(spread > 1e-6, spread, 1).astype(np.float32)
        stations = int(np.nanmax(X[:, STATION])) + 1
        net = MLPClassifier(
            (self.hidden,),
            alpha=self.alpha,
            batch_size=self.batch,
            learning_rate_init=self.rate,
            max_iter=1,
            random_state=self.seed,
        )
        self.losses_ = []
        for epoch in tqdm(
            range(self.epochs), desc="perceptron", unit="epoch", leave=False, disable=None
        ):
            self.losses_.append(self._epoch(net, X, y, epoch, rng, stations))
        self.weights_ = [w.astype(np.float32) for w in net.coefs_]
        self.biases_ = [b.astype(np.float32) for b in net.intercepts_]
        return self

    def _epoch(
        self, net: Any, X: Array, y: npt.NDArray[Any], epoch: int, rng: np.random.Generator,
        stations: int,
    ) -> float:  # fmt: skip
        losses = []
        if epoch:
            net._optimizer.learning_rate_init = (
                self.rate * 0.5 * (1 + np.cos(np.pi * epoch / self.epochs))
            )
        for rows in np.array_split(rng.permutation(len(X)), max(1, len(X) // (40 * self.batch))):
            inputs = self._inputs(X[rows], stations)
            kept = rng.random(inputs.shape, dtype=np.float32) >= self.dropout
            net.partial_fit(
                inputs * kept / np.float32(1 - self.dropout),
                y[rows].astype(int),
                classes=self.classes_,
            )
            losses.append(net.loss_)
        return float(np.mean(losses))

    def _inputs(self, X: Array, stations: int) -> Array:
        scaled = (X - self.mean_) / self.scale_
        station = X[:, STATION, None] == np.arange(stations, dtype=np.float32)
        gaps = np.isnan(scaled[:, _OBSERVED])
        return np.concatenate(
            [np.clip(np.nan_to_num(scaled), -_CLIP, _CLIP), gaps, station], axis=1, dtype=np.float32
        )

    def log_odds(self, X: Array) -> npt.NDArray[np.float64]:
        """(n,) log-odds of rain from (n, K) features."""
        # A product of its own for each row: in one product a row's last bit would depend on its
        # place among the others.
        inputs = self._inputs(X, len(self.weights_[0]) - _BESIDE_STATIONS)
        hidden = np.maximum((inputs[:, None, :] @ self.weights_[0])[:, 0] + self.biases_[0], 0)
        return np.asarray(
            (hidden * self.weights_[1][:, 0]).sum(axis=1) + self.biases_[1], dtype=np.float64
        )


def _moments(X: Array) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """(K,) means and spreads of what is there, of some columns at a time: of all at once they would
    take four times the room of the features. NaN where nothing is there.
    """
    parts = []
    for begin in range(0, X.shape[1], _COLUMNS_AT_ONCE):
        some = np.ascontiguousarray(X[:, begin : begin + _COLUMNS_AT_ONCE])
        with warnings.catch_warnings():
            # A field that no station of the network reads has neither, and `fit` takes 0 and 1.
            warnings.filterwarnings("ignore", "Mean of empty slice|Degrees of freedom")
            mean = np.nanmean(some, axis=0, dtype=np.float64)
            parts.append((mean, np.nanstd(some, axis=0, dtype=np.float64)))
    mean, spread = (np.concatenate(found) for found in zip(*parts, strict=True))
    return mean, spread
