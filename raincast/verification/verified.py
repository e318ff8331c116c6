"""Forecasts with truth, and the stretches of them that the live report rests on."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from raincast.observations.network import in_force
from raincast.verification import compact, scoring
from raincast.verification.sums import Floats, Forecasts


class Verified(NamedTuple):
    """Forecasts with truth, and what they have to beat."""

    rows: compact.Rows
    reference: Floats

    @property
    def columns(self) -> Forecasts:
        """As `scoring` has them."""
        rows = self.rows
        return Forecasts(rows.reading, rows.p, rows.predicted, self.reference)


def newest(verified: Verified, count: int) -> Verified:
    """So many of them at most, the newest by target date and then by when they were logged."""
    some = _in_order(verified, _newest_days(verified.rows.target, count))
    return _at(some, np.arange(len(some.reference))[-count:])


def _at(verified: Verified, which: npt.NDArray[Any]) -> Verified:
    return Verified(compact.at(verified.rows, which), verified.reference[which])


def _in_order(verified: Verified, which: compact.Mask) -> Verified:
    """Those of them by target date and then by when they were logged; without a time, first."""
    some = _at(verified, which)
    return _at(some, np.lexsort((some.rows.logged, some.rows.target)))


def _newest_days(target: npt.NDArray[np.int32], count: int) -> compact.Mask:
    """(n,) the rows of the newest target dates that hold so many between them."""
    days, rows = np.unique(target, return_counts=True)
    enough = np.cumsum(rows[::-1])[::-1] >= count
    return np.asarray(target >= days[enough].max(initial=target.min(initial=0)))


def evidence(verified: Verified, window: int, wet_days: int) -> Verified:
    """Those from the newest target date on that leaves at least `window` rows, `wet_days` wet
    station-days, and days enough for an interval; all where there are fewer.
    """
    start = _evidence_start(verified, window, wet_days)
    return _in_order(verified, verified.rows.target >= start)


def _evidence_start(verified: Verified, window: int, wet_days: int) -> int:
    """The newest target date from which on there are enough rows, wet station-days and days for an
    interval.
    """
    days, rows = np.unique(verified.rows.target, return_counts=True)
    wet = np.bincount(
        np.searchsorted(days, wet_station_days(verified.rows)), minlength=len(days)
    ).astype(np.int64)
    since = (np.cumsum(some[::-1])[::-1] for some in (rows, wet, np.ones_like(rows)))
    least = (window, wet_days, scoring.FEWEST_DAYS)
    enough = np.logical_and.reduce([a >= b for a, b in zip(since, least, strict=True)])
    return int(days[enough].max() if enough.any() else days.min(initial=0))


def wet_station_days(rows: compact.Rows) -> npt.NDArray[np.int64]:
    """The target dates of the station-days on which it rained."""
    wet, stations = rows.reading == compact.WET, len(in_force())
    key = rows.target[wet].astype(np.int64) * stations + rows.location[wet]
    return np.unique(key) // stations
