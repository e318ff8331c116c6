"""The Bureau's answers as they were kept, so that only what has changed is asked for."""

import logging
import sqlite3
from contextlib import closing
from pathlib import Path

from hishel import SqliteStorage

_BESIDE = ("", "-wal", "-shm", "-journal")
_log = logging.getLogger(__name__)


def storage(path: Path) -> SqliteStorage:
    """The answers in that file. Where it is damaged it is taken away and begun anew: all that it
    holds can be asked for again.
    """
    if path.exists() and not _is_whole(path):
        _log.warning("%s was damaged and is begun anew; the Bureau's files are fetched again", path)
        for ending in _BESIDE:
            Path(f"{path}{ending}").unlink(missing_ok=True)
    return SqliteStorage(database_path=path)


def _is_whole(path: Path) -> bool:
    try:
        with closing(sqlite3.connect(path)) as database:
            return bool(database.execute("PRAGMA quick_check(1)").fetchone() == ("ok",))
    except sqlite3.OperationalError:  # locked by another process, or not to be opened: not damaged
        return True
    except sqlite3.DatabaseError:
        return False
