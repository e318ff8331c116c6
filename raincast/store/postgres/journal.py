"""The journal in PostgreSQL: lines of the same CSV, committed call by call."""

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, text

from raincast.errors import Busy, JournalFailed, ServerUnavailable
from raincast.forecasts import publication
from raincast.forecasts.pieces import Piece
from raincast.forecasts.row import COLUMNS, Forecast
from raincast.forecasts.row import lines as as_lines
from raincast.store.journal import Journal
from raincast.store.journal_file import PATIENCE_SECONDS
from raincast.store.postgres import lines
from raincast.store.postgres.database import Database

_WRITTEN = text(
    "SELECT extract(epoch FROM written_at) FROM journal_lines WHERE book = :book"
    " ORDER BY number DESC LIMIT 1"
)
_MAY_WRITE = text(
    "SELECT NOT pg_is_in_recovery() AND has_table_privilege('journal_lines', 'INSERT')"
)


ROW_BYTES = 128
"""No row of a forecast is shorter by much."""


class SharedJournal(Journal):
    """See `Journal`.

    Args:
        book: which journal of the database.
    """

    def __init__(
        self, database: Database, book: str, patience_seconds: float = PATIENCE_SECONDS
    ) -> None:
        self._database, self._book = database, book
        self._patience = patience_seconds
        self.name = f"the {book} in {database.name}"

    def append(self, forecasts: Sequence[Forecast]) -> None:
        with self._writing() as connection:
            header = lines.header(connection, self._book)
            if header is None:
                header = ",".join(COLUMNS)
                lines.put_header(connection, self._book, header)
            added = io.BytesIO(as_lines(forecasts, header.split(",")))
            lines.add(connection, self._book, added)

    def require_writable(self) -> None:
        try:
            with self._database.reading() as connection:
                may = connection.execute(_MAY_WRITE).scalar()
        except ServerUnavailable as error:
            raise JournalFailed(str(error)) from error
        if not may:
            raise JournalFailed(f"{self.name}: expected a database that can be written")

    def merge(self, theirs: bytes, name: str = "the other journal") -> int:
        with self._writing() as connection:
            ours = lines.csv(connection, self._book)
            both = publication.merged(ours, theirs, name)
            if both != ours:
                lines.replace(connection, self._book, io.BytesIO(both))
            return len(both) - len(ours)

    def snapshot(self) -> bytes:
        with self._database.reading() as connection:
            return lines.csv(connection, self._book)

    def pieces(self) -> Iterator[Piece]:
        with self._database.reading() as connection:
            yield from lines.pieces(connection, self._book)

    def _end(self, size: int) -> tuple[bytes, bool]:
        with self._database.reading() as connection:
            return lines.end(connection, self._book, size // ROW_BYTES)

    def exists(self) -> bool:
        with self._database.reading() as connection:
            return lines.header(connection, self._book) is not None

    def written_at(self) -> float | None:
        with self._database.reading() as connection:
            found = connection.execute(_WRITTEN, {"book": self._book}).scalar()
        return None if found is None else float(found)

    def torn(self) -> Path | None:
        return None  # a transaction leaves nothing behind

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        try:
            with self._database.writing(lines.TABLE, self._patience) as connection:
                yield connection
        except (ServerUnavailable, Busy) as error:
            raise JournalFailed(f"could not write to {self.name}: {error}") from error
