"""What needs no model, on the rows of forecasts: rain tomorrow as today, and as often as usual."""

import numpy as np
import numpy.typing as npt

from raincast.observations.rain import Readings
from raincast.verification import scoring
from raincast.verification.compact import Rows
from raincast.verification.records import OpponentScores, ScoresOverDays
from raincast.verification.sums import Forecasts

Floats = npt.NDArray[np.float64]
DRY, WET, UNKNOWN = range(3)
"""What the feature date was."""


def persistence(rows: Rows, observed: Readings) -> tuple[Floats, npt.NDArray[np.int8]]:
    """(n,) how often rain followed a day like the feature date, 0 to 1, and the warning: 1 after a
    wet day, else 0.

    Only target dates before the first of the rows count, so that it knows no more than the
    forecasts did; NaN where there are none.
    """
    truth = observed.truth()
    target = rows.target.astype(np.int64) - np.datetime64(observed.first, "D").astype(np.int64)
    state = _state(truth)
    after = _after(state, truth, int(target.min(initial=len(truth))) - 1)
    mine = np.full(len(target), UNKNOWN)
    known = target >= 1
    mine[known] = state[target[known] - 1, rows.location[known]]
    return after[mine], (mine == WET).astype(np.int8)


def _state(truth: npt.NDArray[np.float64]) -> npt.NDArray[np.intp]:
    """(days, stations) of each day; whether it was wet is the truth of the day before."""
    found = np.full(truth.shape, UNKNOWN, np.intp)
    found[1:] = np.nan_to_num(truth[:-1], nan=UNKNOWN)
    return found


def _after(state: npt.NDArray[np.intp], truth: npt.NDArray[np.float64], end: int) -> Floats:
    """(3,) how often rain followed each state, of the feature dates before `end`."""
    told = ~np.isnan(truth[: max(0, end)])
    before, y = state[: len(told)][told], truth[: len(told)][told]
    count, wet = np.bincount(before, minlength=3), np.bincount(before, weights=y, minlength=3)
    usual = y.mean() if len(y) else np.nan
    return np.asarray(np.divide(wet, count, out=np.full(3, usual), where=count > 0))


def scores(
    ours: Forecasts, p: Floats, predicted: npt.NDArray[np.int8] | None, beaten_by: ScoresOverDays
) -> OpponentScores:
    """What an opponent's forecasts of the same rows are worth, and what ours are against them.

    Args:
        p: (n,) its chances of rain, 0 to 1; NaN where it has none.
        predicted: (n,) its warnings, 1 or 0; None where it gives none.
        beaten_by: our scores, with the opponent's chances as the reference.
    """
    warned = np.full(len(p), np.nan) if predicted is None else predicted
    return OpponentScores(
        **dict(scoring.summary(ours.y, p, warned, ours.reference)),
        skill=beaten_by.brier_skill,
        skill_interval=beaten_by.intervals.brier_skill,
    )
