"""Observations with two clocks: the day that a row is about, and when that row was known.

One SQLite file that only grows. `contents` holds what was ever said of a station-day, `sightings`
who said it and when. Both are sets, and every answer follows from them, so neither the order in
which they were filled nor a repetition matters. Therefore a sighting that repeats the one before it
is kept too: one that is told late may belong between them. A *version* is a sighting that differs
from the one before it.
"""

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from raincast.errors import BadFile, BadInput
from raincast.observations.availability import instant
from raincast.observations.network import find
from raincast.store import archive_sql as sql
from raincast.store.archive_answers import Answers, Readable, any_withdrawn
from raincast.store.archive_records import FileRecord
from raincast.store.archive_rows import Rows, digests_of, rows_of
from raincast.store.locks import PATIENCE_SECONDS


def _writable(path: Path) -> bool:
    return os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)


class Archive(Answers):
    """Observations as they were known, when. Safe with several processes; opens the file for each
    call.

    Args:
        path: the SQLite file; made if it is not there.
        busy_seconds: how long to wait for another process that has locked it.
    """

    def __init__(self, path: Path, busy_seconds: float = PATIENCE_SECONDS) -> None:
        self._path, self._busy = path, busy_seconds
        self._fixed = path.exists() and not _writable(path)
        if self._fixed:  # whoever may only read can still read
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():  # else its time would tell readers of a change
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
                "an archive that can be read and written; look at rights and room, or put a sound"
                " copy of the file there"
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
        contents, sightings = rows_of(frame, known_at, source)
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
        contents, sightings = rows_of(frame, known_at, source)
        pairs = zip(sightings, channel.tolist(), covers.tolist(), strict=True)
        return self._take_supplements(contents, [(*sighting, *rest) for sighting, *rest in pairs])

    def observe_supplements(
        self,
        frame: pd.DataFrame,
        known_at: pd.Series,
        source: pd.Series,
        channel: pd.Series,
        covers: pd.Series,
    ) -> int:
        """As `supplement`, for what a source shows at this moment: a row that says what its channel
        said last is not kept, so that the archive does not grow with every look (`observe`). What a
        clock that was ahead has dated later does not count: nobody knows it yet.
        """
        if frame.empty:
            return 0
        now = known_at.max().to_pydatetime()
        asked = self._asked(now, frame["Date"].min().date(), frame["Date"].max().date())
        with self._reading() as connection:
            rows = connection.execute(self._sql.NEWEST_SUPPLEMENTS, asked).fetchall()
        newest = {tuple(row[:4]): row[4] for row in rows}
        days = frame["Date"].dt.strftime("%Y-%m-%d")
        keys = zip(frame["Location"], days, channel, covers, strict=True)
        is_new = np.array(
            [newest.get(key) != d for key, d in zip(keys, digests_of(frame), strict=True)]
        )
        kept = [part[is_new].reset_index(drop=True) for part in (known_at, source, channel, covers)]
        return self.supplement(frame[is_new].reset_index(drop=True), *kept)

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
                    self._sql.newest_digests(any_withdrawn(connection)), asked
                )
            }
        days = zip(frame["Location"], frame["Date"].dt.strftime("%Y-%m-%d"), strict=True)
        is_new = [
            newest.get(day) != digest for day, digest in zip(days, digests_of(frame), strict=True)
        ]
        sources = (
            pd.Series(source, index=frame.index)
            if isinstance(source, str)
            else source.set_axis(frame.index)
        )
        return self.append(frame[is_new], now, sources[is_new])

    def _take_batch(self, connection: sqlite3.Connection) -> int:
        before = connection.execute(sql.COUNT_VERSIONS).fetchone()[0]
        new = connection.execute("INSERT OR IGNORE INTO sightings SELECT * FROM batch").rowcount
        if not new:
            return 0
        connection.execute("INSERT INTO appends (sightings) VALUES (?)", (new,))
        return int(connection.execute(sql.COUNT_VERSIONS).fetchone()[0] - before)

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

    def record_files(self, records: Sequence[FileRecord]) -> None:
        """Writes down what became of files; the same file and outcome is recorded once."""
        self._keep_files([record.cells() for record in records])

    def _keep_files(self, rows: Rows) -> None:
        with self._connection() as connection, connection:
            connection.executemany(sql.ADD_FILE, rows)
