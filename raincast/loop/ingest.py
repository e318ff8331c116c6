"""Observations into the archive: from files and folders of them, and from the Bureau."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from raincast.errors import BadAnswer, BadFile, NotPublished, SourceUnavailable
from raincast.loop import feeds, intake, unpacked
from raincast.loop.asking import NOT_ASKED_FOR, BothEnds
from raincast.loop.batch import Batch, IngestReport, Read
from raincast.observations.availability import newest_feature_date
from raincast.observations.network import in_force
from raincast.observations.stations import Station
from raincast.settings import Settings
from raincast.sources import dwo, known_forms, local
from raincast.sources.bureau import NO_DAILY_FILES, Bureau
from raincast.sources.readings import Readings
from raincast.store import stores

EARLY_DAYS = 7
"""Up to this day of a month the month before is asked for too: its last rows are still being filled
and corrected.
"""

_NOT_IN_FEEDS = "in no file of FEED_URLS, and BUREAU_URL is none"

Progress = Callable[[Sequence[Any]], Iterable[Any]]
"""Passes on the things to be done, and may show how far it is (`tqdm` is one)."""


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


def _read_path(batch: Batch, path: Path) -> None:
    name, content = str(path), b""
    try:
        content = local.content(path)
        unpacked.read(batch, name, content)
    except BadFile as error:
        batch.refuse(name, content, error)
    except OSError as error:
        expected = "a file or folder that can be read"
        batch.errors.append(f"{path}: found {error.strerror}, expected {expected}")


ENDINGS = (".csv", ".csv.gz")
"""How files are named that are looked for in folders; those with another ending of a form that is
read, and several in a tar, are taken where they begin like one.
"""
_TARS = (".tgz", ".tar")


def _files(batch: Batch, paths: Iterable[Path]) -> Iterator[Path]:
    """The paths themselves, and of folders every file that may be one, at any depth."""
    for path in paths:
        if not _may_be(path.is_dir):
            yield path
            continue
        # What begins with a dot is no file of its owner's: a part of a download, a shadow of macOS.
        inside = sorted(p for p in path.rglob("*") if p.name[0] != "." and _may_be(p.is_file))
        wanted = [p for p in inside if _is_wanted(p)]
        if not wanted:
            batch.errors.append(_nothing_in(path, inside))
        yield from wanted


def _may_be(kind: Callable[[], bool]) -> bool:
    """What the system says of a path; of one that is closed to us, that it is not."""
    try:
        return kind()
    except OSError:
        return False


def _is_wanted(path: Path) -> bool:
    name = path.name.lower()
    if name.endswith(ENDINGS):
        return True
    others = (*known_forms.ENDINGS, *_TARS)
    return name.removesuffix(".gz").endswith(others) and known_forms.is_recognised(path)


def _nothing_in(folder: Path, inside: Sequence[Path]) -> str:
    kinds = sorted({path.suffix or path.name for path in inside})
    files = "1 file" if len(inside) == 1 else f"{len(inside)} files"
    found = f"{files} ({', '.join(kinds[:5])})" if inside else "an empty folder"
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
    archive = stores.of(settings).archive()
    batch = Batch(archive, now, "file")
    for path in progress(list(_files(batch, paths))):
        _read_path(batch, path)
    return batch.put(archive.append, archive.supplement)


def due_months(station: Station, now: datetime) -> list[date]:
    """First days of the months whose files may have news: the running one and, early in it, the one
    before.
    """
    newest = newest_feature_date(in_force().index[station.location], now)
    running = newest.replace(day=1)
    before = (running - timedelta(days=1)).replace(day=1)
    return [before, running] if newest.day <= EARLY_DAYS else [running]


def _nothing(batch: Batch) -> None:
    """No file beside the daily ones."""


def ingest_bureau(
    settings: Settings,
    stations: Iterable[Station],
    now: datetime,
    months: Sequence[date] | None = None,
    progress: Progress = iter,
) -> IngestReport:
    """Fetch the stations' newest files from the Bureau, and those of FEED_URLS unless months are
    named, and take them in as known now; see `ingest_from`.
    """
    with Bureau(settings) as bureau:
        beside = _nothing if months else partial(feeds.fetch, bureau=bureau)
        return ingest_from(bureau, settings, stations, now, months, progress, beside)


def ingest_from(
    bureau: Source,
    settings: Settings,
    stations: Iterable[Station],
    now: datetime,
    months: Sequence[date] | None = None,
    progress: Progress = iter,
    beside: Callable[[Batch], None] = _nothing,
) -> IngestReport:
    """Fetch the stations' newest files from an open Bureau and take them in as known now.

    Args:
        months: days of the months asked for; None for those that may have news (`due_months`).
        beside: adds other files to the batch.

    Returns:
        What came in; a file that cannot be had is among the errors and keeps no other out, but
        after a few failures in a row, from both ends of the list, the server is not asked any more.
    """
    wanted = list(dict.fromkeys(stations))
    archive = stores.of(settings).archive()
    batch = Batch(archive, now, "bureau")
    batch.asked = len(wanted)
    if settings.bureau_url == NO_DAILY_FILES:
        batch.failed, wanted = {s.location: _NOT_IN_FEEDS for s in wanted}, []
    asked = [(station, month) for station in wanted for month in months or due_months(station, now)]
    ends = BothEnds(asked)
    for _ in progress(asked):
        station, month = ends.next()
        if ends.given_up:
            batch.errors.append(f"{station.product}.{month:%Y%m}: {NOT_ASKED_FOR}")
            batch.failed.setdefault(station.location, batch.errors[-1])
            continue
        unreachable = _fetch(batch, bureau, station, month)
        batch.unreachable |= unreachable
        ends.tell(failed=unreachable)
    beside(batch)
    return batch.put(
        lambda frame, _, sources: archive.observe(frame, now, sources), archive.observe_supplements
    )


def _fetch(batch: Batch, bureau: Source, station: Station, month: date) -> bool:
    """Reads one of the Bureau's files; whether the server was not to be had."""
    label, content = f"{station.product}.{month:%Y%m}", b""
    try:
        content = bureau.month(station, month.year, month.month)
        file = intake.possible(label, dwo.parse(content, label), batch.now)
        batch.read.append(Read(label, content, _of_station(file, station, month, label)))
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
