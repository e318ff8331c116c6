"""E-values and detectors that may be looked at every day. Pure.

An e-value is at least 0 and has an expectation of at most 1 where nothing has changed, given what
came before. A Shiryaev-Roberts detector of such e-values, and any mean of detectors, raises its
first false alarm at a level A after A days or more on average (Shin, Ramdas and Rinaldo 2023,
E-detectors, New England Journal of Statistics in Data Science, theorem 2.4).
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

STAKES = np.array([0.1, 0.3, 0.6])
"""Shares of the largest bet that cannot be ruined: spread, since the size of a change is unknown.
"""


class Detector(NamedTuple):
    """A detector's way through the days, (days, ...) each.

    Attributes:
        log_level: log of the level; false alarms of a level are at least that many days apart.
        since: position of the day from which on the evidence speaks best for a change.
    """

    log_level: Floats
    since: npt.NDArray[np.intp]


def bounded(x: Floats, low: Floats) -> Floats:
    """(days, stakes) log e-values that a mean is not above 0: `log(1 + stake x / -low)`.

    Args:
        x: (days,) each day's value; NaN bets nothing.
        low: (days,) the lowest value that the day could have had, below 0, known before it.

    Waudby-Smith and Ramdas 2024, Journal of the Royal Statistical Society B 86, 1-27. A day may sum
    values that depend on each other: only its own bound and mean count.
    """
    share = np.divide(x, -low, out=np.zeros_like(x), where=(low < 0) & np.isfinite(x))
    return np.asarray(np.log1p(STAKES * np.maximum(share, -1.0)[:, None]))


def shiryaev_roberts(log_e: Floats) -> Detector:
    """The detector of (days, ...) log e-values: R = e (1 + R of the day before), from 0.

    `since` is where the CUSUM of the same values last left zero (Page 1954, Biometrika 41).
    """
    level = np.full(log_e.shape[1:], -np.inf)
    cusum, start = np.zeros(log_e.shape[1:]), np.zeros(log_e.shape[1:], dtype=np.intp)
    levels, starts = np.empty(log_e.shape), np.empty(log_e.shape, dtype=np.intp)
    for day, gain in enumerate(log_e):
        level = gain + np.logaddexp(level, 0.0)
        start = np.where(cusum <= 0, day, start)
        cusum = np.maximum(cusum, 0) + gain
        levels[day], starts[day] = level, start
    return Detector(levels, starts)


def mean_level(log_level: Floats, weights: Floats, axis: int = -1) -> Floats:
    """Log of the weighted mean of levels along an axis; the weights sum to 1."""
    with np.errstate(divide="ignore"):
        return np.asarray(np.logaddexp.reduce(log_level + np.log(weights), axis=axis))
