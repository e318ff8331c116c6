"""What every model of the chance of rain has in common, whatever stands at its core."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import expit, logit
from sklearn.base import BaseEstimator, ClassifierMixin

from raincast.features.names import STATION
from raincast.features.surroundings import Rows
from raincast.observations.network import Network

Array = npt.NDArray[np.float32]

_EDGE = 1e-6


def columns(rain: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """(n, 2) probabilities of no rain and rain, from (n,) of rain."""
    return np.stack([1 - rain, rain], axis=1)


class RainClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """What stands at the end of a pipeline: whoever gives chances gives classes too.

    Attributes:
        slope_, offset_: by which its log-odds are stretched and moved; see `calibration`.
    """

    slope_: float = 1.0
    offset_: float = 0.0

    def predict_proba(self, X: Rows | Array) -> npt.NDArray[np.float64]:
        """(n, 2) probabilities of no rain and rain."""
        raise NotImplementedError

    def predict(self, X: Rows | Array) -> npt.NDArray[np.intp]:
        """(n,) 1 where rain is likelier than not; the decision threshold lies outside the
        pipeline.
        """
        return (self.predict_proba(X)[:, 1] >= 0.5).astype(np.intp)


def numbers_of(station: npt.NDArray[Any], stations: Network) -> dict[str, int]:
    """The numbers of the stations that are among (n,) positions; NaN is none."""
    known = {int(number) for number in np.unique(station[np.isfinite(station)])}
    return {name: i for i, name in enumerate(stations.locations) if i in known}


def numbered(X: Rows | Array, numbers: Mapping[str, int]) -> Rows | Array:
    """Rows with the numbers by which a model knows their stations; NaN for a station that it has
    never seen, and where there was none. Features alone have its numbers already.
    """
    if not isinstance(X, Rows) or not len(X):
        return X
    locations = X.field.flat[0].network.locations
    own = np.array([numbers.get(name, np.nan) for name in locations], dtype=np.float32)[X.station]
    given = X.table[..., STATION]
    if np.array_equal(own, given, equal_nan=True):
        return X
    table = X.table.copy()
    table[..., STATION] = np.where(np.isnan(given), given, own)
    return replace(X, table=table)


def table_of(X: Rows | Array) -> Array:
    """The features of rows, as they lie in memory for the trees."""
    return np.ascontiguousarray(X.table if isinstance(X, Rows) else X, dtype=np.float32)


def recalibrated(
    p: npt.NDArray[np.float64], slope: float, offset: float
) -> npt.NDArray[np.float64]:
    """Chances whose log-odds are stretched and moved."""
    return np.asarray(expit(slope * logit(np.clip(p, _EDGE, 1 - _EDGE)) + offset))
