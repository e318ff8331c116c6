"""The journal's file: appended by several processes at once, read at any time.

    outputs/preds_api.csv                the rows
    outputs/.preds_api.csv.lock          whoever holds it may write; it says what is being written
    outputs/preds_api.torn.csv           what killed writers left of calls and rows, set aside
    outputs/preds_api.before-HASH.csv    the journal as it was before it was put into today's form

What `append` returned from is on disk, folder entry included. Rows of one call stand together, or
not at all (`appending`).
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pandas as pd

from raincast.errors import Busy, JournalFailed
from raincast.forecasts import pieces, publication, reader
from raincast.forecasts.pieces import Piece
from raincast.forecasts.row import COLUMNS, Forecast, lines
from raincast.store import appending, journal_file
from raincast.store.files import replacing, sync_folder
from raincast.store.journal_file import PATIENCE_SECONDS, header_of
from raincast.store.locks import locked

_PIECE_BYTES = 1 << 22
"""Of lines that are read at once. What larger ones take is not all given back afterwards."""
_FIRST_LOOK, _NEXT_LOOK = 1 << 18, 8
"""Bytes from the end that are looked at first, about a thousand rows, and how many times more each
time that they do not reach back far enough.
"""
_log = logging.getLogger(__name__)


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
        self._whole, self._header = journal_file.Whole(-1, 0), tuple[str, ...]()

    def append(self, forecasts: Sequence[Forecast]) -> None:
        """Writes the rows and waits until they are on disk. A journal in another form is put into
        today's first, and a copy of it kept.

        Raises:
            JournalFailed: they could not be written, or the file is no journal; none of them is in
                it. So where the disk with the journal was taken away since the last call.
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
            journal_file.require_same_disk(self.path, self._whole)
            with locked(self.path, self._patience) as lock:
                yield lock
        except (OSError, Busy) as error:
            raise JournalFailed(
                f"could not write to {self.path}: {error}; check the disk and the rights"
            ) from error

    def _append(self, forecasts: Sequence[Forecast], lock: int) -> None:
        if not self._is_as_left():
            appending.settle(self.path, lock)
            self._header = journal_file.prepare(self.path)
            journal_file.mend(self.path, self._header, self._whole)
        inode = appending.append(self.path, lines(forecasts, self._header), lock)
        self._sync_entry(inode)
        self._whole = journal_file.whole_of(self.path)

    def _is_as_left(self) -> bool:
        """Whether nobody has written since this object did: then there is nothing to look for."""
        try:
            return journal_file.whole_of(self.path) == self._whole
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
        journal_file.require_writable(self.path)

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
            header = header_of(self.path)
            if header[: len(COLUMNS)] == COLUMNS:
                journal_file.mend(self.path, header, journal_file.Whole(-1, 0))
            ours = self.path.read_bytes() if self.path.exists() else b""
            both = publication.merged(ours, theirs, name)
            if both != ours:
                if ours and header_of(self.path)[: len(COLUMNS)] != COLUMNS:
                    journal_file.keep_copy(self.path, ours)
                with replacing(self.path) as part:
                    part.write_bytes(both)
            return len(both) - len(ours)

    def snapshot(self) -> bytes:
        """The journal as CSV at one moment at which no append is half done; nothing where there is
        none.
        """
        return journal_file.snapshot(self.path)

    def pieces(self) -> Iterator[Piece]:
        """The same in pieces, of which there is one at least."""
        try:
            with self.path.open("rb") as file:
                yield from pieces.of(file, journal_file.settled_size(self.path, file), _PIECE_BYTES)
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
        header = header_of(self.path)
        if header[: len(COLUMNS)] != COLUMNS:
            return self.snapshot(), True
        with self.path.open("rb") as file:
            settled = journal_file.settled_size(self.path, file)
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
