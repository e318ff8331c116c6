"""The journal's file: appended by several processes at once, read at any time.

    outputs/preds_api.csv                the rows
    outputs/.preds_api.csv.lock          whoever holds it may write; it says what is being written
    outputs/preds_api.torn.csv           what killed writers left of calls and rows, set aside
    outputs/preds_api.before-HASH.csv    the journal as it was before it was put into today's form

What `append` returned from is on disk, folder entry included. Rows of one call stand together, or
not at all (`appending`).
"""

import hashlib
import logging
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, NamedTuple

import pandas as pd

from raincast.errors import Busy, JournalFailed
from raincast.forecasts import pieces, publication, reader, torn
from raincast.forecasts.pieces import Piece
from raincast.forecasts.row import COLUMNS, FIXED, Forecast, lines
from raincast.store import appending
from raincast.store.files import replacing, sync_folder
from raincast.store.locks import locked

PATIENCE_SECONDS = 10.0
"""How long to wait for another process that holds the lock."""

_LONGEST_HEADER = 4096
_PIECE_BYTES = 1 << 22
"""Of lines that are read at once. What larger ones take is not all given back afterwards."""
_FIRST_LOOK, _NEXT_LOOK = 1 << 18, 8
"""Bytes from the end that are looked at first, about a thousand rows, and how many times more each
time that they do not reach back far enough.
"""
_log = logging.getLogger(__name__)


class _Whole(NamedTuple):
    """How much of which file has been looked through for torn lines, and when that was written."""

    inode: int
    size: int
    changed: int = 0


def _whole(path: Path) -> _Whole:
    found = path.stat()
    return _Whole(found.st_ino, found.st_size, found.st_mtime_ns)


def _all(rows: pd.DataFrame) -> pd.DataFrame:
    return rows


class Journal:
    """Where forecasts are written down. One object for each process; its methods are called by one
    thread at a time.

    Attributes:
        name: where it lies, for messages.
    """

    def __init__(self, path: Path, patience_seconds: float = PATIENCE_SECONDS) -> None:
        self.path, self.name = path, str(path)
        self._patience = patience_seconds
        self._whole, self._header = _Whole(-1, 0), tuple[str, ...]()

    def append(self, forecasts: Sequence[Forecast]) -> None:
        """Writes the rows and waits until they are on disk. A journal in another form is put into
        today's first, and a copy of it kept.

        Raises:
            JournalFailed: they could not be written, or the file is no journal; none of them is in
                it.
        """
        with self._alone() as lock:
            self._append(forecasts, lock)

    @contextmanager
    def _alone(self) -> Iterator[int]:
        """Whoever is inside writes alone; is given the lock's handle.

        Raises:
            JournalFailed: the lock or the file cannot be had.
        """
        try:
            with locked(self.path, self._patience) as lock:
                yield lock
        except (OSError, Busy) as error:
            raise JournalFailed(
                f"could not write to {self.path}: {error}; check the disk and the rights"
            ) from error

    def _append(self, forecasts: Sequence[Forecast], lock: int) -> None:
        if not self._is_as_left():
            appending.settle(self.path, lock)
            self._header = _prepare(self.path)
            _mend(self.path, self._header, self._whole)
        inode = appending.append(self.path, lines(forecasts, self._header), lock)
        self._sync_entry(inode)
        self._whole = _whole(self.path)

    def _is_as_left(self) -> bool:
        """Whether nobody has written since this object did: then there is nothing to look for."""
        try:
            return _whole(self.path) == self._whole
        except FileNotFoundError:
            return False

    def _sync_entry(self, inode: int) -> None:
        """Another process may have created the file and died before the folder was on disk: once
        for each file.
        """
        if inode != self._whole.inode:
            sync_folder(self.path.parent)
            sync_folder(self.path.parent.parent)

    def require_writable(self) -> None:
        """Refuses a journal that cannot be written; writes nothing.

        Raises:
            JournalFailed: says what is in the way.
        """
        _require_writable(self.path)

    def merge(self, theirs: bytes, name: str = "the other journal") -> int:
        """Takes the rows of another journal into this one, whole or not at all; how many bytes it
        has grown.

        Raises:
            JournalFailed: it could not be written.
            BadInput: theirs is no journal, or does not fit ours (`publication.merged`); nothing is
                written.
        """
        with self._alone() as lock:
            appending.settle(self.path, lock)
            header = _header(self.path)
            if header[: len(COLUMNS)] == COLUMNS:
                _mend(self.path, header, _Whole(-1, 0))
            ours = self.path.read_bytes() if self.path.exists() else b""
            both = publication.merged(ours, theirs, name)
            if both != ours:
                if ours and _header(self.path)[: len(COLUMNS)] != COLUMNS:
                    _keep_copy(self.path, ours)
                with replacing(self.path) as part:
                    part.write_bytes(both)
            return len(both) - len(ours)

    def snapshot(self) -> bytes:
        """The journal as CSV at one moment at which no append is half done; nothing where there is
        none.
        """
        return _snapshot(self.path)

    def pieces(self) -> Iterator[Piece]:
        """The same in pieces, of which there is one at least."""
        try:
            with self.path.open("rb") as file:
                yield from pieces.of(file, _settled_size(self.path, file), _PIECE_BYTES)
        except FileNotFoundError:
            yield Piece(b"", b"")

    def read(self, wanted: Callable[[pd.DataFrame], pd.DataFrame] = _all) -> pd.DataFrame:
        """The journal's rows (see `reader.Reading`), none where there is no journal; logs how many
        were unreadable.

        Args:
            wanted: what to keep of some rows. The others are in memory for a moment only.
        """
        return _told(self.name, self.examine(wanted))

    def newest(self, since: datetime) -> pd.DataFrame:
        """The rows behind the last one that was logged before an aware moment, and some of those
        before it; all where none was. What it costs grows with these alone.
        """
        size = _FIRST_LOOK
        while True:
            data, whole = self._end(size)
            rows = reader.parse(data).rows
            if whole or bool((rows["logged_at_utc"] < since).any()):
                return rows
            size *= _NEXT_LOOK

    def _end(self, size: int) -> tuple[bytes, bool]:
        """The header and whole lines from the end, of about that many bytes; whether they are all.
        A journal in another form is read whole.
        """
        header = _header(self.path)
        if header[: len(COLUMNS)] != COLUMNS:
            return self.snapshot(), True
        with self.path.open("rb") as file:
            settled = _settled_size(self.path, file)
            first = file.readline()
            if settled - len(first) <= size:
                return first + file.read(settled - len(first)), True
            file.seek(settled - size)
            return first + file.read(size).partition(b"\n")[2], False

    def examine(self, wanted: Callable[[pd.DataFrame], pd.DataFrame] = _all) -> reader.Reading:
        """What `read` returns, and why other rows could not be read."""
        readings = (piece.reading() for piece in self.pieces())
        found = [reading._replace(rows=wanted(reading.rows)) for reading in readings]
        return reader.together(found)

    def exists(self) -> bool:
        """Whether anything was ever written down."""
        return self.path.exists()

    def written_at(self) -> float | None:
        """When it was last written, Unix time; None where it never was."""
        return self.path.stat().st_mtime if self.path.exists() else None

    def torn(self) -> Path | None:
        """Where what killed writers left of rows is kept; None where they left nothing."""
        file = appending.torn_file(self.path)
        return file if file.exists() else None


