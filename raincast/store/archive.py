"""Observations with two clocks: the day that a row is about, and when that row was known.

One SQLite file that only grows. `contents` holds what was ever said of a station-day, `sightings`
who said it and when. Both are sets, and every answer follows from them, so neither the order in
which they were filled nor a repetition matters. Therefore a sighting that repeats the one before it
is kept too: one that is told late may belong between them. A *version* is a sighting that differs
from the one before it.
"""

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from datetime import date, datetime
from hashlib import blake2b
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from raincast.errors import BadFile, BadInput
from raincast.observations import panel, precedence
from raincast.observations.availability import instant, moment
from raincast.observations.frame import degrees
from raincast.observations.network import find, in_force
from raincast.observations.schema import COLUMNS, DIRECTIONS, OBSERVATIONS
from raincast.store import archive_sql as sql
from raincast.store.archive_records import FileRecord, Sighting, Withdrawal
from raincast.store.locks import PATIENCE_SECONDS

Rows = list[tuple[Any, ...]]


class Readable(Protocol):
    """What answers queries: a connection of either engine."""

    def execute(self, query: str, asked: Any = ..., /) -> Any:
        """The rows of an answer."""


def _digests(frame: pd.DataFrame) -> list[bytes]:
    """One digest for each row's values; the same for -0.0 as for 0.0, and for every kind of
    missing.
    """
    columns = [
        degrees(frame[name]) if name in DIRECTIONS else frame[name].to_numpy()
        for name in OBSERVATIONS
    ]
    block = np.column_stack(columns).astype("<f8") + 0.0
    block[np.isnan(block)] = np.nan
    return [blake2b(row, digest_size=8).digest() for row in block]


def _instants(known_at: datetime | pd.Series, rows: int) -> list[int]:
    moments = pd.Series([known_at]).repeat(rows) if isinstance(known_at, datetime) else known_at
    if moments.dt.tz is None:
        raise BadInput(f"known_at: found {moments.iloc[0]} without a time zone, expected instants")
    seconds: list[int] = moments.dt.as_unit("s").astype("int64").tolist()
    return seconds


def _rows(
    frame: pd.DataFrame, known_at: datetime | pd.Series, source: str | pd.Series
) -> tuple[Rows, Rows]:
    """Rows as the tables have them: contents, and who said them when."""
    digests = _digests(frame)
    keys = frame["Location"].tolist(), frame["Date"].dt.strftime("%Y-%m-%d").tolist()
    sources = [source] * len(frame) if isinstance(source, str) else source.tolist()
    values = (frame[name].tolist() for name in OBSERVATIONS)
    contents = zip(*keys, digests, *values, strict=True)
    sightings = zip(*keys, _instants(known_at, len(frame)), digests, sources, strict=True)
    return list(contents), list(sightings)


def _frame(rows: Iterable[tuple[Any, ...]], keys: dict[str, str]) -> pd.DataFrame:
    """Rows of keys and contents as a typed frame; `keys` names the columns before the contents, and
    their types.
    """
    kinds = keys | {"Location": "O", "Date": "M8[s]", "digest": "O"} | sql.KINDS
    block: npt.NDArray[Any] = np.fromiter(rows, dtype=list(kinds.items()))
    return pd.DataFrame(
        {name: pd.Series(block[name].copy(), dtype=kind) for name, kind in kinds.items()}
    )


def _withdrawn(connection: "Readable") -> bool:
    return bool(connection.execute(sql.ANY_WITHDRAWN).fetchone()[0])


def _writable(path: Path) -> bool:
    return os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)


