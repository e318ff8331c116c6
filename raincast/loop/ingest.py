"""Observations into the archive: from files and folders of them, and from the Bureau."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from raincast.errors import BadInput, NotPublished, SourceUnavailable
from raincast.observations.availability import instant, newest_feature_date
from raincast.observations.schema import COLUMNS
from raincast.observations.stations import INDEX, Station
from raincast.settings import Settings
from raincast.sources import cells, dwo, history
from raincast.sources.bureau import Bureau
from raincast.store.archive import Archive

EARLY_DAYS = 7
"""Up to this day of a month the month before is asked for too: its last rows are still being filled
and corrected.
"""
GIVE_UP_AFTER = 3
"""Failures in a row after which the server is left alone."""

Progress = Callable[[Sequence[Any]], Iterable[Any]]
"""Passes on the things to be done, and may show how far it is (`tqdm` is one)."""


@dataclass(frozen=True)
class IngestReport:
    """What came in.

    Attributes:
        files: files that were read, from disk or from the Bureau.
        station_days: different station-days in them.
        versions: how many versions of them the archive did not have.
        errors: what could not be read, each with where, what was found and what was expected.
        not_published: files that the Bureau does not have, or not yet.
    """

    files: int
    station_days: int
    versions: int
    errors: tuple[str, ...]
    not_published: tuple[str, ...] = ()


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


class _Rows(NamedTuple):
    """One file's rows: the columns of an observations frame, and when each was known (UTC)."""

    columns: Mapping[str, npt.NDArray[Any]]
    known_at: npt.NDArray[np.datetime64]
    source: str


Take = Callable[[pd.DataFrame, pd.Series, pd.Series], int]
"""Puts rows, when each was known, and who says so into an archive; says how many versions were new.
"""


@dataclass
class _Batch:
    rows: list[_Rows] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    not_published: list[str] = field(default_factory=list)

    def put(self, take: Take) -> IngestReport:
        """All rows into the archive at once; a crash before the end leaves none of them."""
        if not self.rows:
            return IngestReport(0, 0, 0, tuple(self.errors), tuple(self.not_published))
        frame = cells.joined([rows.columns for rows in self.rows])
        known_at = pd.Series(np.concatenate([rows.known_at for rows in self.rows])).dt.tz_localize(
            "UTC"
        )
        sources = pd.Series([rows.source for rows in self.rows]).repeat(
            [len(rows.known_at) for rows in self.rows]
        )
        days = int((~frame.duplicated(["Location", "Date"])).sum())
        versions = take(frame, known_at, sources.reset_index(drop=True))
        return IngestReport(
            len(self.rows), days, versions, tuple(self.errors), tuple(self.not_published)
        )


def _of_dwo(file: dwo.DwoFile, known_at: datetime, source: str) -> _Rows:
    moments = np.full(len(file.columns["Date"]), instant(known_at)).astype("datetime64[s]")
    return _Rows(file.columns, moments, f"{source} {file.product}.{file.month:%Y%m}")


def _of_path(path: Path, now: datetime) -> _Rows:
    content = path.read_bytes()
    if history.is_historical(content):
        frame = history.parse(content, str(path))
        columns = {name: frame[name].to_numpy() for name in COLUMNS}
        return _Rows(columns, history.known_at(frame).dt.tz_convert(None).to_numpy(), "historical")
    file = dwo.parse(content, str(path))
    return _of_dwo(file, file.prepared_at or now, "file")


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    """The paths themselves, and of folders every .csv file at any depth."""
    for path in paths:
        if path.is_dir():
            yield from sorted(
                p for p in path.rglob("*") if p.suffix.lower() == ".csv" and p.is_file()
            )
        else:
            yield path


def ingest_paths(
    settings: Settings, paths: Iterable[Path], now: datetime, progress: Progress = iter
) -> IngestReport:
    """Take in DWO files and the historical file, told apart by what is in them. Their order does
    not matter.

    Args:
        paths: files, and folders of `.csv` files at any depth.
        now: when a file was known that does not say itself when it was prepared.

    Returns:
        What came in; a file that cannot be read is among the errors and keeps no other out.
    """
    batch = _Batch()
    for path in progress(list(_files(paths))):
        try:
            batch.rows.append(_of_path(path, now))
        except BadInput as error:
            batch.errors.append(str(error))
        except OSError as error:
            batch.errors.append(
                f"{path}: found {error.strerror}, expected a file or folder that can be read"
            )
    return batch.put(Archive(settings.archive).append)


def due_months(station: Station, now: datetime) -> list[date]:
    """First days of the months whose files may have news: the running one and, early in it, the one
    before.
    """
    newest = newest_feature_date(INDEX[station.location], now)
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
        after a few failures
        in a row the server is not asked any more.
    """
    asked = [
        (station, month) for station in stations for month in months or due_months(station, now)
    ]
    batch, failures = _Batch(), 0
    for station, month in progress(asked):
        if failures == GIVE_UP_AFTER:
            batch.errors.append(
                f"{station.product}.{month:%Y%m}: not asked for after {failures} failures in a row"
            )
            continue
        try:
            content = bureau.month(station, month.year, month.month)
            batch.rows.append(
                _of_dwo(dwo.parse(content, f"{station.product}.{month:%Y%m}"), now, "bureau")
            )
            failures = 0
        except NotPublished as error:
            batch.not_published.append(str(error))
            failures = 0
        except SourceUnavailable as error:
            batch.errors.append(str(error))
            failures += 1
    archive = Archive(settings.archive)
    return batch.put(lambda frame, _, sources: archive.observe(frame, now, sources))
