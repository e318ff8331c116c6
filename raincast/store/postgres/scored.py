"""The scored journal in PostgreSQL, put in place whole in one transaction."""

import io
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO

import pandas as pd

from raincast.store.journal_file import PATIENCE_SECONDS
from raincast.store.postgres import lines
from raincast.store.postgres.database import Database
from raincast.store.scored import Scored, into

BOOK = "scored"


class SharedScored(Scored):
    """See `Scored`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.name = f"the scored journal in {database.name}"

    @contextmanager
    def writing(self) -> Iterator[Callable[[pd.DataFrame], None]]:
        with tempfile.TemporaryFile() as out:  # others write to the table until all rows are made
            yield into(out)
            out.seek(0)
            with self._database.writing(lines.TABLE, PATIENCE_SECONDS) as connection:
                lines.replace(connection, BOOK, out)

    def _open(self) -> IO[bytes]:
        with self._database.reading() as connection:
            found = lines.csv(connection, BOOK)
        if not found:
            raise FileNotFoundError(self.name)
        return io.BytesIO(found)
