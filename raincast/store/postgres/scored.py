"""The scored journal in PostgreSQL, put in place whole in one transaction."""

import io
from typing import IO

import pandas as pd

from raincast.store.journal import PATIENCE_SECONDS
from raincast.store.postgres import lines
from raincast.store.postgres.database import Database
from raincast.store.scored import Scored, put

BOOK = "scored"


class SharedScored(Scored):
    """See `Scored`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.name = f"the scored journal in {database.name}"

    def write(self, scored: pd.DataFrame) -> None:
        out = io.BytesIO()
        put(scored, out)
        with self._database.writing(lines.TABLE, PATIENCE_SECONDS) as connection:
            lines.replace(connection, BOOK, out.getvalue())

    def _open(self) -> IO[bytes]:
        with self._database.reading() as connection:
            found = lines.csv(connection, BOOK)
        if not found:
            raise FileNotFoundError(self.name)
        return io.BytesIO(found)
