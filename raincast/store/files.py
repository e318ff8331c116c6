"""Whole, repeatable writes: a temporary file in the same folder, synced, then put in place by one
rename.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from raincast.errors import BadFile

if TYPE_CHECKING:  # a second of processor time, for those who only look for a file
    import pandas as pd


def sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def stamp(path: Path) -> tuple[int, int, int] | None:
    """What tells a file's present content from an earlier one: time, size and inode; None where
    there is none.
    """
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A temporary path to write; on a clean exit it takes the place of `path`, otherwise it
    vanishes.

    Raises:
        BadFile: there is something at `path` that is neither file nor folder: to put a file in the
            place of a device, as the superuser may, would take it from everybody.
    """
    if path.exists() and not path.is_file() and not path.is_dir():
        raise BadFile(str(path), "a device or a pipe", "a file, or none; name another")
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    os.close(handle)
    part = Path(name)
    try:
        yield part
        with part.open("rb") as written:
            os.fsync(written.fileno())
        part.chmod(0o644)
        os.replace(part, path)
        sync_folder(path.parent)
    except OSError as error:
        # Of a disk that is full the system names no file.
        if error.filename is None:
            error.filename = str(path)
        raise
    finally:
        with suppress(FileNotFoundError):
            part.unlink()


def write_text(path: Path, text: str) -> None:
    with replacing(path) as part:
        part.write_text(text, "utf-8")


def write_json(path: Path, value: Any) -> None:
    """The value as indented JSON; NaN is refused, a figure that is not known is null."""
    write_text(path, json.dumps(value, indent=2, allow_nan=False, default=str) + "\n")


def write_csv(path: Path, frame: pd.DataFrame) -> None:
    with replacing(path) as part:
        frame.to_csv(part, index=False)


def read_json(path: Path) -> Any:
    """The file's JSON, or None where there is no file.

    Raises:
        BadFile: it is not JSON.
    """
    try:
        return json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return None
    except (ValueError, RecursionError) as error:
        raise BadFile(
            str(path),
            str(error),
            "JSON; is it the right file? If it is, write it again by its command, or delete it",
        ) from error
