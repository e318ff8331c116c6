"""What stands in the journal's file: its form, what writers were killed over, and its copies."""

import hashlib
import logging
import os
from collections.abc import Sequence
from pathlib import Path
from typing import IO, NamedTuple

from raincast.errors import JournalFailed
from raincast.forecasts import reader, torn
from raincast.forecasts.row import COLUMNS, FIXED
from raincast.store import appending
from raincast.store.files import replacing
from raincast.store.locks import locked

PATIENCE_SECONDS = 10.0
"""How long to wait for another process that holds the lock."""

_LONGEST_HEADER = 4096
_log = logging.getLogger(__name__)


class Whole(NamedTuple):
    """How much of which file has been looked through for torn lines, when that was written, and on
    which disk.
    """

    inode: int
    size: int
    changed: int = 0
    device: int | None = None


def whole_of(path: Path) -> Whole:
    """The file as it stands, all of it looked through."""
    found = path.stat()
    return Whole(found.st_ino, found.st_size, found.st_mtime_ns, found.st_dev)


def require_same_disk(path: Path, whole: Whole) -> None:
    """Refuses to begin a journal anew in the folder that is left where a disk was taken away: its
    rows would be hidden as soon as the disk is back.

    Raises:
        JournalFailed: says what to do.
    """
    if whole.device is None or path.exists():
        return
    there = next(place for place in path.parents if place.exists())
    if there.stat().st_dev != whole.device:
        raise JournalFailed(
            f"{path}: found no journal, and {there} on another disk than before, expected the disk"
            " with the journal; mount it again (or restart what writes, for a new journal there)"
        )


def require_writable(path: Path) -> None:
    """Refuses a journal that cannot be written; writes nothing.

    Raises:
        JournalFailed: says what is in the way.
    """
    there = next(place for place in (path, *path.parents) if place.exists())
    wanted = os.W_OK if there == path else os.W_OK | os.X_OK
    if (there.is_dir() == (there == path)) or not os.access(there, wanted):
        kind = "a file" if there == path else "a folder"
        raise JournalFailed(f"{there}: expected {kind} that can be written")


def snapshot(path: Path) -> bytes:
    """The bytes at one moment at which no append is half done."""
    try:
        with path.open("rb") as file:
            return file.read(settled_size(path, file))
    except FileNotFoundError:
        return b""


def settled_size(path: Path, file: IO[bytes]) -> int:
    """The file's size while no writer is at work; without a lock file there has never been one."""
    try:
        with locked(path, PATIENCE_SECONDS, shared=True) as lock:
            return appending.size(file.fileno(), lock)
    except FileNotFoundError:
        return os.fstat(file.fileno()).st_size


def prepare(path: Path) -> tuple[str, ...]:
    """The journal's header, after making the file, or putting it into today's form.

    Raises:
        JournalFailed: the file is no journal.
    """
    header = header_of(path)
    if header[: len(COLUMNS)] == COLUMNS:
        appending.mend_end(path, lambda line: _is_row(header, line))
        return header
    data = path.read_bytes() if path.exists() else b""
    if data.strip():
        _require_journal(path, data)
        keep_copy(path, data)
    with replacing(path) as part:
        part.write_bytes(reader.rewritten(data))
    return header_of(path)


def mend(path: Path, header: Sequence[str], whole: Whole) -> None:
    """Sets aside what is torn behind the lines that have been looked through."""
    with path.open("rb") as file:
        start = _looked_through(file, whole) or len(file.readline())
        file.seek(start)
        mended = torn.mended(header, file.read())
    if mended.torn:
        appending.set_aside(path, b"\n".join(piece.rstrip(b"\r\n") for piece in mended.torn))
        with replacing(path) as part:
            part.write_bytes(path.read_bytes()[:start] + mended.lines)


def _looked_through(file: IO[bytes], whole: Whole) -> int:
    """Where the new lines begin; 0 where it is another file, or no line ends there any more."""
    if os.fstat(file.fileno()).st_ino != whole.inode:
        return 0
    file.seek(max(0, whole.size - 1))
    ends = file.read(1) == b"\n"
    file.seek(0)
    return whole.size if ends else 0


def header_of(path: Path) -> tuple[str, ...]:
    """The names in the first line of a journal in today's form; none in any other."""
    try:
        with path.open("rb") as file:
            line, end, _ = file.read(_LONGEST_HEADER).partition(b"\n")
    except FileNotFoundError:
        return ()
    return reader.header_of(line.rstrip(b"\r")) if end else ()


def _is_row(header: Sequence[str], line: bytes) -> bool:
    return bool(len(reader.parse(",".join(header).encode() + b"\n" + line).rows))


def _require_journal(path: Path, data: bytes) -> None:
    """What nobody understands is not written over, however little of it there is."""
    if not reader.take_apart(data).header and not len(reader.parse(data).rows):
        first = data.partition(b"\n")[0][:80].decode("utf-8", "replace")
        raise JournalFailed(
            f"{path}: found {first!r}, expected a journal, whose header begins with"
            f" {','.join(FIXED)}; nothing was written: move the file away, or mend it"
        )


def keep_copy(path: Path, data: bytes) -> None:
    """The journal as it was, under a name that follows from what is in it."""
    digest = hashlib.sha256(data).hexdigest()[:12]
    copy = path.with_name(f"{path.stem}.before-{digest}{path.suffix}")
    with replacing(copy) as part:
        part.write_bytes(data)
    _log.warning("%s is put into today's form; as it was, it is kept in %s", path, copy)
