"""What the Bureau's files held at an instant, from observations that are known today. Pure.

A cell stands in a file once it could be known at its station's clock. Where a month was seen at several times, the last
version before the instant counts; what became due since then is taken from the next one.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from raincast.availability import day_instants, instant, moment
from raincast.schema import FIELDS, SLOTS
from raincast.sources import dwo_form
from raincast.stations import INDEX, Station

NEVER = np.iinfo(np.int64).max
"""The instant of a version that was never seen: it is today's, and shows what could be known of it."""

_SLOT_OF = {name: SLOTS.index(field.slot) for name, field in FIELDS.items()}
_SLOT_OF |= {"Date": SLOTS.index("9am"), "GustTime": SLOTS.index("midnight")}
_CELL_SLOT = np.array([_SLOT_OF[name] for _, name in dwo_form.COLUMNS])


class _Month(NamedTuple):
    """One station's month: V versions of its days, oldest first.

    Attributes:
        due: (days, cells) the instant at which each cell could be known.
        seen_at: (V,) when each version was seen.
        cells: (V, days, cells) their texts; a day that a version has not is all empty, its date too.
    """

    due: npt.NDArray[np.int64]
    seen_at: npt.NDArray[np.int64]
    cells: npt.NDArray[Any]


class Page(NamedTuple):
    """A file as it stood: when it was prepared, and its bytes."""

    prepared_at: datetime
    content: bytes


def _due(station: int, days: Iterable[np.datetime64]) -> npt.NDArray[np.int64]:
    return np.stack([day_instants(day.astype(object))[station] for day in days])[:, _CELL_SLOT]


class Shelf:
    """Every station's months. Take it as read-only.

    Args:
        versions: observations frames with the instant at which each of their rows was seen, `NEVER` for rows that show
            what could be known.
    """

    def __init__(self, versions: Sequence[tuple[pd.DataFrame, npt.NDArray[np.int64]]]) -> None:
        frame = pd.concat([rows for rows, _ in versions], ignore_index=True)
        self._texts = dwo_form.texts(frame)
        self._day = frame["Date"].to_numpy().astype("datetime64[D]")
        self._seen_at = np.concatenate([seen for _, seen in versions])
        months = self._day.astype("datetime64[M]").astype(int)
        groups = pd.Series(np.arange(len(frame))).groupby([frame["Location"].map(INDEX).to_numpy(), months])
        self._rows: dict[Any, npt.NDArray[np.intp]] = {key: rows.to_numpy() for key, rows in groups}
        self._month = lru_cache(maxsize=512)(self._gather)

    def _gather(self, station: int, month: int) -> _Month | None:
        rows = self._rows.get((station, month))
        if rows is None:
            return None
        days, day = np.unique(self._day[rows], return_inverse=True)
        seen_at, version = np.unique(self._seen_at[rows], return_inverse=True)
        cells = np.full((len(seen_at), len(days), len(dwo_form.COLUMNS)), "", dtype=object)
        cells[version, day] = self._texts[rows]
        return _Month(_due(station, days), seen_at, cells)

    def page(self, station: Station, month: date, at: datetime) -> Page | None:
        """The station's file of that month as it stood at the instant; None where there was none yet."""
        found = self._month(INDEX[station.location], (month.year - 1970) * 12 + month.month - 1)
        return None if found is None else _page(found, station, month, instant(at))


def _page(month: _Month, station: Station, first: date, at: int) -> Page | None:
    cells = _standing(month, at)
    there = cells[:, 0] != ""
    if not there.any():
        return None
    prepared_at = max(int(month.due[there][month.due[there] <= at].max()), _last_seen(month, at))
    return Page(moment(prepared_at), dwo_form.written(cells[there], station, first, moment(prepared_at)))


def _last_seen(month: _Month, at: int) -> int:
    return max((int(seen) for seen in month.seen_at if seen <= at), default=0)


def _standing(month: _Month, at: int) -> npt.NDArray[Any]:
    """(days, cells) the texts of the last version seen by then, and of the next one what has become due since."""
    last = int(np.searchsorted(month.seen_at, at, side="right")) - 1
    held = month.cells[last] if last >= 0 else np.full(month.cells.shape[1:], "", dtype=object)
    since = month.seen_at[last] if last >= 0 else np.iinfo(np.int64).min
    if last + 1 == len(month.seen_at):
        return held
    due_since = (month.due <= at) & (month.due > since)
    return np.where(due_since & (held == ""), month.cells[last + 1], held)
