"""What of files may become observations: what was possible by the clock, and what is
plausible beside all that is known around it.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from raincast.errors import BadFile
from raincast.loop.around import Surroundings, body_of, usual
from raincast.observations import plausibility
from raincast.observations.availability import day_instants, instant
from raincast.observations.doubts import Doubt
from raincast.observations.network import in_force
from raincast.observations.schema import SLOTS
from raincast.sources.cells import Remark
from raincast.sources.readings import EARLIEST, Readings

CLOCKS_APART = timedelta(days=1)
"""A file may be so much younger than this machine's clock says that it is."""
_NINE = SLOTS.index("9am")


class Named(NamedTuple):
    """A file that was read, and where it came from."""

    name: str
    file: Readings


def known_at(file: Readings, now: datetime) -> datetime:
    """Since when the file's values count as known: as it says, else from now on; never later."""
    return min(file.prepared_at or now, now)


def possible(name: str, file: Readings, now: datetime) -> Readings:
    """The file without rows whose 9 am had not come when it was prepared.

    Raises:
        BadFile: its month or the time at which it was prepared cannot be.
    """
    newest = (now + CLOCKS_APART).date()
    if not EARLIEST <= file.month <= newest:
        expected = f"a month from {EARLIEST:%Y-%m} to {newest:%Y-%m}"
        raise BadFile(name, f"{file.month:%Y-%m}", f"{expected}; is the date damaged?", line=1)
    written = file.prepared_at
    if written and not instant_of(file.month) - 86_400 <= instant(written):
        expected = f"a time after {file.month} began: nobody knows values before their day"
        raise BadFile(name, f"prepared at {written:%Y-%m-%d %H:%M} UTC", expected, line=2)
    if written and written > now + CLOCKS_APART:
        expected = f"a time up to now, {now:%Y-%m-%d %H:%M} UTC; is the clock right?"
        raise BadFile(name, f"prepared at {written:%Y-%m-%d %H:%M} UTC", expected, line=2)
    return _begun(file, instant(min(written or now, now + CLOCKS_APART)))


def begun(frame: pd.DataFrame, name: str, now: datetime) -> pd.DataFrame:
    """The historical rows, where all their days have come.

    Raises:
        BadFile: one is still to come, or lies before `EARLIEST`.
    """
    days = frame["Date"].to_numpy().astype("datetime64[D]")
    wrong = (days < np.datetime64(EARLIEST)) | (days > np.datetime64((now + CLOCKS_APART).date()))
    if wrong.any():
        row = int(np.argmax(wrong))
        expected = f"a day from {EARLIEST} to {now:%Y-%m-%d}"
        raise BadFile(name, str(days[row]), expected, line=row + 2, field="Date")
    return frame


def instant_of(day: date) -> int:
    """When a day begins in UTC, seconds since 1970."""
    return int(np.datetime64(day, "s").astype(int))


def _begun(file: Readings, at: int) -> Readings:
    station = in_force().index[file.station.location]
    days = file.columns["Date"].astype("datetime64[D]")
    nine = [day_instants(day)[station, _NINE] for day in days.tolist()]
    late = np.array(nine, dtype=np.int64) > at
    return _without(file, late, (), "a day whose 9 am had come when the file was prepared")


def _without(
    file: Readings, rows: npt.NDArray[np.bool_], fields: Sequence[str], expected: str
) -> Readings:
    """The file without those rows, or without some of their values; what goes is among what was
    set aside.
    """
    if not rows.any():
        return file
    gone = [
        Remark(file.lines[i], " and ".join(fields) or None, _shown(file, i, fields), expected)
        for i in np.flatnonzero(rows).tolist()
    ]
    columns = dict(file.columns)
    if fields:
        columns |= {name: np.where(rows, np.nan, file.columns[name]) for name in fields}
        return replace(file, columns=columns, set_aside=(*file.set_aside, *gone))
    kept = {name: column[~rows] for name, column in columns.items()}
    lines, covers = (
        tuple(np.array(one, dtype=int)[~rows[: len(one)]].tolist())
        for one in (file.lines, file.covers)
    )
    aside = (*file.set_aside, *gone)
    return replace(file, columns=kept, lines=lines, covers=covers, set_aside=aside)


def _shown(file: Readings, row: int, fields: Sequence[str]) -> str:
    if fields:
        return " and ".join(f"{file.columns[name][row]:g}" for name in fields)
    return f"the row of {file.columns['Date'][row].astype('datetime64[D]')}"


def is_odd(file: Readings) -> bool:
    """Whether half of the file or more cannot be, whatever the neighbours say: what such a file
    says must not cast doubt on theirs.
    """
    body, days = body_of(file), len(file.lines)
    doubts = plausibility.alone(body, usual(in_force())) if days > 1 else ()
    return any(not doubt.fields and doubt.rows.sum() * 2 >= days for doubt in doubts)


def plausible(name: str, file: Readings, around: Surroundings) -> Readings:
    """The file without what cannot be.

    Raises:
        BadFile: half of the file or more is doubtful, so that none of it is taken.
    """
    if not file.lines:
        return file
    body = body_of(file)
    doubts = list(around.doubts(body))
    whole = [doubt for doubt in doubts if not doubt.fields]
    for doubt in whole:
        if len(body.days) > 1 and doubt.rows.sum() * 2 >= len(body.days):
            raise _quarantined(name, file, doubt)
    single = [doubt for doubt in doubts if doubt.fields]
    grave = sum((doubt.rows * 1 for doubt in single), np.zeros(len(body.days), dtype=int)) > 1
    for doubt in single:
        file = _without(file, doubt.rows & ~grave, doubt.fields, doubt.reason)
    return _without_rows(file, [*whole, Doubt(grave, (), _TORN)])


def _without_rows(file: Readings, doubts: Sequence[Doubt]) -> Readings:
    """Without the rows of some doubts; of two that are about the same row the first is told."""
    gone = np.zeros(len(file.lines), dtype=bool)
    for doubt in doubts:
        rows = doubt.rows[np.isin(np.arange(len(doubt.rows)), np.flatnonzero(~gone))]
        file, gone = _without(file, rows, (), doubt.reason), gone | doubt.rows
    return file


_TORN = "values that fit each other: several do not, so the row is damaged or shifted"


def _quarantined(name: str, file: Readings, doubt: Doubt) -> BadFile:
    expected = f"plausible rows of {file.station.location}; none of the file is taken"
    return BadFile(name, doubt.reason, expected)
