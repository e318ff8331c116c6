"""Forecasts that the model has to beat, on the same rows: persistence, climatology and a logistic
regression.

A fitted baseline is arrays, so that it can be kept beside a model and need not be fitted again.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from raincast.features.block import NAMES
from raincast.learning import climatology
from raincast.learning.examples import Examples
from raincast.observations.network import in_force

_RAINFALL = NAMES.index("Rainfall")
LOGISTIC_ROWS = 60_000
"""Rows, drawn by seed, that the logistic regression is fitted to; more do not change its scores."""

PERSISTENCE_THRESHOLD = 0.3
"""Between how often rain follows a dry day (about 0.15) and a wet one (about 0.46): says rain after
a wet day.
"""

Chances = npt.NDArray[np.float64]
Arrays = Mapping[str, npt.NDArray[np.float64]]


class Baseline(NamedTuple):
    """A fitted baseline.

    Attributes:
        name: one of `KINDS`.
        arrays: what was fitted.
    """

    name: str
    arrays: Arrays

    def chances(self, rows: Examples) -> Chances:
        """(n,) its chance of rain for each row."""
        return KINDS[self.name](self.arrays, rows)


def _state(rows: Examples) -> npt.NDArray[np.intp]:
    """(n,) 0 after a dry day, 1 after a wet one, 2 where that is unknown."""
    wet = in_force().event.occurred(rows.X[:, _RAINFALL])
    return np.asarray(np.nan_to_num(wet, nan=2), dtype=np.intp)


def persistence(fitted_on: Examples) -> Baseline:
    """Rain tomorrow as today: how often a wet, dry or unknown day was followed by rain."""
    count = np.bincount(_state(fitted_on), minlength=3)
    wet = np.bincount(_state(fitted_on), weights=fitted_on.y, minlength=3)
    after = np.divide(wet, count, out=np.full(3, fitted_on.y.mean()), where=count > 0)
    return Baseline("persistence", {"after": after})


def frequency(fitted_on: Examples) -> Baseline:
    """The wet frequency of the station and month."""
    table = climatology.fit(fitted_on.y, fitted_on.day, fitted_on.station)
    return Baseline("climatology", {"table": table})


def logistic(fitted_on: Examples, seed: int = 0) -> Baseline:
    """Logistic regression on the same features, gaps at the mean with flags."""
    rng = np.random.default_rng(seed)
    rows = rng.permutation(len(fitted_on))[:LOGISTIC_ROWS]
    regression: Any = make_pipeline(
        SimpleImputer(add_indicator=True, keep_empty_features=True),
        StandardScaler(),
        LogisticRegression(C=0.02, max_iter=300),
    ).fit(fitted_on.X[rows], fitted_on.y[rows])
    imputer, scaler, linear = (step for _, step in regression.steps)
    weight = linear.coef_[0] / scaler.scale_
    return Baseline(
        "logistic_regression",
        {
            "fill": np.asarray(imputer.statistics_, dtype=np.float64),
            "flagged": np.asarray(imputer.indicator_.features_, dtype=np.float64),
            "weight": np.asarray(weight, dtype=np.float64),
            "offset": np.atleast_1d(linear.intercept_[0] - weight @ scaler.mean_),
        },
    )


def _linear(fitted: Arrays, rows: Examples) -> Chances:
    absent = np.isnan(rows.X)
    filled = np.where(absent, fitted["fill"], rows.X.astype(np.float64))
    flags = absent[:, fitted["flagged"].astype(np.intp)]
    z = np.hstack([filled, flags]) @ fitted["weight"] + fitted["offset"]
    return np.asarray(1 / (1 + np.exp(-z)))


KINDS: dict[str, Callable[[Arrays, Examples], Chances]] = {
    "persistence": lambda fitted, rows: fitted["after"][_state(rows)],
    "climatology": lambda fitted, rows: climatology.chance(fitted["table"], rows.day, rows.station),
    "logistic_regression": _linear,
}