def _require_writable(path: Path) -> None:
    there = next(place for place in (path, *path.parents) if place.exists())
    wanted = os.W_OK if there == path else os.W_OK | os.X_OK
    if (there.is_dir() == (there == path)) or not os.access(there, wanted):
        kind = "a file" if there == path else "a folder"
        raise JournalFailed(f"{there}: expected {kind} that can be written")


def _told(name: str, reading: reader.Reading) -> pd.DataFrame:
    if len(reading.unreadable):
        _log.warning("%s", unreadable(name, reading))
    return reading.rows


def unreadable(name: str, reading: reader.Reading) -> str:
    """How many rows could not be read, and why not the first of them."""
    line, reason = next(iter(reading.unreadable.items()))
    return f"{name}: {len(reading.unreadable)} rows left out; line {line}, {reason}"


def keep(path: Path, rows: int) -> None:
    """Keeps the header and the first rows, and takes the rest away; for a journal that nobody
    writes to meanwhile.
    """
    lines = path.read_bytes().splitlines(keepends=True)
    with replacing(path) as part:
        part.write_bytes(b"".join(lines[: rows + 1]))


def _snapshot(path: Path) -> bytes:
    """The bytes at one moment at which no append is half done."""
    try:
        with path.open("rb") as file:
            return file.read(_settled_size(path, file))
    except FileNotFoundError:
        return b""


def _settled_size(path: Path, file: IO[bytes]) -> int:
    """The file's size while no writer is at work; without a lock file there has never been one."""
    try:
        with locked(path, PATIENCE_SECONDS, shared=True) as lock:
            return appending.size(file.fileno(), lock)
    except FileNotFoundError:
        return os.fstat(file.fileno()).st_size


def _prepare(path: Path) -> tuple[str, ...]:
    """The journal's header, after making the file, or putting it into today's form."""
    header = _header(path)
    if header[: len(COLUMNS)] == COLUMNS:
        appending.mend_end(path, lambda line: _is_row(header, line))
        return header
    data = path.read_bytes() if path.exists() else b""
    if data.strip():
        _require_journal(path, data)
        _keep_copy(path, data)
    with replacing(path) as part:
        part.write_bytes(reader.rewritten(data))
    return _header(path)


def _mend(path: Path, header: Sequence[str], whole: _Whole) -> None:
    """Sets aside what is torn behind the lines that have been looked through."""
    with path.open("rb") as file:
        start = _looked_through(file, whole) or len(file.readline())
        file.seek(start)
        mended = torn.mended(header, file.read())
    if mended.torn:
        appending.set_aside(path, b"\n".join(piece.rstrip(b"\r\n") for piece in mended.torn))
        with replacing(path) as part:
            part.write_bytes(path.read_bytes()[:start] + mended.lines)


def _looked_through(file: IO[bytes], whole: _Whole) -> int:
    """Where the new lines begin; 0 where it is another file, or no line ends there any more."""
    if os.fstat(file.fileno()).st_ino != whole.inode:
        return 0
    file.seek(max(0, whole.size - 1))
    ends = file.read(1) == b"\n"
    file.seek(0)
    return whole.size if ends else 0


def _header(path: Path) -> tuple[str, ...]:
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


def _keep_copy(path: Path, data: bytes) -> None:
    """The journal as it was, under a name that follows from what is in it."""
    digest = hashlib.sha256(data).hexdigest()[:12]
    copy = path.with_name(f"{path.stem}.before-{digest}{path.suffix}")
    with replacing(copy) as part:
        part.write_bytes(data)
    _log.warning("%s is put into today's form; as it was, it is kept in %s", path, copy)
