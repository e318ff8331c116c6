"""The journal's file: appended by several processes at once, read at any time.

    outputs/preds_api.csv           the rows
    outputs/.preds_api.csv.lock     whoever holds it may write; it stays when the journal is
    replaced

What `append` returned from is on disk, folder entry included. Rows of one call stand together, or
not at all.
"""

import logging
import os
from collections.abc import Sequence
from pathlib import Path
from typing import IO

import pandas as pd

from raincast.errors import Busy, JournalFailed
from raincast.forecasts import publication, reader
from raincast.forecasts.row import COLUMNS, Forecast, lines
from raincast.store.files import replacing, sync_folder
from raincast.store.locks import locked

PATIENCE_SECONDS = 10.0
"""How long to wait for another process that holds the lock."""

_LONGEST_HEADER = 4096
_log = logging.getLogger(__name__)


class Journal:
    """Where forecasts are written down. One object for each process; its methods are called by one
    thread at a time.
    """

    def __init__(self, path: Path, patience_seconds: float = PATIENCE_SECONDS) -> None:
        self.path = path
        self._patience = patience_seconds
        self._synced: int | None = None

    def append(self, forecasts: Sequence[Forecast]) -> None:
        """Writes the rows and waits until they are on disk. An older journal is put into today's
        columns first.

        Raises:
            JournalFailed: they could not be written; none of them is in the journal.
        """
        try:
            with locked(self.path, self._patience):
                self._append(forecasts)
        except (OSError, Busy) as error:
            raise JournalFailed(
                f"could not write to {self.path}: {error}; check the disk and the rights"
            ) from error

    def _append(self, forecasts: Sequence[Forecast]) -> None:
        header = _prepare(self.path)
        handle = os.open(self.path, os.O_RDWR | os.O_APPEND)
        try:
            _write_behind(handle, lines(forecasts, header))
            self._sync_entry(os.fstat(handle).st_ino)
        finally:
            os.close(handle)

    def _sync_entry(self, inode: int) -> None:
        """Another process may have created the file and died before the folder was on disk: once
        for each file.
        """
        if inode != self._synced:
            sync_folder(self.path.parent)
            sync_folder(self.path.parent.parent)
            self._synced = inode


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


def merge(path: Path, theirs: bytes, name: str = "the other journal") -> int:
    """Takes the rows of another journal into the one at `path`, whole or not at all; how many bytes
    it has grown.

    Raises:
        JournalFailed: it could not be written.
        BadInput: theirs is no journal, or does not fit ours (`publication.merged`); nothing is
            written.
    """
    try:
        with locked(path, PATIENCE_SECONDS):
            ours = path.read_bytes() if path.exists() else b""
            both = publication.merged(ours, theirs, name)
            if both != ours:
                with replacing(path) as part:
                    part.write_bytes(both)
            return len(both) - len(ours)
    except (OSError, Busy) as error:
        raise JournalFailed(
            f"could not write to {path}: {error}; check the disk and the rights"
        ) from error


def snapshot(path: Path) -> bytes:
    """The journal's bytes at one moment at which no append is half done; none where there is no
    file.
    """
    return _snapshot(path)


def read(path: Path) -> pd.DataFrame:
    """The journal's rows (see `journal_reader.Reading`), none where there is no file; logs how many
    were unreadable.
    """
    reading = examine(path)
    if len(reading.unreadable):
        line, reason = next(iter(reading.unreadable.items()))
        _log.warning(
            "%s: %d rows left out; line %s, %s", path, len(reading.unreadable), line, reason
        )
    return reading.rows


def examine(path: Path) -> reader.Reading:
    """The journal's rows, and why others could not be read."""
    return reader.parse(_snapshot(path))


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
        with locked(path, PATIENCE_SECONDS, shared=True):
            return os.fstat(file.fileno()).st_size
    except FileNotFoundError:
        return os.fstat(file.fileno()).st_size


def _prepare(path: Path) -> tuple[str, ...]:
    """The journal's header, after making or migrating the file where it has not today's."""
    header = _header(path)
    if header[: len(COLUMNS)] == COLUMNS:
        return header
    data = path.read_bytes() if path.exists() else b""
    with replacing(path) as part:
        part.write_bytes(reader.rewritten(data))
    return _header(path)


def _header(path: Path) -> tuple[str, ...]:
    try:
        with path.open("rb") as file:
            return reader.header_of(file.readline(_LONGEST_HEADER).rstrip(b"\r\n"))
    except FileNotFoundError:
        return ()


def _write_behind(handle: int, rows: bytes) -> None:
    """Appends whole lines and waits for the disk; on failure the file is as before."""
    size = os.fstat(handle).st_size
    whole = os.pread(handle, 1, size - 1) == b"\n"
    try:
        _write(handle, rows if whole else b"\n" + rows)
        os.fdatasync(handle)
    except OSError:
        os.ftruncate(handle, size)
        raise


def _write(handle: int, data: bytes) -> None:
    while data:
        data = data[os.write(handle, data) :]
