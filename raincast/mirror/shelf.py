"""What the Bureau's files held at an instant, from observations that are known today. Pure.

A cell stands in a file once it could be known at its station's clock. Where a station-day was seen
at several times, its last version before the instant counts; what became due since then is taken
from the next one.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from raincast.observations.availability import day_instants, instant, moment
from raincast.observations.network import in_force
from raincast.observations.schema import FIELDS, SLOTS
from raincast.observations.stations import Station
from raincast.sources import dwo_form

NEVER = np.iinfo(np.int64).max
"""The instant of a version that was never seen: it is today's, and shows what could be known of it.
"""

_ALWAYS = np.iinfo(np.int64).min
_SLOT_OF = {name: SLOTS.index(field.slot) for name, field in FIELDS.items()}
_SLOT_OF |= {"Date": SLOTS.index("9am"), "GustTime": SLOTS.index("midnight")}
_CELL_SLOT = np.array([_SLOT_OF[name] for _, name in dwo_form.COLUMNS])

Version = tuple[pd.DataFrame, npt.NDArray[np.int64]]
"""Rows of an observations frame, and (rows,) the instant at which each was seen: the station-day as
it stood then.

`NEVER` is the instant of rows that show what could be known of them. A station-day may come in
several versions.
"""


class _Month(NamedTuple):
    """One station's month: V versions of its days, oldest first, and one more in which everything
    is empty.

    Attributes:
        due: (days, cells) the instant at which each cell could be known.
        seen_at: (V,) when each version was seen.
        cells: (V + 1, days, cells) their texts.
        before: (V + 1, days) of each day the last version among the first 0, 1, … V; V where there
            is none.
        after: (V + 1, days) of each day the first version that is not among them; V where there is
            none.
    """

    due: npt.NDArray[np.int64]
    seen_at: npt.NDArray[np.int64]
    cells: npt.NDArray[Any]
    before: npt.NDArray[np.intp]
    after: npt.NDArray[np.intp]


class Page(NamedTuple):
    """A file as it stood: when it was prepared, and its bytes."""

    prepared_at: datetime
    content: bytes


def _due(station: int, days: Iterable[np.datetime64]) -> npt.NDArray[np.int64]:
    return np.stack([day_instants(day.astype(object))[station] for day in days])[:, _CELL_SLOT]


def _around(has: npt.NDArray[np.bool_]) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """`_Month.before` and `_Month.after` from (V, days) whether a version has the day."""
    count, days = has.shape
    number, none = np.arange(count)[:, None], np.full((1, days), count)
    before = np.maximum.accumulate(np.where(has, number, -1), axis=0)
    after = np.minimum.accumulate(np.where(has, number, count)[::-1], axis=0)[::-1]
    return np.concatenate([none, np.where(before < 0, count, before)]), np.concatenate(
        [after, none]
    )


class Shelf:
    """Every station's months. Take it as read-only; may be used by several threads.

    Args:
        versions: what was seen, and when; of one station-day and instant the last row counts.
    """

    def __init__(self, versions: Sequence[Version]) -> None:
        self._frame = pd.concat([rows for rows, _ in versions], ignore_index=True)
        self._day = self._frame["Date"].to_numpy().astype("datetime64[D]")
        self._seen_at = np.concatenate([seen for _, seen in versions])
        months = self._day.astype("datetime64[M]").astype(int)
        station = self._frame["Location"].map(in_force().index).to_numpy(dtype=int)
        places = pd.Series(np.arange(len(months))).groupby([station, months]).indices
        self._rows: dict[tuple[int, int], npt.NDArray[np.intp]] = {
            tuple(key): rows  # type: ignore[misc, arg-type]
            for key, rows in places.items()
        }
        self._month = lru_cache(maxsize=512)(self._gather)

    def _gather(self, station: int, month: int) -> _Month | None:
        rows = self._rows.get((station, month))
        if rows is None:
            return None
        days, day = np.unique(self._day[rows], return_inverse=True)
        seen_at, version = np.unique(self._seen_at[rows], return_inverse=True)
        cells = np.full((len(seen_at) + 1, len(days), len(dwo_form.COLUMNS)), "", dtype=object)
        cells[version, day] = dwo_form.texts(self._frame.iloc[rows])
        return _Month(_due(station, days), seen_at, cells, *_around(cells[:-1, :, 0] != ""))

    def page(self, station: Station, month: date, at: datetime) -> Page | None:
        """The station's file of that month as it stood at the instant; None where there was none
        yet.
        """
        found = self._month(
            in_force().index[station.location], (month.year - 1970) * 12 + month.month - 1
        )
        return None if found is None else _page(found, station, month, instant(at))


def _page(month: _Month, station: Station, first: date, at: int) -> Page | None:
    cells = _standing(month, at)
    there = cells[:, 0] != ""
    if not there.any():
        return None
    due = month.due[there]
    prepared_at = moment(
        max(
            int(due[due <= at].max(initial=0)),
            int(month.seen_at[month.seen_at <= at].max(initial=0)),
        )
    )
    return Page(prepared_at, dwo_form.written(cells[there], station, first, prepared_at))


def _standing(month: _Month, at: int) -> npt.NDArray[Any]:
    """(days, cells) of each day the last version seen by then, and of the next one what has become
    due since.
    """
    seen, days = int(np.searchsorted(month.seen_at, at, side="right")), np.arange(len(month.due))
    last, coming = month.before[seen], month.after[seen]
    held, since = month.cells[last, days], np.append(month.seen_at, _ALWAYS)[last]
    due_since = (month.due <= at) & (month.due > since[:, None])
    return np.asarray(np.where(due_since & (held == ""), month.cells[coming, days], held))
