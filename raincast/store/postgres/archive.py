"""The archive in PostgreSQL: the same tables, questions and answers as the file's."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from sqlalchemy import Connection, text

from raincast.store.archive import Archive
from raincast.store.archive_answers import Readable
from raincast.store.archive_rows import Rows
from raincast.store.locks import PATIENCE_SECONDS
from raincast.store.postgres import archive_sql
from raincast.store.postgres.database import Database

_WITHDRAW = (
    "INSERT INTO withdrawals (at, location, day, digest, reason, withdrawn)"
    " VALUES (%s, %s, %s, %s, %s, %s)"
)


class _Rows(list[tuple[Any, ...]]):
    """The rows of an answer, as SQLite gives them."""

    def fetchone(self) -> tuple[Any, ...]:
        return self[0]

    def fetchall(self) -> list[tuple[Any, ...]]:
        return self


class _Answers:
    """A connection as the archive asks it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def execute(self, query: str, asked: Any = None, /) -> _Rows:
        return _Rows(map(tuple, self._connection.execute(text(query), asked or {})))


class SharedArchive(Archive):
    """See `Archive`. Whoever writes waits for others who do; readers wait for nobody."""

    _sql = archive_sql

    def __init__(self, database: Database, busy_seconds: float = PATIENCE_SECONDS) -> None:
        self._database, self._busy = database, busy_seconds

    @contextmanager
    def _reading(self) -> Iterator[Readable]:
        with self._database.reading() as connection:
            yield _Answers(connection)

    @contextmanager
    def _writing(self) -> Iterator[psycopg.Cursor[Any]]:
        with self._database.writing("appends", self._busy) as connection:
            opened: Any = connection.connection.driver_connection
            with opened.cursor() as cursor:
                yield cursor

    def _take(self, contents: Rows, sightings: Rows) -> int:
        with self._writing() as cursor:
            _bring(cursor, "contents", contents)
            _copy(cursor, "sightings", "batch", sightings)
            before = _count(cursor, archive_sql.COUNT_VERSIONS)
            new = _add(cursor, "sightings", "batch")
            if not new:
                return 0
            cursor.execute("INSERT INTO appends (sightings) VALUES (%s)", (new,))
            return _count(cursor, archive_sql.COUNT_VERSIONS) - before

    def _take_supplements(self, contents: Rows, rows: Rows) -> int:
        with self._writing() as cursor:
            before = _count(cursor, archive_sql.COUNT_SUPPLEMENTS)
            _bring(cursor, "contents", contents)
            new = _bring(cursor, "supplements", rows)
            if new:
                cursor.execute("INSERT INTO appends (sightings) VALUES (%s)", (new,))
            return _count(cursor, archive_sql.COUNT_SUPPLEMENTS) - before

    def take_in(self, rows: dict[str, Rows]) -> int:
        """Adds what another archive holds (`everything`), all or nothing; how many sightings."""
        with self._writing() as cursor:
            for table in ("contents", "sightings", "supplements", "files"):
                _bring(cursor, table, rows[table])
            if not _count(cursor, "SELECT count(*) FROM withdrawals"):
                cursor.executemany(_WITHDRAW, rows["withdrawals"])
            cursor.execute("INSERT INTO appends (sightings) VALUES (0)")
            return _count(cursor, "SELECT count(*) FROM sightings")

    def _record_withdrawal(self, row: tuple[Any, ...]) -> None:
        with self._writing() as cursor:
            cursor.execute(_WITHDRAW, row)
            cursor.execute("INSERT INTO appends (sightings) VALUES (0)")

    def _keep_files(self, rows: Rows) -> None:
        with self._writing() as cursor:
            _bring(cursor, "files", rows)


def _bring(cursor: psycopg.Cursor[Any], table: str, rows: Rows) -> int:
    """Adds the rows that are not there; how many."""
    _copy(cursor, table, f"{table}_batch", rows)
    return _add(cursor, table, f"{table}_batch")


def _copy(cursor: psycopg.Cursor[Any], table: str, batch: str, rows: Iterable[Any]) -> None:
    """The rows in a table that ends with the transaction."""
    cursor.execute(f"CREATE TEMP TABLE {batch} (LIKE {table}) ON COMMIT DROP")
    with cursor.copy(f"COPY {batch} FROM STDIN") as copy:
        for row in rows:
            copy.write_row([_held(value) for value in row])


def _held(value: Any) -> Any:
    """A value as SQLite holds it: of NaN nothing, of -0.0 the plain zero."""
    if isinstance(value, float):
        return None if value != value else value + 0.0
    return value


def _add(cursor: psycopg.Cursor[Any], table: str, batch: str) -> int:
    cursor.execute(f"INSERT INTO {table} SELECT * FROM {batch} ON CONFLICT DO NOTHING")  # noqa: S608
    return cursor.rowcount


def _count(cursor: psycopg.Cursor[Any], query: str) -> int:
    found = cursor.execute(query).fetchone()
    return int(found[0]) if found else 0
