"""The cheaper remedies of a forecast that has become poor, each tried on the journal before it is
applied.

The older part of the recent rows chooses a remedy, the newer part tries it; days are never split.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from raincast.learning import calibration, classifier
from raincast.learning.thresholds import threshold_for_recall
from raincast.verification.watch.records import RECALIBRATION, THRESHOLD

CHOOSING_SHARE = 2 / 3
"""Share of the days, the older ones, that choose a remedy."""

FEWEST_WET = 25
"""Wet rows below which neither part says anything."""

Floats = npt.NDArray[np.float64]
Thresholds = dict[str, float]


class Verified(NamedTuple):
    """Forecasts with truth, (n,) each: what happened, the chance that was given, regime, and target
    date.
    """

    y: Floats
    p: Floats
    regime: npt.NDArray[Any]
    day: npt.NDArray[np.datetime64]

    def at(self, mask: npt.NDArray[np.bool_]) -> "Verified":
        return Verified(self.y[mask], self.p[mask], self.regime[mask], self.day[mask])


class Remedy(NamedTuple):
    """What would be changed, and how both did on the newer rows.

    Attributes:
        name: `threshold` or `recalibration`.
        thresholds: by regime.
        slope, offset: of the log-odds; 1 and 0 leave them.
        before, after: recall, f1 and brier on the newer rows.
        helps: whether it is worth applying.
    """

    name: str
    thresholds: Thresholds
    slope: float
    offset: float
    before: dict[str, float]
    after: dict[str, float]
    helps: bool


def parts(verified: Verified) -> tuple[Verified, Verified] | None:
    """The older rows that choose and the newer ones that try; None where either has too few wet
    rows.
    """
    days = np.unique(verified.day)
    if len(days) < 2:
        return None
    older = verified.day < days[int(len(days) * CHOOSING_SHARE)]
    choosing, trying = verified.at(older), verified.at(~older)
    return (choosing, trying) if min(choosing.y.sum(), trying.y.sum()) >= FEWEST_WET else None


def _chosen(
    verified: Verified, p: Floats, present: Mapping[str, float], recall: float
) -> Thresholds:
    """By regime the threshold that reaches the recall; the present one where there are too few wet
    rows.
    """
    found = dict(present)
    for regime in np.unique(verified.regime):
        here = verified.regime == regime
        if verified.y[here].sum() >= FEWEST_WET:
            found[str(regime)] = threshold_for_recall(verified.y[here], p[here], recall)
    return found


def _figures(verified: Verified, p: Floats, thresholds: Mapping[str, float]) -> dict[str, float]:
    warned = p >= np.array([thresholds[str(regime)] for regime in verified.regime])
    hits, wet = float(verified.y[warned].sum()), float(verified.y.sum())
    f1 = 2 * hits / (warned.sum() + wet)
    return {"recall": hits / wet, "f1": float(f1), "brier": float(np.mean((p - verified.y) ** 2))}


def threshold(
    verified: Verified, present: Mapping[str, float], recall: float, limit: float
) -> Remedy | None:
    """The thresholds chosen anew; helps where they are others, and the newer rows' recall comes to
    the limit at no lower f1.

    Args:
        present: thresholds by regime.
        recall: that the thresholds reach on the older rows.
        limit: the recall below which the forecast is poor.
    """
    found = parts(verified)
    if not found:
        return None
    choosing, trying = found
    chosen = _chosen(choosing, choosing.p, present, recall)
    before, after = _figures(trying, trying.p, present), _figures(trying, trying.p, chosen)
    return Remedy(
        THRESHOLD,
        chosen,
        1.0,
        0.0,
        before,
        after,
        chosen != dict(present) and after["recall"] >= limit and after["f1"] >= before["f1"],
    )


def recalibration(
    verified: Verified, present: Mapping[str, float], recall: float, limit: float
) -> Remedy | None:
    """Log-odds stretched and moved by a logistic regression (Platt 1999), thresholds chosen anew on
    them.

    Helps where the newer rows' Brier score falls and their recall comes to the limit.
    """
    found = parts(verified)
    if not found:
        return None
    choosing, trying = found
    found_by = calibration.fitted(choosing.y, choosing.p)
    slope, offset = found_by.slope, found_by.offset
    chosen = _chosen(choosing, classifier.recalibrated(choosing.p, slope, offset), present, recall)
    before = _figures(trying, trying.p, present)
    after = _figures(trying, classifier.recalibrated(trying.p, slope, offset), chosen)
    helps = slope > 0 and after["brier"] < before["brier"] and after["recall"] >= limit
    return Remedy(RECALIBRATION, chosen, slope, offset, before, after, helps)


_TRIALS = {THRESHOLD: threshold, RECALIBRATION: recalibration}


def first_that_helps(
    verified: Verified,
    steps: Sequence[str],
    present: Mapping[str, float],
    recall: float,
    limit: float,
) -> Remedy | None:
    """The first of the steps that helps, each tried as `threshold` and `recalibration` do; None
    where none does. A retraining is no trial on the journal and is passed over.
    """
    for name in steps:
        found = name in _TRIALS and _TRIALS[name](verified, present, recall, limit)
        if found and found.helps:
            return found
    return None
