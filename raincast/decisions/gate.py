"""Whether a challenger serves: the evidence before it does, and beside the champion in the shadow.

The specification's path needs neither: what is no worse on the newest rows is promoted. With more
evidence a challenger is promoted where it is surely no worse than the champion beyond a margin,
refused where it is surely worse than that, and otherwise serves in the shadow while a budget of
days lasts. Pure.
"""

from datetime import timedelta
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from raincast.documents import Document
from raincast.verification.records import Comparison, Interval
from raincast.verification.scoring import FEWEST_DAYS

PROMOTE, REFUSE, SHADOW = "promote", "refuse", "shadow"
ALPHA = 0.05
NARROWEST_AT = 30
"""Days after which the interval of the shadow is narrowest for its level: half a usual budget."""

Floats = npt.NDArray[np.float64]


class Gate(NamedTuple):
    """What is asked of a challenger.

    Attributes:
        margin: the rise of the Brier score that is no harm.
        origins: past cut-offs that it is compared on; 0 for the newest days alone.
        shadow_days: the budget of days in the shadow; 0 for none.
    """

    margin: float
    origins: int
    shadow_days: int


class ShadowReport(Document):
    """`metrics/shadow.json`: a challenger in the shadow beside the champion.

    Attributes:
        since: when it was put there; `days_left` of its budget.
        n, days: forecasts with truth of both, and their target dates.
        brier_difference: the challenger's less the champion's, mean over the days; its 95 %
            interval may be looked at every day.
        verdict: `promote`, `refuse` or `shadow` (go on).
    """

    made_at_utc: str
    version: str
    champion: str
    since: str
    days_left: float
    n: int
    days: int
    champion_brier: float | None
    challenger_brier: float | None
    champion_recall: float | None
    challenger_recall: float | None
    brier_difference: float | None
    brier_difference_interval: Interval | None
    margin: float
    verdict: str
    reason: str


def before_serving(found: Comparison, gate: Gate) -> str:
    """What becomes of a challenger that was compared. On the newest days alone, which may be two,
    nothing is sure enough to promote it past a shadow that is there.
    """
    if not gate.origins and not gate.shadow_days:
        return PROMOTE if found.no_worse else REFUSE
    sure = _sure(found.brier_difference_interval, gate.margin)
    if sure == REFUSE or (sure == PROMOTE and gate.origins):
        return sure
    return SHADOW if gate.shadow_days else REFUSE


def prefix(verdict: str, gate: Gate) -> str:
    """What stands before a comparison in a reason; nothing on the specification's path."""
    if not gate.origins and not gate.shadow_days:
        return ""
    if verdict == SHADOW:
        return "in the shadow: "
    so = "surely no worse beyond" if verdict == PROMOTE else "not surely no worse beyond"
    return f"{so} the margin of {gate.margin:g}: "


def in_the_shadow(interval: Interval | None, since: timedelta, gate: Gate) -> str:
    """What becomes of a challenger in the shadow; at the end of its budget the champion stays."""
    sure = _sure(interval, gate.margin)
    if sure == SHADOW and since >= timedelta(days=gate.shadow_days):
        return REFUSE
    return sure


def _sure(interval: Interval | None, margin: float) -> str:
    if interval is None:
        return SHADOW
    low, high = interval
    return PROMOTE if high <= margin else REFUSE if low > margin else SHADOW


def running_interval(daily: Floats) -> Interval | None:
    """The interval of the mean of (days,) values that may be looked at on every day: the truth
    leaves it ever with probability `ALPHA`, in the limit of many days. None for few days.

    The asymptotic confidence sequence of Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas (2024,
    Annals of Statistics 52), theorem 2.2, with the mixture that is narrowest at `NARROWEST_AT`.
    """
    days = len(daily)
    if days < FEWEST_DAYS:
        return None
    wide = -2 * np.log(ALPHA)
    mixture = days * (wide + np.log(wide + 1)) / NARROWEST_AT
    radius = np.sqrt(2 * (mixture + 1) / (days * mixture) * np.log(np.sqrt(mixture + 1) / ALPHA))
    mean, half = float(daily.mean()), float(daily.std(ddof=1) * radius)
    return mean - half, mean + half


def daily_means(values: Floats, day: npt.NDArray[np.datetime64]) -> Floats:
    """(days,) the mean of the (n,) values of each of the (n,) days, in their order."""
    _, code = np.unique(day, return_inverse=True)
    return np.asarray(np.bincount(code, weights=values) / np.bincount(code))
