"""Files on their way into the archive: read, looked at beside all others, taken at once."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from raincast.errors import BadFile
from raincast.loop import contradictions, intake
from raincast.loop.around import Surroundings, surroundings
from raincast.loop.contradictions import Said
from raincast.observations.availability import instant
from raincast.observations.precedence import DAILY
from raincast.observations.schema import COLUMNS, KEY
from raincast.sources import cells, dwo, history
from raincast.sources.readings import Readings
from raincast.store.archive import Archive
from raincast.store.archive_records import FileRecord


@dataclass(frozen=True)
class IngestReport:
    """What came in, and what did not.

    Attributes:
        files: files that were read, from disk or from the Bureau.
        station_days: different station-days in them.
        versions: how many versions of them the archive did not have.
        errors: what could not be read, each with where, what was found and what was expected.
        not_published: files that the Bureau does not have, or not yet.
        set_aside: cells and rows that are no values, or are not plausible; the rest of their file
            was taken.
        read_as: how many cells were a value in other words.
        warnings: what somebody should look at, though it was taken.
        stations: whose files were read.
        first_date: of the rows that were read; empty where none was.
        last_date: of the same.
        failed: stations of which nothing was read, and why; only where the Bureau was asked.
        asked: how many stations the Bureau was asked for; 0 where files were named.
        unreachable: whether the Bureau could not be reached for some, or refused us.
    """

    files: int
    station_days: int
    versions: int
    errors: tuple[str, ...] = ()
    not_published: tuple[str, ...] = ()
    set_aside: tuple[str, ...] = ()
    read_as: int = 0
    warnings: tuple[str, ...] = ()
    stations: tuple[str, ...] = field(default=(), compare=False)
    first_date: str = field(default="", compare=False)
    last_date: str = field(default="", compare=False)
    failed: Mapping[str, str] = field(default_factory=dict, compare=False)
    asked: int = field(default=0, compare=False)
    unreachable: bool = field(default=False, compare=False)


class Read(NamedTuple):
    """A file's content and what was read of it: a station's month, or the historical rows."""

    name: str
    content: bytes
    file: Readings | pd.DataFrame


_HISTORICAL = "historical"


class _Rows(NamedTuple):
    """One file's rows of a station, or the historical rows: the columns of an observations frame,
    and when each was known (UTC).
    """

    columns: Mapping[str, npt.NDArray[Any]]
    known_at: npt.NDArray[np.datetime64]
    source: str
    file: str
    channel: str = DAILY
    covers: tuple[int, ...] = ()


Take = Callable[[pd.DataFrame, pd.Series, pd.Series], int]
"""Puts rows, when each was known, and who says so into an archive; says how many versions were new.
"""
Supplement = Callable[[pd.DataFrame, pd.Series, pd.Series, pd.Series, pd.Series], int]
"""The same for rows of other sources than the daily files: with channel, and days that rain covers.
"""


@dataclass
class Batch:
    """Files on their way in: read, then looked at beside all others, then taken at once."""

    archive: Archive
    now: datetime
    source: str
    read: list[Read] = field(default_factory=list)
    records: list[FileRecord] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    not_published: list[str] = field(default_factory=list)
    set_aside: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    rows: list[_Rows] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    read_as: int = 0
    asked: int = 0
    unreachable: bool = False

    def refuse(self, name: str, content: bytes, error: BadFile, state: str = "refused") -> None:
        """Sets a file aside whole."""
        self.errors.append(str(error))
        digest, held = hashlib.sha256(content).hexdigest(), content[: dwo.MOST_BYTES]
        record = FileRecord(name, digest, self.now, "", "", state, str(error), (), held)
        self.records.append(record)

    def put(self, take: Take, supplement: Supplement) -> IngestReport:
        """All plausible rows into the archive at once; a crash before the end leaves none."""
        self._look()
        self.warnings += contradictions.warnings(list(map(_said, self._of_files())))
        taken = self._take(take, supplement) if self.rows else (0, 0)
        self.archive.record_files(self.records)
        return IngestReport(
            len({rows.file for rows in self.rows}),
            *taken,
            tuple(self.errors),
            tuple(self.not_published),
            tuple(self.set_aside),
            self.read_as,
            tuple(self.warnings),
            tuple(sorted({name for rows in self.rows for name in set(rows.columns["Location"])})),
            *self._span(),
            self._without_any(),
            self.asked,
            self.unreachable,
        )

    def _of_files(self) -> list[_Rows]:
        """The rows of a station each, without those of the historical file."""
        return [rows for rows in self.rows if len(rows.known_at) and rows.source != _HISTORICAL]

    def _span(self) -> tuple[str, str]:
        dates = [rows.columns["Date"] for rows in self.rows if len(rows.known_at)]
        if not dates:
            return "", ""
        days = np.concatenate(dates).astype("datetime64[D]")
        return str(days.min()), str(days.max())

    def _without_any(self) -> dict[str, str]:
        """The stations of which nothing was read."""
        read = {name for rows in self.rows for name in set(rows.columns["Location"])}
        return {name: why for name, why in self.failed.items() if name not in read}

    def _take(self, take: Take, supplement: Supplement) -> tuple[int, int]:
        daily = [rows for rows in self.rows if rows.channel == DAILY]
        others = [rows for rows in self.rows if rows.channel != DAILY]
        keys = pd.DataFrame(
            {key: np.concatenate([rows.columns[key] for rows in self.rows]) for key in KEY}
        )
        versions = take(*_joined(daily)) if daily else 0
        if others:
            sizes = [len(rows.known_at) for rows in others]
            channels = pd.Series([rows.channel for rows in others]).repeat(sizes)
            covers = [rows.covers or (1,) * len(rows.known_at) for rows in others]
            days = pd.Series([n for one in covers for n in one], dtype=int)
            versions += supplement(*_joined(others), channels.reset_index(drop=True), days)
        return int((~keys.duplicated()).sum()), versions

    def _look(self) -> None:
        """Every file beside what is known around it, and beside the others."""
        months = [one.file for one in self.read if isinstance(one.file, Readings)]
        around = self._around([file for file in months if len(file.lines)])
        for name, content, file in self.read:
            if not isinstance(file, Readings):
                known = history.known_at(file).dt.tz_convert(None).to_numpy()
                columns = {column: file[column].to_numpy() for column in COLUMNS}
                self.rows.append(_Rows(columns, known, _HISTORICAL, name))
                continue
            try:
                checked = intake.plausible(name, file, around) if around else file
            except BadFile as error:
                self.failed.setdefault(file.station.location, str(error))
                self.refuse(name, content, error, "quarantined")
            else:
                self._accept(name, content, checked)

    def _around(self, files: Sequence[Readings]) -> Surroundings | None:
        if not files:
            return None
        days = np.concatenate([file.columns["Date"] for file in files]).astype("datetime64[D]")
        first, last = days.min() - 1, days.max() + 1
        known = self.archive.as_known_at(first=first.astype(object), last=last.astype(object))
        odd = {file.station for file in files if intake.is_odd(file)}
        return surroundings([file for file in files if file.station not in odd], known)

    def _accept(self, name: str, content: bytes, file: Readings) -> None:
        told = [f"{name}, {remark}" for remark in file.set_aside]
        self.set_aside += told
        self.warnings += file.warnings
        self.read_as += len(file.read_as)
        known = intake.known_at(file, self.now) if self.source == "file" else self.now
        self.rows.append(_of_file(name, file, known, self.source))
        notes = [*map(str, file.set_aside), *map(str, file.read_as), *file.warnings]
        whose = file.station.location, f"{file.month:%Y-%m}"
        digest = hashlib.sha256(content).hexdigest()
        said = f"{name} ({file.station.location})" if file.channel != DAILY else name
        self.records.append(FileRecord(said, digest, self.now, *whose, "taken", "", notes))


def _joined(rows: Sequence[_Rows]) -> tuple[pd.DataFrame, pd.Series, pd.Series]:
    """Rows as one frame, when each was known, and who says so."""
    known_at = pd.Series(np.concatenate([one.known_at for one in rows]))
    sources = pd.Series([one.source for one in rows]).repeat([len(one.known_at) for one in rows])
    frame = cells.joined([one.columns for one in rows])
    return frame, known_at.dt.tz_localize("UTC"), sources.reset_index(drop=True)


def _said(rows: _Rows) -> Said:
    known = int(rows.known_at[0].astype("datetime64[s]").astype(int))
    return Said(rows.file, rows.channel, known, rows.columns)


def _of_file(name: str, file: Readings, known_at: datetime, source: str) -> _Rows:
    moments = np.full(len(file.days), instant(known_at)).astype("datetime64[s]")
    said_by = f"{source} {file.label}"
    return _Rows(file.columns, moments, said_by, name, file.channel, file.covers)