class Archive:
    """Observations as they were known, when. Safe with several processes; opens the file for each
    call.

    Args:
        path: the SQLite file; made if it is not there.
        busy_seconds: how long to wait for another process that has locked it.
    """

    _sql: ModuleType = sql

    def __init__(self, path: Path, busy_seconds: float = PATIENCE_SECONDS) -> None:
        self._path, self._busy = path, busy_seconds
        self._fixed = path.exists() and not _writable(path)
        if self._fixed:  # whoever may only read can still read
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        with self._connection() as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.executescript(sql.TABLES)

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(self._opened()) as connection:
                connection.execute("PRAGMA synchronous = FULL")
                yield connection
        except sqlite3.DatabaseError as error:
            expected = (
                "an archive that can be read and written; make room, or put a sound copy of the"
                " file there"
            )
            raise BadFile(str(self._path), str(error), expected) from error

    def _reading(self) -> AbstractContextManager[Readable]:
        """What answers queries, of one moment each."""
        return self._connection()

    def _opened(self) -> sqlite3.Connection:
        """Only what is there: an archive that was taken away is not replaced by an empty one."""
        mode = "rw"
        if self._fixed:  # without a log beside it nobody is at work on the file
            logged = self._path.with_name(f"{self._path.name}-wal").exists()
            mode = "ro" if logged else "ro&immutable=1"
        address = f"{self._path.resolve().as_uri()}?mode={mode}"
        opened = sqlite3.connect(address, uri=True, timeout=self._busy, isolation_level=None)
        if self._fixed and not opened.execute(sql.HAS_TABLE).fetchone()[0]:
            opened.execute(sql.NO_SUPPLEMENTS)
        return opened

    def append(
        self, frame: pd.DataFrame, known_at: datetime | pd.Series, source: str | pd.Series
    ) -> int:
        """Add what rows say; all of them or, if it fails, none. What is known already adds nothing.

        Args:
            frame: rows with the columns and types of an observations frame; a station-day may come
                several times.
            known_at: when they were known: one aware instant, or one for each row; whole seconds
                count.
            source: who says so: one name, or one for each row.

        Returns:
            The number of versions that were not there.
        """
        if frame.empty:
            return 0
        contents, sightings = _rows(frame, known_at, source)
        return self._take(contents, sightings)

    def _take(self, contents: Rows, sightings: Rows) -> int:
        with self._connection() as connection, connection:
            connection.execute("CREATE TEMP TABLE batch (location, day, known_at, digest, source)")
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(sql.ADD_CONTENTS, contents)
            connection.executemany("INSERT INTO batch VALUES (?, ?, ?, ?, ?)", sightings)
            return self._take_batch(connection)

    def supplement(
        self,
        frame: pd.DataFrame,
        known_at: pd.Series,
        source: pd.Series,
        channel: pd.Series,
        covers: pd.Series,
    ) -> int:
        """As `append`, for what sources beside the daily files say of a day or of a part of it.
        `observations.precedence` says whose word counts; all of them are kept.

        Args:
            channel: which kind of source each row is of.
            covers: how many days each row's rain covers.
        """
        contents, sightings = _rows(frame, known_at, source)
        pairs = zip(sightings, channel.tolist(), covers.tolist(), strict=True)
        return self._take_supplements(contents, [(*sighting, *rest) for sighting, *rest in pairs])

    def _take_supplements(self, contents: Rows, rows: Rows) -> int:
        with self._connection() as connection, connection:
            connection.execute("BEGIN IMMEDIATE")
            before = connection.execute(sql.COUNT_SUPPLEMENTS).fetchone()[0]
            connection.executemany(sql.ADD_CONTENTS, contents)
            new = connection.executemany(sql.ADD_SUPPLEMENT, rows).rowcount
            if new:
                connection.execute("INSERT INTO appends (sightings) VALUES (?)", (new,))
            return int(connection.execute(sql.COUNT_SUPPLEMENTS).fetchone()[0] - before)

    def observe(self, frame: pd.DataFrame, now: datetime, source: str | pd.Series) -> int:
        """As `append`, for what a source shows at this moment: a row that says what is known
        already is not kept.

        So the archive does not grow with every look at an unchanged page. Should an older look at
        the same row be told
        later (`append`) and differ, the next look puts the row right again.
        """
        if frame.empty:
            return 0
        asked = self._asked(now, frame["Date"].min().date(), frame["Date"].max().date())
        with self._reading() as connection:
            newest = {
                row[:2]: row[2]
                for row in connection.execute(
                    self._sql.newest_digests(_withdrawn(connection)), asked
                )
            }
        days = zip(frame["Location"], frame["Date"].dt.strftime("%Y-%m-%d"), strict=True)
        is_new = [
            newest.get(day) != digest for day, digest in zip(days, _digests(frame), strict=True)
        ]
        sources = (
            pd.Series(source, index=frame.index)
            if isinstance(source, str)
            else source.set_axis(frame.index)
        )
        return self.append(frame[is_new], now, sources[is_new])

    def _asked(
        self, at: datetime | None, first: date | None, last: date | None
    ) -> dict[str, object]:
        return {
            "at": 2**62 if at is None else instant(at),
            "first": str(first or date.min),
            "last": str(last or date.max),
            "locations": json.dumps(in_force().locations),
        }

    def _take_batch(self, connection: sqlite3.Connection) -> int:
        before = connection.execute(sql.COUNT_VERSIONS).fetchone()[0]
        new = connection.execute("INSERT OR IGNORE INTO sightings SELECT * FROM batch").rowcount
        if not new:
            return 0
        connection.execute("INSERT INTO appends (sightings) VALUES (?)", (new,))
        return int(connection.execute(sql.COUNT_VERSIONS).fetchone()[0] - before)

    def as_known_at(
        self, at: datetime | None = None, *, first: date | None = None, last: date | None = None
    ) -> pd.DataFrame:
        """The observations frame of the newest version of each station-day that was known at an
        instant; where several sources speak of one, `precedence.ORDER` decides by reading.

        Args:
            at: an aware instant; None for all that is known to date.
            first, last: the days asked for, inclusive; None for all.

        Returns:
            Sorted by Location and Date. Its values were checked when they came in.
        """
        asked = self._asked(at, first, last)
        with self._reading() as connection:
            query = self._sql.newest(_withdrawn(connection))
            daily = _frame(connection.execute(query, asked), {})[list(COLUMNS)]
            if not connection.execute(self._sql.ANY_SUPPLEMENT).fetchone()[0]:
                return daily
            keys = {"newest": "i8", "channel": "O", "covers": "i8"}
            others = _frame(connection.execute(self._sql.SUPPLEMENTS, asked), keys)
        return precedence.merged(daily, others) if len(others) else daily

    def rainfall(
        self, at: datetime | None = None, *, first: date | None = None, last: date | None = None
    ) -> pd.DataFrame:
        """The rainfall readings known at an instant: Location, Date, Rainfall (mm), and whether it
        is `accumulated`.

        An accumulated reading follows a day without one and may hold several days' rain: it is no
        truth.
        """
        frame = self.as_known_at(at, last=last)
        marked = frame[["Location", "Date", "Rainfall"]].assign(
            accumulated=panel.accumulated(frame)
        )
        return marked[marked["Date"] >= pd.Timestamp(first or date.min)].reset_index(drop=True)

    def versions(self, location: str, day: date) -> pd.DataFrame:
        """Every version of one station-day, oldest first: `known_at` (UTC), `source`, the 19
        observations.
        """
        asked = {"location": find(location).location, "day": str(day)}
        with self._reading() as connection:
            frame = _frame(
                connection.execute(self._sql.VERSIONS, asked), {"known_at": "M8[s]", "source": "O"}
            )
        frame["known_at"] = frame["known_at"].dt.tz_localize("UTC")
        return frame[["known_at", "source", *OBSERVATIONS]]

    def sightings(self, location: str, day: date) -> list[Sighting]:
        """Every sighting of one station-day, oldest first."""
        asked = {"location": find(location).location, "day": str(day)}
        with self._reading() as connection:
            rows = connection.execute(self._sql.CONTENTS_OF_DAY, asked).fetchall()
        return [
            Sighting(version=digest.hex(), known_at=moment(at), source=source, withdrawn=bool(gone))
            for digest, at, source, gone in rows
        ]

    def withdraw(
        self, location: str, day: date, version: str, reason: str, now: datetime, back: bool = False
    ) -> None:
        """Takes one version of a station-day out of every answer, or `back` into them; recorded
        with the reason.

        What was seen stays recorded, and the same values seen again stay out.

        Raises:
            BadInput: the archive has no such version, or it is so already, or no reason is given.
        """
        place = find(location).location
        known = {row.version: row.withdrawn for row in self.sightings(place, day)}
        if version not in known:
            found = ", ".join(known) or "none"
            raise BadInput(f"{place} {day}: found versions {found}, expected {version}")
        if known[version] != back:
            raise BadInput(f"{place} {day} {version} is {'taken in' if back else 'out'} already")
        if not reason.strip():
            raise BadInput("found no reason, expected one: it is kept in the record")
        row = (instant(now), place, str(day), bytes.fromhex(version), reason, int(not back))
        self._record_withdrawal(row)

    def _record_withdrawal(self, row: tuple[Any, ...]) -> None:
        with self._connection() as connection, connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute(sql.WITHDRAW, row)
            connection.execute("INSERT INTO appends (sightings) VALUES (0)")

    def withdrawals(self) -> list[Withdrawal]:
        """What was taken out, and back in, oldest first."""
        names = ("at", "location", "day", "version", "reason", "withdrawn")
        with self._reading() as connection:
            rows = connection.execute(self._sql.WITHDRAWALS).fetchall()
        found = (dict(zip(names, row, strict=True)) for row in rows)
        return [
            Withdrawal(**(row | {"at": moment(row["at"]), "version": row["version"].lower()}))
            for row in found
        ]

    def record_files(self, records: Sequence["FileRecord"]) -> None:
        """Writes down what became of files; the same file and outcome is recorded once."""
        self._keep_files([record.cells() for record in records])

    def _keep_files(self, rows: Rows) -> None:
        with self._connection() as connection, connection:
            connection.executemany(sql.ADD_FILE, rows)

    def files(self) -> list[dict[str, Any]]:
        """The record of every file, oldest first, without its content."""
        names = FileRecord._fields[:8]
        with self._reading() as connection:
            rows = connection.execute(self._sql.FILES).fetchall()
        return [
            dict(zip(names, row, strict=True))
            | {"seen_at": moment(row[2]), "remarks": json.loads(row[7])}
            for row in rows
        ]

    def remarks(self, location: str, day: date) -> list[str]:
        """What was remarked on the newest files of a station's month that were taken, the newest
        file first.
        """
        asked = {"station": location, "month": f"{day:%Y-%m}"}
        with self._reading() as connection:
            rows = connection.execute(self._sql.REMARKS, asked).fetchall()
        return [remark for (told,) in rows for remark in json.loads(told)]

    def everything(self) -> dict[str, Rows]:
        """Every row of every table, as they lie there; `take_in` takes them."""
        with self._reading() as connection:
            return {
                table: connection.execute(query).fetchall()
                for table, query in sql.EVERYTHING.items()
            }

    def newest_day(self) -> date | None:
        """The newest day of which anything is known; takes about 1 ms."""
        with self._reading() as connection:
            found = connection.execute(self._sql.NEWEST_DAY).fetchone()[0]
        return date.fromisoformat(found[:10]) if found else None

    def span(self) -> tuple[date, date] | None:
        """The first and the last day of which anything was ever known; None where nothing was."""
        with self._reading() as connection:
            first, last = connection.execute(self._sql.SPAN).fetchone()
        return (date.fromisoformat(first[:10]), date.fromisoformat(last[:10])) if first else None

    def newest_row(self, location: str, until: date) -> date | None:
        """The newest day, at the latest that one, of which anything is known of the station."""
        with self._reading() as connection:
            asked = {"location": location, "until": until.isoformat()}
            found = connection.execute(self._sql.NEWEST_ROW, asked).fetchone()[0]
        return date.fromisoformat(found[:10]) if found else None

    def revision(self) -> int:
        """A number that grows with every change of the archive; takes about 0.1 ms."""
        with self._reading() as connection:
            return int(connection.execute(self._sql.REVISION).fetchone()[0])
