"""Appending lines to a file so that those of one call stand together, or not at all.

The lock's file says what is under way: the file's inode, its size before, and how many bytes are
to come. A process that is killed leaves that mark; readers then read up to it, and the next writer
sets aside what lies behind it. Whoever appends holds the lock (`locks.locked`), by whose handle the
mark is read and set.
"""

import logging
import os
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from raincast.store.files import sync_folder

_LONGEST_LINE = 65536
_WIDTH = 64
_NO_MARK = b"".ljust(_WIDTH)
_log = logging.getLogger(__name__)


class _Mark(NamedTuple):
    inode: int
    size: int
    coming: int


def append(path: Path, rows: bytes, lock: int) -> int:
    """Adds whole lines and waits until they are on disk; on failure the file is as before.

    Args:
        lock: the handle of the lock that is held.

    Returns:
        The file's inode.
    """
    handle = os.open(path, os.O_RDWR | os.O_APPEND)
    try:
        found = os.fstat(handle)
        mark = _Mark(found.st_ino, found.st_size, len(rows))
        _set_mark(lock, mark, lasting=rows.count(b"\n") > 1)
        try:
            _write(handle, rows)
            os.fdatasync(handle)
        except OSError:
            os.ftruncate(handle, found.st_size)
            raise
        finally:
            os.pwrite(lock, _NO_MARK, 0)
        return found.st_ino
    finally:
        os.close(handle)


def settle(path: Path, lock: int) -> None:
    """Sets half a call aside that a killed writer left."""
    try:
        with path.open("rb") as file:
            _cut(path, size(file.fileno(), lock))
    except FileNotFoundError:
        pass
    os.pwrite(lock, _NO_MARK, 0)


def mend_end(path: Path, is_row: Callable[[bytes], bool]) -> None:
    """Gives a last line without end its end where it is a row; else it is torn, and set aside."""
    with path.open("r+b") as file:
        end = file.seek(0, os.SEEK_END)
        start = file.seek(max(0, end - _LONGEST_LINE))
        line = file.read().rpartition(b"\n")[2]
        if line and is_row(line):
            file.write(b"\n")
    if line and not is_row(line) and len(line) < end - start:
        _cut(path, end - len(line))


def _cut(path: Path, end: int) -> None:
    with path.open("r+b") as file:
        file.seek(end)
        left = file.read()
        if left:
            set_aside(path, left)
            file.truncate(end)
            os.fsync(file.fileno())


def torn_file(path: Path) -> Path:
    """Where what was torn is kept."""
    return path.with_name(f"{path.stem}.torn{path.suffix}")


def size(handle: int, lock: int) -> int:
    """How much of an open file counts while no writer is at work: all but half a call. More than
    the mark promises is another's, who knew no mark.
    """
    found, mark = os.fstat(handle), _mark(lock)
    if mark is None or mark.inode != found.st_ino:
        return found.st_size
    part = mark.size <= found.st_size < mark.size + mark.coming
    return mark.size if part else found.st_size


def set_aside(path: Path, left: bytes) -> None:
    """Keeps what was torn beside the file."""
    with torn_file(path).open("ab") as kept:
        kept.write(left.rstrip(b"\n") + b"\n")
        os.fsync(kept.fileno())
    sync_folder(path.parent)
    _log.warning(
        "%s: %d bytes were cut short when they were written; they are in %s now",
        path,
        len(left),
        torn_file(path),
    )


def _mark(lock: int) -> _Mark | None:
    try:
        numbers = os.pread(lock, _WIDTH, 0).split()
        return _Mark(*map(int, numbers)) if len(numbers) == len(_Mark._fields) else None
    except ValueError:
        return None


def _set_mark(lock: int, mark: _Mark, *, lasting: bool) -> None:
    """A lasting mark outlives the power too. A single row needs none: what is torn of it is known
    by itself (`forecasts.torn`).
    """
    os.pwrite(lock, " ".join(map(str, mark)).encode().ljust(_WIDTH), 0)
    if lasting:
        os.fdatasync(lock)


def _write(handle: int, data: bytes) -> None:
    while data:
        data = data[os.write(handle, data) :]
