"""An append-only file of JSON lines; a line counts once its end is written."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from raincast.errors import BadFile
from raincast.store import files
from raincast.store.locks import PATIENCE_SECONDS, locked

Entry = dict[str, Any]


class Ledger:
    """Entries that are only ever added, in a file of its own.

    Args:
        patience_seconds: how long to wait for another process that is inside (`alone`).

    Attributes:
        name: where it lies, for messages.
    """

    def __init__(self, path: Path, patience_seconds: float = PATIENCE_SECONDS) -> None:
        self._path, self.name = path, str(path)
        self._patience = patience_seconds

    def read(self) -> list[Entry]:
        """Every entry, oldest first; none where there is no file.

        Raises:
            BadFile: a whole line is not a JSON object.
        """
        return list(entries(_whole_lines(self._path), self.name))

    def append(self, entry: Entry) -> None:
        """Adds one entry and waits until it is on disk; takes a torn last line away first. Callers
        take turns (`alone`).
        """
        whole = len(_whole_lines(self._path))
        with self._path.open("ab") as out:
            out.truncate(whole)
            out.write(line(entry).encode() + b"\n")
            out.flush()
            os.fsync(out.fileno())
        files.sync_folder(self._path.parent)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Whoever is inside reads and adds alone; makes the folder where it is missing.

        Raises:
            Busy: another process has been inside for too long.
        """
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with locked(self._path.parent, self._patience):
            yield


def line(entry: Entry) -> str:
    """An entry as text, without an end; NaN is refused."""
    return json.dumps(entry, allow_nan=False)


def entries(text: bytes, name: str) -> Iterator[Entry]:
    """The entries in whole lines.

    Raises:
        BadFile: a line is not a JSON object.
    """
    for number, found in enumerate(text.splitlines(), start=1):
        try:
            yield dict(json.loads(found))
        except (ValueError, TypeError) as error:
            raise BadFile(
                name, found[:80], "one JSON object; take the line out", line=number
            ) from error


def _whole_lines(path: Path) -> bytes:
    """What is written up to the last line end; a torn line, cut off by a crash, is not part of
    it.
    """
    data = path.read_bytes() if path.exists() else b""
    return data[: data.rfind(b"\n") + 1]
