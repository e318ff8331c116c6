"""Observations into the archive: from files and folders of them, and from the Bureau."""

import hashlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from raincast.errors import BadAnswer, BadFile, NotPublished, SourceUnavailable
from raincast.loop import intake
from raincast.observations.availability import instant, newest_feature_date
from raincast.observations.network import in_force
from raincast.observations.precedence import DAILY
from raincast.observations.schema import COLUMNS, KEY
from raincast.observations.stations import Station
from raincast.settings import Settings
from raincast.sources import cells, dwo, history, known_forms, local, text
from raincast.sources.bureau import Bureau
from raincast.sources.readings import Readings
from raincast.store.archive import Archive
from raincast.store.archive_records import FileRecord

EARLY_DAYS = 7
"""Up to this day of a month the month before is asked for too: its last rows are still being filled
and corrected.
"""
GIVE_UP_AFTER = 3
"""Failures in a row from the one end of the list, and then from the other, after which the server
is left alone.
"""

Progress = Callable[[Sequence[Any]], Iterable[Any]]
"""Passes on the things to be done, and may show how far it is (`tqdm` is one)."""


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


class Source(Protocol):
    """Where the Bureau's files come from: its server (`sources.bureau.Bureau`), or something that
    stands in its place.
    """

    def month(self, station: Station, year: int, month: int) -> bytes:
        """The station's file of that month.

        Raises:
            NotPublished: there is none (yet).
            SourceUnavailable: it cannot be had.
        """


class _Read(NamedTuple):
    """A file's content and what was read of it: a station's month, or the historical rows."""

    name: str
    content: bytes
    file: Readings | pd.DataFrame


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


@dataclass
class _Batch:
    """Files on their way in: read, then looked at beside all others, then taken at once."""

    archive: Archive
    now: datetime
    source: str
    read: list[_Read] = field(default_factory=list)
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

    def put(self, take: Take) -> IngestReport:
        """All plausible rows into the archive at once; a crash before the end leaves none."""
        self._look()
        taken = self._take(take) if self.rows else (0, 0)
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

    def _take(self, take: Take) -> tuple[int, int]:
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
            versions += self.archive.supplement(*_joined(others), channels, days)
        return int((~keys.duplicated()).sum()), versions

    def _look(self) -> None:
        """Every file beside what is known around it, and beside the others."""
        months = [one.file for one in self.read if isinstance(one.file, Readings)]
        around = self._around([file for file in months if len(file.lines)])
        for name, content, file in self.read:
            if not isinstance(file, Readings):
                known = history.known_at(file).dt.tz_convert(None).to_numpy()
                columns = {column: file[column].to_numpy() for column in COLUMNS}
                self.rows.append(_Rows(columns, known, "historical", name))
                continue
            try:
                checked = intake.plausible(name, file, around) if around else file
            except BadFile as error:
                self.failed.setdefault(file.station.location, str(error))
                self.refuse(name, content, error, "quarantined")
            else:
                self._accept(name, content, checked)

    def _around(self, files: Sequence[Readings]) -> intake.Surroundings | None:
        if not files:
            return None
        days = np.concatenate([file.columns["Date"] for file in files]).astype("datetime64[D]")
        first, last = days.min() - 1, days.max() + 1
        known = self.archive.as_known_at(first=first.astype(object), last=last.astype(object))
        return intake.surroundings(files, known)

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


def _of_file(name: str, file: Readings, known_at: datetime, source: str) -> _Rows:
    moments = np.full(len(file.days), instant(known_at)).astype("datetime64[s]")
    said_by = f"{source} {file.label}"
    return _Rows(file.columns, moments, said_by, name, file.channel, file.covers)


def _read_path(batch: _Batch, path: Path) -> None:
    name, content = str(path), b""
    try:
        content = local.content(path)
        batch.read += [_Read(name, content, one) for one in _of_content(name, content, batch.now)]
    except BadFile as error:
        batch.refuse(name, content, error)
    except OSError as error:
        expected = "a file or folder that can be read"
        batch.errors.append(f"{path}: found {error.strerror}, expected {expected}")


def _of_content(name: str, content: bytes, now: datetime) -> list[Readings | pd.DataFrame]:
    content = text.unwrapped(content, name)
    if history.is_historical(content):
        return [intake.begun(history.parse(content, name), name, now)]
    return [intake.possible(name, one, now) for one in known_forms.parse(content, name)]


ENDINGS = (".csv", ".csv.gz")
"""How files are named that are looked for in folders; those with another ending of a form that is
read are taken where they begin like one.
"""


def _files(batch: _Batch, paths: Iterable[Path]) -> Iterator[Path]:
    """The paths themselves, and of folders every file that may be one, at any depth."""
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        inside = sorted(p for p in path.rglob("*") if p.is_file())
        wanted = [p for p in inside if _is_wanted(p)]
        if not wanted:
            batch.errors.append(_nothing_in(path, inside))
        yield from wanted


