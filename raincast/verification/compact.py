"""Scored forecasts as the live report needs them, in some forty bytes each: a journal of millions
of rows is held as columns of small numbers.
"""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from raincast.forecasts import basis, origin
from raincast.forecasts.basis import BASES
from raincast.observations.availability import REGIMES
from raincast.observations.network import in_force
from raincast.verification.sums import AT_ONCE, slices

Mask = npt.NDArray[np.bool_]

NAMES: dict[str, tuple[str, ...]] = {
    "regime": tuple(sorted(REGIMES)),
    "basis": tuple(sorted(BASES)),
    "hour": tuple(f"{hour:02d}" for hour in range(24)),
}
"""What the codes of these columns mean; -1 is not recorded. The code of a location is its place in
the network.
"""
ROWS_IN_ORDER = 1 << 20
DRY, WET, OPEN, ACCUMULATED = range(4)
"""What a reading says: truth, 0 or 1; that it has not come; that it may hold several days' rain."""
_RANK = np.array([BASES.index(name) for name in NAMES["basis"]] + [0], np.int8)


class Rows(NamedTuple):
    """Scored forecasts, (n,) each.

    Attributes:
        logged: microseconds since 1970; the least int64 where it is not recorded.
        target: the target date, days since 1970.
        location, hour, regime, basis: see `NAMES`.
        source: see `origin.code`.
        reading: what is known of the target date, see `DRY`.
        p: chance of rain, 0 to 1; NaN where there is none.
        predicted: the warning, 1 or 0.
    """

    logged: npt.NDArray[Any]
    target: npt.NDArray[Any]
    location: npt.NDArray[Any]
    hour: npt.NDArray[Any]
    regime: npt.NDArray[Any]
    basis: npt.NDArray[Any]
    source: npt.NDArray[Any]
    reading: npt.NDArray[Any]
    p: npt.NDArray[Any]
    predicted: npt.NDArray[Any]

    @property
    def with_truth(self) -> Mask:
        """(n,) whose reading is truth."""
        return np.asarray(self.reading <= WET)

    @property
    def rests_on_observations(self) -> Mask:
        """See `origin.rests_on_observations`."""
        return np.asarray(self.basis != NAMES["basis"].index(basis.CLIMATOLOGY))


def rows(scored: pd.DataFrame) -> Rows:
    """Those of a scored frame."""
    logged, issued = scored["logged_at_utc"], _issued(scored)
    return Rows(
        logged=logged.to_numpy("datetime64[us]").astype(np.int64),
        target=scored["target_date"].to_numpy("datetime64[D]").astype(np.int32),
        location=scored["location"].map(in_force().index).to_numpy(np.int32, copy=True),
        hour=issued.dt.hour.fillna(-1).to_numpy(np.int8, copy=True),
        regime=_code(scored["regime"], "regime"),
        basis=_code(scored["basis"], "basis"),
        source=origin.code(scored),
        reading=_reading(scored),
        p=scored["rain_probability"].to_numpy(np.float64, copy=True),
        predicted=scored["predicted_rain"].to_numpy(np.int8, copy=True),
    )


def slots(scored: pd.DataFrame) -> npt.NDArray[np.int32]:
    """(n,) number of the scheduled issue time that each issue time follows; only `chosen` asks for
    it (`origin.slot_number`).
    """
    return origin.slot_number(_issued(scored))


def _issued(scored: pd.DataFrame) -> "pd.Series[Any]":
    return scored["issued_at_utc"].fillna(scored["logged_at_utc"])


def _code(column: "pd.Series[str]", name: str) -> npt.NDArray[np.int8]:
    return np.array(pd.Categorical(column, NAMES[name]).codes, np.int8)


def _reading(scored: pd.DataFrame) -> npt.NDArray[np.int8]:
    read = scored["observed_rainfall_mm"].notna().to_numpy()
    without = np.where(read, np.int8(ACCUMULATED), np.int8(OPEN))
    told = scored["truth_available"].to_numpy(bool)
    return np.where(told, scored["y_true"].fillna(0).to_numpy(np.int8), without)


def together(parts: list[Rows]) -> Rows:
    """Those of all parts, in their order. The list is emptied: each column is let go as soon as it
    stands in the whole.
    """
    columns = [list(column) for column in zip(*parts, strict=True)]
    parts.clear()
    whole = []
    for column in columns:
        whole.append(np.concatenate(column))
        column.clear()
    return Rows(*whole)


def chosen(of: Rows, slot: npt.NDArray[np.int32]) -> Mask:
    """(n,) which rows are the forecast of their station, feature date and slot; see
    `origin.chosen`.

    Args:
        slot: (n,) see `slots`.
    """
    found: Mask = of.source == origin.SOURCES.index(origin.HAND)
    for mine in _by_station(of, of.source == origin.SOURCES.index(origin.LOOP)):
        key = (of.target[mine].astype(np.int64) << 32) + slot[mine]
        logged = of.logged[mine].view("datetime64[us]")
        found[mine[origin.firsts(key, _RANK[of.basis[mine]], logged)]] = True
    return found


def _by_station(of: Rows, which: Mask) -> Iterator[npt.NDArray[np.intp]]:
    """The positions of each station's rows among these. Some stations at a time are put into order:
    positions of all rows would take twice what the widest column does.
    """
    counts = np.zeros(len(in_force()), np.intp)
    for some in slices(len(which), AT_ONCE):
        counts += np.bincount(of.location[some][which[some]], minlength=len(counts))
    part = np.cumsum(counts) // ROWS_IN_ORDER
    for number in np.unique(part[counts > 0]):
        stations = np.flatnonzero(part == number)
        inside = which & (of.location >= stations[0]) & (of.location <= stations[-1])
        mine = np.flatnonzero(inside)
        mine = mine[np.argsort(of.location[mine], kind="stable")]
        yield from np.split(mine, np.cumsum(counts[stations])[:-1])


def parted(of: Rows, groups: Sequence[Mask]) -> list[Rows]:
    """The rows of each group of (n,), which may also be in one before: once, in the first of them.

    They are put into order where they lie, one group behind the other, and what comes back looks
    at them there: a copy would take as much memory again.
    """
    group = np.full(len(of.target), len(groups), np.int8)
    for number, which in reversed(list(enumerate(groups))):
        group[which] = number
    order = np.argsort(group, kind="stable")
    for column in of:
        column[:] = column[order]
    ends = np.cumsum(np.bincount(group, minlength=len(groups)))[: len(groups)]
    begins = np.r_[0, ends[:-1]]
    return [at(of, slice(*bounds)) for bounds in zip(begins, ends, strict=True)]


def at(of: Rows, which: npt.NDArray[Any] | slice) -> Rows:
    """Those where a mask is true, at positions, or from one position to another."""
    return Rows(*(column[which] for column in of))
