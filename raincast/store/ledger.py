"""An append-only file of JSON lines; a line counts once its end is written."""

import json
import os
from pathlib import Path
from typing import Any

from raincast.errors import BadFile
from raincast.store import files

Entry = dict[str, Any]


def _whole_lines(path: Path) -> bytes:
    """What is written up to the last line end; a torn line, cut off
    by a crash, is not part of it.
    """
    data = path.read_bytes() if path.exists() else b""
    return data[: data.rfind(b"\n") + 1]


def read(path: Path) -> list[Entry]:
    """Every entry, oldest first; none where there is no file.

    Raises:
        BadFile: a whole line is not a JSON object.
    """
    entries: list[Entry] = []
    for number, line in enumerate(_whole_lines(path).splitlines(), start=1):
        try:
            entries.append(dict(json.loads(line)))
        except (ValueError, TypeError) as error:
            raise BadFile(
                str(path), line[:80], "one JSON object; take the line out", line=number
            ) from error
    return entries


def append(path: Path, entry: Entry) -> None:
    """Adds one entry and waits until it is on disk; takes a torn last line away first. Callers take
    turns.
    """
    whole = len(_whole_lines(path))
    with path.open("ab") as out:
        out.truncate(whole)
        out.write(json.dumps(entry, allow_nan=False).encode() + b"\n")
        out.flush()
        os.fsync(out.fileno())
    files.sync_folder(path.parent)