def _is_wanted(path: Path) -> bool:
    if path.name.lower().endswith(ENDINGS):
        return True
    return path.suffix.lower() in known_forms.ENDINGS and known_forms.is_recognised(path)


def _nothing_in(folder: Path, inside: Sequence[Path]) -> str:
    kinds = sorted({path.suffix or path.name for path in inside})
    found = f"{len(inside)} files ({', '.join(kinds[:5])})" if inside else "an empty folder"
    return f"{folder}: found {found}, expected {' or '.join(ENDINGS)} files at any depth"


def ingest_paths(
    settings: Settings, paths: Iterable[Path], now: datetime, progress: Progress = iter
) -> IngestReport:
    """Take in the historical file and files of every form that is read (`sources.known_forms`),
    told apart by what is in them. Their order does not matter.

    Args:
        paths: files, and folders of them at any depth.
        now: when a file was known that does not say itself when it was prepared.

    Returns:
        What came in; a file that cannot be read is among the errors and keeps no other out.
    """
    archive = Archive(settings.archive)
    batch = _Batch(archive, now, "file")
    for path in progress(list(_files(batch, paths))):
        _read_path(batch, path)
    return batch.put(archive.append)


def due_months(station: Station, now: datetime) -> list[date]:
    """First days of the months whose files may have news: the running one and, early in it, the one
    before.
    """
    newest = newest_feature_date(in_force().index[station.location], now)
    running = newest.replace(day=1)
    before = (running - timedelta(days=1)).replace(day=1)
    return [before, running] if newest.day <= EARLY_DAYS else [running]


def ingest_bureau(
    settings: Settings,
    stations: Iterable[Station],
    now: datetime,
    months: Sequence[date] | None = None,
    progress: Progress = iter,
) -> IngestReport:
    """Fetch the stations' newest files from the Bureau and take them in as known now; see
    `ingest_from`.
    """
    with Bureau(settings) as bureau:
        return ingest_from(bureau, settings, stations, now, months, progress)


def ingest_from(
    bureau: Source,
    settings: Settings,
    stations: Iterable[Station],
    now: datetime,
    months: Sequence[date] | None = None,
    progress: Progress = iter,
) -> IngestReport:
    """Fetch the stations' newest files from an open Bureau and take them in as known now.

    Args:
        months: days of the months asked for; None for those that may have news (`due_months`).

    Returns:
        What came in; a file that cannot be had is among the errors and keeps no other out, but
        after a few failures in a row, from both ends of the list, the server is not asked any more.
    """
    asked = [
        (station, month) for station in stations for month in months or due_months(station, now)
    ]
    archive = Archive(settings.archive)
    batch, failures = _Batch(archive, now, "bureau"), 0
    batch.asked = len({station for station, _ in asked})
    waiting = deque(asked)
    for _ in progress(asked):
        # A few stations that hang, at the one end, do not keep the others from being asked.
        station, month = waiting.popleft() if failures < GIVE_UP_AFTER else waiting.pop()
        if failures == 2 * GIVE_UP_AFTER:
            said = f"not asked for after {failures} failures in a row"
            batch.errors.append(f"{station.product}.{month:%Y%m}: {said}")
            batch.failed.setdefault(station.location, batch.errors[-1])
            continue
        unreachable = _fetch(batch, bureau, station, month)
        batch.unreachable |= unreachable
        failures = failures + 1 if unreachable else 0
    return batch.put(lambda frame, _, sources: archive.observe(frame, now, sources))


def _fetch(batch: _Batch, bureau: Source, station: Station, month: date) -> bool:
    """Reads one of the Bureau's files; whether the server was not to be had."""
    label, content = f"{station.product}.{month:%Y%m}", b""
    try:
        content = bureau.month(station, month.year, month.month)
        file = intake.possible(label, dwo.parse(content, label), batch.now)
        batch.read.append(_Read(label, content, _of_station(file, station, month, label)))
    except NotPublished as error:
        batch.not_published.append(str(error))
        batch.failed[station.location] = str(error)
    except BadFile as error:
        batch.refuse(label, content, error)
        batch.failed[station.location] = str(error)
    except SourceUnavailable as error:
        batch.errors.append(str(error))
        batch.failed[station.location] = str(error)
        return not isinstance(error, BadAnswer)
    return False


def _of_station(file: Readings, station: Station, month: date, label: str) -> Readings:
    """The file, where it is the one that was asked for."""
    if file.station != station or file.month != month.replace(day=1):
        found = f"{file.label} of {file.station.location}"
        raise BadFile(label, found, f"{station.location}'s file of {month:%Y-%m}")
    return file
