"""Room on disk for what a work needs while it goes on."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from raincast.errors import Busy
from raincast.store.locks import locked

_NAME = "raincast-fit-"


@contextmanager
def folder() -> Iterator[str]:
    """A folder that is gone when it is closed; under `TMPDIR` where that is set. What is killed
    leaves it behind, for the next to clear away: it may be tens of gigabytes.
    """
    home = Path(tempfile.gettempdir())
    _clear(home)
    made = Path(tempfile.mkdtemp(prefix=f".{_NAME}", dir=home))
    with locked(made):
        # It has the name that is cleared away only once it is locked, and keeps the lock.
        place = made.rename(home / made.name.removeprefix("."))
        try:
            yield str(place)
        finally:
            shutil.rmtree(place, ignore_errors=True)


def _clear(home: Path) -> None:
    """Takes away what no process holds any more; what is another user's stays."""
    for left in home.glob(f"{_NAME}*"):
        with suppress(Busy, OSError), locked(left, patience=0):
            shutil.rmtree(left, ignore_errors=True)
