"""A ledger in PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, text

from raincast.store.ledger import Entry, Ledger, entries, line
from raincast.store.locks import PATIENCE_SECONDS, locked
from raincast.store.postgres.database import Database

_READ = text("SELECT entry FROM ledger_entries WHERE ledger = :ledger ORDER BY number")
_ADD = text("INSERT INTO ledger_entries (ledger, entry) VALUES (:ledger, :entry)")
_NEWEST = text("SELECT max(number) FROM ledger_entries WHERE ledger = :ledger")
_LOCKS = {"history": 0x7261696E0001, "runs": 0x7261696E0002, "verdicts": 0x7261696E0003}
"""The locks' numbers, which other users of the database must not choose."""


class SharedLedger(Ledger):
    """See `Ledger`.

    Args:
        which: `history`, `runs` or `verdicts`.
        folder: of what the entries are about on this host; locked before the ledger is.
    """

    def __init__(self, database: Database, which: str, folder: Path) -> None:
        self._database, self._which, self._folder = database, which, folder
        self._holding: Connection | None = None
        self.name = f"the {which} in {database.name}"

    def read(self) -> list[Entry]:
        with self._database.reading() as connection:
            found = connection.execute(_READ, {"ledger": self._which}).scalars().all()
        return list(entries("\n".join(found).encode(), self.name))

    def append(self, entry: Entry) -> None:
        # On the connection that holds the lock: where that has broken, so has the turn.
        assert self._holding is not None  # noqa: S101
        self._holding.execute(_ADD, {"ledger": self._which, "entry": line(entry)})

    @contextmanager
    def alone(self) -> Iterator[None]:
        self._folder.mkdir(parents=True, exist_ok=True)
        with (
            locked(self._folder),
            self._database.turn(_LOCKS[self._which], PATIENCE_SECONDS) as connection,
        ):
            self._holding = connection
            try:
                yield
            finally:
                self._holding = None

    def newest(self) -> int | None:
        """The number of the last entry."""
        with self._database.reading() as connection:
            found: int | None = connection.execute(_NEWEST, {"ledger": self._which}).scalar()
        return found
