"""The quality to expect of forecasts from their chances alone, before the truth comes. Pure.

If the chances are right, each figure has an expectation that needs no truth (confidence-based
performance estimation). The truth of a day's stations comes together, so a sum over them varies
more than independent rows would; by how much is taken from the days with truth.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from raincast.verification.watch.quality import FEWEST_ROWS, Rows
from raincast.verification.watch.records import ExpectedFigure, ExpectedQuality

Floats = npt.NDArray[np.float64]

NORMAL_95 = 1.96
FEWEST_DAYS = 20
"""Days with truth below which the usual spread stands in."""
USUAL_SPREAD = 3.3
"""Variance of a day's sum over that of independent rows: 1.8² on the tuning year of the simulated
climate.
"""


def spread(rows: Rows) -> float:
    """Variance of what came less the chances, by day, over that of independent rows; at least 1."""
    told = rows.at(np.isfinite(rows.y))
    days, day = np.unique(told.day, return_inverse=True)
    if len(days) < FEWEST_DAYS:
        return USUAL_SPREAD
    apart = np.bincount(day, weights=told.y - told.p)
    alone = np.bincount(day, weights=told.p * (1 - told.p))
    enough = (np.bincount(day) >= FEWEST_ROWS) & (alone > 0)
    return max(1.0, float(np.mean(apart[enough] ** 2 / alone[enough]))) if enough.any() else 1.0


def quality(rows: Rows, wider: float) -> ExpectedQuality:
    """What the chances expect of these forecasts, and what came of those with truth.

    Args:
        wider: `spread`.
    """
    told = rows.at(np.isfinite(rows.y))
    p, w, variance = rows.p, rows.warned.astype(float), rows.p * (1 - rows.p) * wider
    recall, precision = _ratio(p @ w, p.sum()), _ratio(p @ w, w.sum())
    brier = _ratio((p * (1 - p)).sum(), len(p))
    hits, wet = told.y @ told.warned, told.y.sum()
    return ExpectedQuality(
        n=len(p),
        days=len(np.unique(rows.day)),
        with_truth=len(told.p),
        recall=_figure(recall, variance @ (w - (recall or 0)) ** 2, p.sum(), _ratio(hits, wet)),
        precision=_figure(precision, variance @ w, w.sum(), _ratio(hits, told.warned.sum())),
        brier=_figure(
            brier,
            variance @ (1 - 2 * p) ** 2,
            len(p),
            _ratio(((told.p - told.y) ** 2).sum(), len(told.p)),
        ),
    )


def _ratio(top: Any, bottom: Any) -> float | None:
    return float(top / bottom) if bottom else None


def _figure(
    expected: float | None, variance: Any, scale: Any, came: float | None
) -> ExpectedFigure:
    """With the interval by the delta method: the figure is a sum over what happens, divided by the
    scale.
    """
    if expected is None:
        return ExpectedFigure(expected=None, interval=None, came=came)
    half = NORMAL_95 * float(np.sqrt(variance)) / float(scale)
    ends = (max(0.0, expected - half), min(1.0, expected + half))
    return ExpectedFigure(expected=expected, interval=ends, came=came)
