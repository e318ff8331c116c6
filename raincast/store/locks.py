"""One process at a time: the one lock of all that this program writes.

A lock ends with its process, however that ends. Waiting for one ends too, and says for whom.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from fcntl import LOCK_EX, LOCK_NB, LOCK_SH, flock
from pathlib import Path

from raincast.errors import Busy

PATIENCE_SECONDS = 60.0
_FIRST_PAUSE, _LONGEST_PAUSE = 0.0005, 0.05
_PROC = Path("/proc")


@contextmanager
def locked(
    path: Path, patience: float = PATIENCE_SECONDS, *, shared: bool = False
) -> Iterator[int]:
    """Whoever is inside works on what `path` names alone, or with others that are `shared`; is
    given the handle of what is locked.

    A folder is locked itself, which asks for no right to write; of anything else the file
    `.<name>.lock` beside it, which stays when the thing is replaced. Whoever shares it makes none.

    Raises:
        FileNotFoundError: it is to be shared, and nobody has ever locked it.
        Busy: another process has held it for `patience` seconds.
    """
    handle = _opened(path, shared)
    try:
        _take(handle, LOCK_SH if shared else LOCK_EX, path, time.monotonic() + patience)
        yield handle
    finally:
        os.close(handle)


def lock_file(path: Path) -> Path:
    """The file that stands for a path that is no folder."""
    return path.with_name(f".{path.name}.lock")


def _opened(path: Path, shared: bool) -> int:
    if path.is_dir() or shared:
        return os.open(path if path.is_dir() else lock_file(path), os.O_RDONLY)
    try:
        return _made(path)
    except FileNotFoundError:  # asked only then, since a lock is taken for every answer
        path.parent.mkdir(parents=True, exist_ok=True)
        return _made(path)


def _made(path: Path) -> int:
    return os.open(lock_file(path), os.O_RDWR | os.O_CREAT, 0o644)


def _take(handle: int, kind: int, path: Path, until: float) -> None:
    pause = _FIRST_PAUSE
    while True:
        try:
            return flock(handle, kind | LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                raise Busy(f"{path}: {_holder(handle)} works on it; wait, or end it") from None
            time.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)


def _holder(handle: int) -> str:
    """Who holds the lock of an open file, as far as the system tells."""
    inode = str(os.fstat(handle).st_ino)
    try:
        for line in (_PROC / "locks").read_text().splitlines():
            parts = line.split()
            if parts[1] == "FLOCK" and parts[5].rpartition(":")[2] == inode:
                return f"process {parts[4]} ({_command(parts[4])})"
    except (OSError, IndexError):
        pass  # another system, or a container that hides it
    return "another process"


def _command(pid: str) -> str:
    try:
        words = (_PROC / pid / "cmdline").read_bytes().split(b"\0")
    except OSError:
        return "of another user"
    return " ".join(Path(word.decode("utf-8", "replace")).name for word in words[:4]).strip()
