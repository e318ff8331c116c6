"""What a mirror shows: observations from the historical file, from the Bureau's own files, or from
the simulator.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from raincast.errors import BadFile, BadInput
from raincast.mirror.shelf import NEVER, Version
from raincast.observations.availability import instant
from raincast.observations.network import in_force
from raincast.simulator import simulate
from raincast.sources import cells, dwo, history, local

BEGINS = date(2007, 11, 1)
"""The first day of the historical file. Simulated weather begins here too, so that a seed means one
weather.
"""

_SIMULATOR = re.compile(r"simulator(?::(\d{1,9}))?")
_FOLDER = re.compile(r"(\d{8}T\d{4})(?!\d)")
_SEED = 1
_LAST_YEAR = 2100


def observations(data: str, first: date, last: date) -> list[Version]:
    """Every version of the station-days of `first` to `last` that the data have; `Shelf(…)` takes
    them.

    Args:
        data: path of a historical file, of a DWO file or of a folder of them at any depth, or
            `simulator[:SEED]`. A DWO file was seen when it was prepared. One that does not say so
            was seen at the time that its folder's name begins with (`20241205T1058_…`, UTC);
            failing that, it is today's.
        first, last: days, inclusive.

    Raises:
        BadInput: the data cannot be read, or hold nothing of those days.
    """
    simulated = _SIMULATOR.fullmatch(data)
    found = _simulated(int(simulated[1] or _SEED), last) if simulated else _read(Path(data))
    cut = [_between(version, first, last) for version in found]
    if not sum(len(frame) for frame, _ in cut):
        raise BadInput(
            f"{data}: found no observations of {first} to {last}, expected some; name other data or"
            " days"
        )
    return cut


def _between(version: Version, first: date, last: date) -> Version:
    frame, seen_at = version
    inside = frame["Date"].between(pd.Timestamp(first), pd.Timestamp(last)).to_numpy()
    return frame[inside], seen_at[inside]


def _todays(frame: pd.DataFrame) -> Version:
    return frame, np.full(len(frame), NEVER)


def _simulated(seed: int, last: date) -> list[Version]:
    if last.year > _LAST_YEAR:
        raise BadInput(
            f"simulator: found a last day of {last}, expected one before {_LAST_YEAR + 1}"
        )
    return [_todays(simulate(BEGINS, max(last, BEGINS), seed, network=in_force()))]


def _read(path: Path) -> list[Version]:
    try:
        files = (
            sorted(p for p in path.rglob("*") if p.suffix.lower() == ".csv")
            if path.is_dir()
            else [path]
        )
        contents = [(file, local.content(file)) for file in files]
    except OSError as error:
        expected = "a historical file, a folder of DWO files, or simulator[:SEED]"
        raise BadFile(str(path), error.strerror, expected) from error
    whole = [_todays(history.parse(c, str(f))) for f, c in contents if history.is_historical(c)]
    return whole + list(_of_bureau((f, c) for f, c in contents if not history.is_historical(c)))


def _of_bureau(contents: Iterable[tuple[Path, bytes]]) -> Iterator[Version]:
    """All rows of the Bureau's files as one frame."""
    parts: list[dict[str, npt.NDArray[Any]]] = []
    seen_at: list[npt.NDArray[np.int64]] = []
    for path, content in contents:
        file = dwo.parse(content, str(path))
        parts.append(file.columns)
        seen_at.append(np.full(len(file.columns["Date"]), _seen_at(file, path)))
    if parts:
        yield cells.joined(parts), np.concatenate(seen_at)


def _seen_at(file: dwo.DwoFile, path: Path) -> int:
    if file.prepared_at is not None:
        return instant(file.prepared_at)
    named = _FOLDER.match(path.parent.name)
    try:
        return (
            NEVER
            if named is None
            else instant(datetime.strptime(named[1], "%Y%m%dT%H%M").replace(tzinfo=UTC))
        )
    except ValueError as error:
        raise BadFile(
            str(path), named and named[1], "a folder named by a time such as 20241205T1058"
        ) from error
