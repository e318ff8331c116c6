"""How good the chances of amounts were, beside the climatology of the station and month.

| figure | formula                                                        | range   | perfect |
|--------|----------------------------------------------------------------|---------|---------|
| brier  | mean of (P(R > a) - 1{y > a})² for each amount a (Brier 1950)  | 0 to 1  | 0       |
| crps   | mean of the integral over x from 0 to 50 mm of                 | 0 to 50 | 0       |
|        | (P(R > x) - 1{y > x})², in mm                                  |         |         |
| skill  | 1 - score / score of the climatology                           | below 1 | 1       |

y is the rain of the target date in mm; a forecast without it counts nowhere. The CRPS (Matheson and
Winkler 1976, Management Science 22, 1087-1096) needs the chance of every amount, of which six are
forecast: between two of them it is taken as a straight line, below the smallest as that of the
smallest. Beyond the largest nothing is integrated, so rain above 50 mm counts as 50 mm: the
threshold-weighted CRPS (Gneiting and Ranjan 2011, Journal of Business and Economic Statistics 29,
411-422). The climatology is read in the same way.
"""

from collections.abc import Mapping
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from raincast.learning import amounts
from raincast.learning.amounts import Amounts
from raincast.learning.examples import Examples
from raincast.observations.network import in_force
from raincast.verification import bins
from raincast.verification.comparison import mean_interval
from raincast.verification.records import (
    AmountEvaluation,
    AmountsEvaluation,
    RegimeEvaluation,
    ReliabilityBin,
)

Floats = npt.NDArray[np.float64]
Chances = Mapping[float, Floats]
"""By amount in mm, smallest first, (n,) the chance of more."""

EDGES = (0.0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.6, 0.8, 1.0)
"""Of the reliability table: narrower below, where nearly all chances of much rain lie."""


def crps(mm: Floats, exceedance: Chances) -> Floats:
    """(n,) the score of each forecast, in mm; NaN without the amount (n,) that fell."""
    places = (0.0, *exceedance)
    levels = [next(iter(exceedance.values())), *exceedance.values()]
    total = np.zeros(len(mm))
    for i, (low, high) in enumerate(pairwise(places)):
        fell = np.clip(mm, low, high)
        there = levels[i] + (levels[i + 1] - levels[i]) * (fell - low) / (high - low)
        total += _squares(levels[i] - 1, there - 1, fell - low)
        total += _squares(there, levels[i + 1], high - fell)
    return total


def _squares(begin: Floats, end: Floats, length: Floats) -> Floats:
    """The integral of the square of a straight line."""
    return np.asarray(length * (begin * begin + begin * end + end * end) / 3)


def evaluate(
    known: Amounts | None, rows: Examples, p: Floats, regime: str, mm: Floats
) -> AmountsEvaluation | None:
    """The scores of a regime's forecasts of amounts; None of a model that has none, or where no
    amount is known.

    Args:
        p, mm: (n,) the event's chances, and what fell on the target dates.
    """
    there = np.isfinite(mm)
    if known is None or not there.any():
        return None
    rows, mm = rows.at(there), mm[there]
    of = amounts.forecasts(p[there], rows.day, rows.station, [regime] * len(rows))
    found, reference = known.exceedance(of), known.reference.chances(of.day, of.station)
    ours, theirs, about = crps(mm, found), crps(mm, reference), in_force().event
    return AmountsEvaluation(
        n=len(mm),
        crps=float(ours.mean()),
        crps_climatology=float(theirs.mean()),
        crps_skill=_skill(ours, theirs),
        crps_difference_interval=mean_interval(ours - theirs, rows.day),
        amounts={
            f"{a:g}": _of_one(about.of_amount(a).occurred(mm), chance, reference[a], rows.day)
            for a, chance in found.items()
        },
    )


def _skill(ours: Floats, theirs: Floats) -> float | None:
    return float(1 - ours.mean() / theirs.mean()) if theirs.mean() else None


def _of_one(
    y: Floats, p: Floats, reference: Floats, day: npt.NDArray[np.datetime64]
) -> AmountEvaluation:
    ours, theirs = (p - y) ** 2, (reference - y) ** 2
    return AmountEvaluation(
        positives=int(y.sum()),
        mean_forecast=float(p.mean()),
        observed=float(y.mean()),
        brier=float(ours.mean()),
        brier_climatology=float(theirs.mean()),
        brier_skill=_skill(ours, theirs),
        brier_difference_interval=mean_interval(ours - theirs, day),
        reliability=_reliability(y, p),
    )


def _reliability(y: Floats, p: Floats) -> list[ReliabilityBin]:
    code = np.minimum(np.searchsorted(EDGES, p, side="right") - 1, len(EDGES) - 2)
    return bins.reliability_of(y, p, code, EDGES)


_LINE = "{:<9} {:>12} {:>6} {:>9} {:>9} {:>9} {:>12} {:>7} {:>22}"


def table(regimes: Mapping[str, RegimeEvaluation]) -> str:
    """For people: a line for each regime and amount, and for the CRPS; nothing without amounts."""
    heads = ("regime", "more than", "days", "forecast", "observed", "Brier", "climatology", "skill")
    lines = [_LINE.format(*heads, "difference x 1000")]
    for name, part in regimes.items():
        if part.amounts:
            lines += _lines(name, part.amounts)
    return "\n".join(lines) if len(lines) > 1 else ""


def _lines(regime: str, found: AmountsEvaluation) -> list[str]:
    lines = [
        _LINE.format(
            regime,
            f"{amount} mm",
            s.positives,
            f"{s.mean_forecast:.4f}",
            f"{s.observed:.4f}",
            *_scores(s.brier, s.brier_climatology, s.brier_skill, s.brier_difference_interval),
        )
        for amount, s in found.amounts.items()
    ]
    scores = (found.crps, found.crps_climatology, found.crps_skill, found.crps_difference_interval)
    return [*lines, _LINE.format(regime, "CRPS, mm", found.n, "", "", *_scores(*scores))]


def _scores(
    ours: float, theirs: float, skill: float | None, interval: tuple[float, float] | None
) -> tuple[str, ...]:
    between = "{:.1f} to {:.1f}".format(*(1000 * end for end in interval)) if interval else "-"
    return f"{ours:.4f}", f"{theirs:.4f}", "-" if skill is None else f"{skill:.3f}", between
