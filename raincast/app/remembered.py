"""Remembers what was made of files, until one of them changes."""

from collections.abc import Callable, Hashable, Sequence
from functools import wraps
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

from raincast.settings import Settings
from raincast.store import stores
from raincast.store.files import stamp

Result = TypeVar("Result")
MOST = 64
"""How many results one function keeps; the oldest go first."""


def version(paths: Sequence[Path]) -> Hashable:
    """What tells the files' present content from an earlier one: time, size and inode; None where
    there is no file.
    """
    return tuple(stamp(path) for path in paths)


def of_files(
    paths: Callable[[Settings], Sequence[Path]], *records: str
) -> Callable[[Callable[..., Result]], Callable[..., Result]]:
    """For a function of settings and hashable arguments whose result follows from those files, and
    from those records (`stores.Stores.changed`).

    Two visitors who ask at the same time wait for one reading. A result is shared: nobody may
    change it.
    """

    def decorate(make: Callable[..., Result]) -> Callable[..., Result]:
        kept: dict[Hashable, tuple[Hashable, Any]] = {}
        lock = Lock()

        @wraps(make)
        def remembered(settings: Settings, *asked: Hashable) -> Result:
            with lock:
                now = version(paths(settings)), stores.of(settings).changed(*records)
                key = settings, *asked
                if key not in kept or kept[key][0] != now:
                    kept.pop(key, None)
                    kept[key] = now, make(settings, *asked)
                    while len(kept) > MOST:
                        kept.pop(next(iter(kept)))
                found: Result = kept[key][1]
                return found

        return remembered

    return decorate


def of_records(*records: str) -> Callable[[Callable[..., Result]], Callable[..., Result]]:
    """As `of_files`, for a result that follows from records alone."""
    return of_files(lambda _: (), *records)
