"""Remembers what was made of files, until one of them changes."""

from collections.abc import Callable, Hashable, Sequence
from functools import wraps
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

from raincast.settings import Settings

Stamp = tuple[tuple[int, int, int] | None, ...]
Result = TypeVar("Result")
MOST = 64
"""How many results one function keeps; the oldest go first."""


def version(paths: Sequence[Path]) -> Stamp:
    """What tells the files' present content from an earlier one: time, size and inode; None where
    there is no file.
    """
    return tuple(_stamp(path) for path in paths)


def _stamp(path: Path) -> tuple[int, int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def of_files(
    paths: Callable[[Settings], Sequence[Path]],
) -> Callable[[Callable[..., Result]], Callable[..., Result]]:
    """For a function of settings and hashable arguments whose result follows from those files.

    Two visitors who ask at the same time wait for one reading. A result is shared: nobody may
    change it.
    """

    def decorate(make: Callable[..., Result]) -> Callable[..., Result]:
        kept: dict[Hashable, tuple[Stamp, Any]] = {}
        lock = Lock()

        @wraps(make)
        def remembered(settings: Settings, *asked: Hashable) -> Result:
            with lock:
                now, key = version(paths(settings)), (settings, *asked)
                if key not in kept or kept[key][0] != now:
                    kept.pop(key, None)
                    kept[key] = now, make(settings, *asked)
                    while len(kept) > MOST:
                        kept.pop(next(iter(kept)))
                found: Result = kept[key][1]
                return found

        return remembered

    return decorate
