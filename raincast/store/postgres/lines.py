"""A CSV as rows of the table `journal_lines`: its header, and one row for each line."""

from collections.abc import Iterable, Iterator
from typing import IO

from sqlalchemy import Connection, ScalarResult, text

from raincast.forecasts.pieces import Piece
from raincast.store.postgres.database import Database

TABLE = "journal_lines"
_HEADER = text("SELECT header FROM journal_headers WHERE book = :book")
_LINES = text("SELECT line FROM journal_lines WHERE book = :book ORDER BY number")
_END = text("SELECT line FROM journal_lines WHERE book = :book ORDER BY number DESC LIMIT :count")
_STROKES = text(
    "SELECT EXISTS (SELECT 1 FROM journal_lines WHERE book = :book AND line LIKE '%/%')"
)
_PUT_HEADER = text(
    "INSERT INTO journal_headers (book, header) VALUES (:book, :header)"
    " ON CONFLICT (book) DO UPDATE SET header = excluded.header"
)
_CLEAR = text("DELETE FROM journal_lines WHERE book = :book")
_NEWEST = text("SELECT max(number) FROM journal_lines WHERE book = :book")
AT_ONCE = 10_000


def header(connection: Connection, book: str) -> str | None:
    """The first line; None where nothing was ever written."""
    found: str | None = connection.execute(_HEADER, {"book": book}).scalar()
    return found


def csv(connection: Connection, book: str) -> bytes:
    """The whole as the file engine would have it; nothing where there is no header."""
    first = header(connection, book)
    if first is None:
        return b""
    return _joined((first, *_lines(connection, book)))


def pieces(connection: Connection, book: str) -> Iterator[Piece]:
    """The same in pieces; see `forecasts.pieces`."""
    first = header(connection, book)
    if first is None:
        yield Piece(b"", b"")
        return
    if connection.execute(_STROKES, {"book": book}).scalar():
        yield Piece(b"", csv(connection, book))
        return
    skipped = 0
    for some in _lines(connection, book).partitions():
        yield Piece(f"{first}\n".encode(), _joined(some), skipped)
        skipped += len(some)
    if not skipped:
        yield Piece(f"{first}\n".encode(), b"")


def end(connection: Connection, book: str, count: int) -> tuple[bytes, bool]:
    """The header and the last lines, up to so many; whether they are all."""
    first = header(connection, book)
    if first is None:
        return b"", True
    found = connection.execute(_END, {"book": book, "count": count}).scalars().all()
    return _joined((first, *found[::-1])), len(found) < count


def put_header(connection: Connection, book: str, line: str) -> None:
    connection.execute(_PUT_HEADER, {"book": book, "header": line})


def add(connection: Connection, book: str, lines: Iterable[bytes]) -> None:
    """Adds lines, each with its end or without, behind those that are there."""
    raw = connection.connection.driver_connection
    assert raw is not None  # noqa: S101
    with (
        raw.cursor() as cursor,
        cursor.copy("COPY journal_lines (book, line) FROM STDIN") as copy,
    ):
        for line in lines:
            copy.write_row((book, line.rstrip(b"\n").decode("utf-8", "replace")))


def replace(connection: Connection, book: str, data: IO[bytes]) -> None:
    """Puts a whole CSV in the place of what was there."""
    put_header(connection, book, data.readline().rstrip(b"\n").decode("utf-8", "replace"))
    connection.execute(_CLEAR, {"book": book})
    add(connection, book, data)


def newest(database: Database, book: str) -> int | None:
    """The number of the last line; a later change has a higher one."""
    with database.reading() as connection:
        found: int | None = connection.execute(_NEWEST, {"book": book}).scalar()
    return found


def _lines(connection: Connection, book: str) -> ScalarResult[str]:
    options = {"yield_per": AT_ONCE}
    return connection.execute(_LINES, {"book": book}, execution_options=options).scalars()


def _joined(lines: Iterable[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()
