"""Forecasts that the model has to beat, on the same rows: persistence, climatology and a logistic
regression.
"""

from collections.abc import Callable
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

_WET = NAMES.index("Wet")
LOGISTIC_ROWS = 60_000
"""Rows, drawn by seed, that the logistic regression is fitted to; more do not change its scores."""

PERSISTENCE_THRESHOLD = 0.3
"""Between how often rain follows a dry day (about 0.15) and a wet one (about 0.46): says rain after
a wet day.
"""

Chances = npt.NDArray[np.float64]


class Baseline(NamedTuple):
    """A fitted baseline: its chance of rain per row, (n,) from examples."""

    name: str
    chances: Callable[[Examples], Chances]


def persistence(fitted_on: Examples) -> Baseline:
    """Rain tomorrow as today: how often a wet, dry or unknown day was followed by rain."""

    def state(rows: Examples) -> npt.NDArray[np.intp]:
        return np.nan_to_num(rows.X[:, _WET], nan=2).astype(np.intp)

    count = np.bincount(state(fitted_on), minlength=3)
    wet = np.bincount(state(fitted_on), weights=fitted_on.y, minlength=3)
    after = np.divide(wet, count, out=np.full(3, fitted_on.y.mean()), where=count > 0)
    return Baseline("persistence", lambda rows: after[state(rows)])


def frequency(fitted_on: Examples) -> Baseline:
    """The wet frequency of the station and month."""
    table = climatology.fit(fitted_on.y, fitted_on.day, fitted_on.station)
    return Baseline("climatology", lambda rows: climatology.chance(table, rows.day, rows.station))


def logistic(fitted_on: Examples, seed: int = 0) -> Baseline:
    """Logistic regression on the same features, gaps at the mean with flags."""
    rng = np.random.default_rng(seed)
    rows = rng.permutation(len(fitted_on))[:LOGISTIC_ROWS]
    regression: Any = make_pipeline(
        SimpleImputer(add_indicator=True, keep_empty_features=True),
        StandardScaler(),
        LogisticRegression(C=0.02, max_iter=300),
    ).fit(fitted_on.X[rows], fitted_on.y[rows])
    return Baseline("logistic_regression", lambda rows: regression.predict_proba(rows.X)[:, 1])
