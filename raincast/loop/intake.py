"""What of files may become observations: what was possible by the clock, and what is
plausible beside all that is known around it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from raincast.errors import BadFile
from raincast.observations import panel, plausibility, sphere
from raincast.observations.availability import day_instants, instant
from raincast.observations.frame import degrees
from raincast.observations.network import Network, from_surroundings, in_force, shipped
from raincast.observations.panel import Panel
from raincast.observations.plausibility import Body, Doubt, Usual
from raincast.observations.precedence import DAILY
from raincast.observations.schema import DIRECTIONS, OBSERVATIONS, SLOTS
from raincast.simulator.climate import usual_temperatures
from raincast.sources import cells
from raincast.sources.cells import Remark
from raincast.sources.readings import EARLIEST, Readings

CLOCKS_APART = timedelta(days=1)
"""A file may be so much younger than this machine's clock says that it is."""
_NINE = SLOTS.index("9am")
_UNSURE_ELSEWHERE = 11.0
"""What is usual at a station of another table is taken from its surroundings. For the shipped ones,
each in its turn, that is up to 10.8 °C from their own: mountains and deserts.
"""
_FAR_KM = 1000
"""Farther from all of them nothing is known of what is usual: Antarctica, an island, another
continent.
"""


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


def values(columns: Any) -> npt.NDArray[np.float32]:
    """(rows, fields) of an observations frame's columns, directions in degrees."""
    told = [
        degrees(columns[name]) if name in DIRECTIONS else columns[name] for name in OBSERVATIONS
    ]
    return np.column_stack(told).astype(np.float32)


def _body(file: Readings) -> Body:
    days = file.columns["Date"].astype("datetime64[D]")
    return Body(in_force().index[file.station.location], days, values(file.columns))


@cache
def _usual(network: Network) -> Usual:
    home = shipped()
    tables = usual_temperatures()
    if network is home:
        return Usual(*tables, unsure=np.zeros(len(home)))
    lowest, highest = (from_surroundings(one, home.locations, home, network) for one in tables)
    return Usual(lowest, highest, _unsure(network, home))


def _unsure(network: Network, home: Network) -> npt.NDArray[np.float64]:
    known = np.isin(network.locations, home.locations)
    far = sphere.distances(network.places, home.places).min(axis=1) > _FAR_KM
    return np.asarray(np.where(known, 0.0, np.where(far, np.inf, _UNSURE_ELSEWHERE)))


class Surroundings:
    """Everybody's rows around some files.

    Args:
        known: the archive's rows.
        coming: those of the files themselves; of one station-day the last counts.
        parts: those of files that say a part of a day: they count where nothing else does.
    """

    def __init__(
        self,
        known: pd.DataFrame,
        coming: Sequence[pd.DataFrame],
        parts: Sequence[pd.DataFrame] = (),
    ) -> None:
        frames = [frame for frame in (*parts, known, *coming) if len(frame)] or [known]
        rows = pd.concat(frames, ignore_index=True)
        self._panel = panel.from_frame(rows.drop_duplicates(["Location", "Date"], keep="last"))
        self._known, self._coming = _places(known), _places(rows)

    def doubts(self, body: Body) -> Iterable[Doubt]:
        """What is doubtful about the rows, the gravest first."""
        found = [
            *self._copied(body),
            *plausibility.alone(body, _usual(in_force())),
            *plausibility.among(body, self._around(body)),
        ]
        return sorted(found, key=lambda doubt: -int(doubt.rows.sum()))

    def _around(self, body: Body) -> npt.NDArray[np.float32]:
        """(rows, 3, stations, fields) the day before, the day, the day after."""
        at = (body.days - np.datetime64(self._panel.first, "D")).astype(int)
        return np.stack([_rows(self._panel, at + step) for step in (-1, 0, 1)], axis=1)

    def _copied(self, body: Body) -> Iterable[Doubt]:
        """Rows that stand word for word under another day, or under another station: one whose rows
        are known already, or one where they fit as well.
        """
        marks = plausibility.fingerprints(body.values)
        known, coming = (
            [
                table.get(mark or b"", set()) - {(body.station, day)}
                for mark, day in zip(marks, body.days.astype(int).tolist(), strict=True)
            ]
            for table in (self._known, self._coming)
        )
        twice = np.array([any(s == body.station for s, _ in found) for found in known], dtype=bool)
        if twice.any():
            yield Doubt(twice, (), f"values of its own, not those of another day; {_REMEDY}")
        for station in {s for found in coming for s, _ in found} - {body.station}:
            rows = np.array([any(s == station for s, _ in found) for found in coming])
            is_known = any(s == station for found in known for s, _ in found)
            if is_known or self._fits_better(body, station):
                expected = (
                    f"rows of its own, not those of {in_force().locations[station]}; {_REMEDY}"
                )
                yield Doubt(rows, (), expected)

    def _fits_better(self, body: Body, other: int) -> bool:
        """Whether the rows are rather the other station's; the two do not speak for themselves."""
        around = self._around(body)[:, 1].copy()
        around[:, [body.station, other]] = np.nan
        here, there = (
            plausibility.place_fit(body, place, around, _usual(in_force()))
            for place in (body.station, other)
        )
        return there <= here * _AS_WELL


_AS_WELL = 1.3
"""Two places are told apart only where the rows fit one of them better by so much."""
_REMEDY = "if the others are wrong, take them out first (`raincast withdraw`)"


def _places(rows: pd.DataFrame) -> dict[bytes, set[tuple[int, int]]]:
    """The (station, day) under which rows of the same values stand."""
    days = rows["Date"].to_numpy().astype("datetime64[D]").astype(int)
    alike: dict[bytes, set[tuple[int, int]]] = {}
    marks = plausibility.fingerprints(values(rows))
    for mark, place in zip(
        marks, zip(rows["Location"].map(in_force().index), days.tolist(), strict=True), strict=True
    ):
        if mark is not None:
            alike.setdefault(mark, set()).add(place)
    return alike


def _rows(whole: Panel, at: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
    """(rows, stations, fields) of those days; NaN outside of the panel."""
    inside = (at >= 0) & (at < len(whole))
    found = np.full((len(at), *whole.values.shape[1:]), np.nan, dtype=np.float32)
    found[inside] = whole.values[at[inside]]
    return found


def is_odd(file: Readings) -> bool:
    """Whether half of the file or more cannot be, whatever the neighbours say: what such a file
    says must not cast doubt on theirs.
    """
    body, days = _body(file), len(file.lines)
    doubts = plausibility.alone(body, _usual(in_force())) if days > 1 else ()
    return any(not doubt.fields and doubt.rows.sum() * 2 >= days for doubt in doubts)


def plausible(name: str, file: Readings, around: Surroundings) -> Readings:
    """The file without what cannot be.

    Raises:
        BadFile: half of the file or more is doubtful, so that none of it is taken.
    """
    if not file.lines:
        return file
    body = _body(file)
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


def surroundings(files: Sequence[Readings], known: pd.DataFrame) -> Surroundings:
    """What is around some files: rows that are known, and theirs."""
    whole, parts = (
        [file.columns for file in files if (file.channel == DAILY) is is_daily]
        for is_daily in (True, False)
    )
    return Surroundings(known, *([cells.joined(one)] if one else [] for one in (whole, parts)))
