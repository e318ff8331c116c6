"""What the archive's tests share with the processes that they start."""

import os
import resource
import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from raincast.errors import BadFile
from raincast.observations.schema import DIRECTIONS, OBSERVATIONS
from raincast.sources import cells
from raincast.store.archive import Archive

NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)
REFUSED = 7


def hour(n: int) -> datetime:
    return NOON + timedelta(hours=n)


def rain(
    values: list[float | None], location: str = "Albury", first: str = "2024-05-01"
) -> pd.DataFrame:
    """An observations frame of one station's consecutive days with no more than rainfall in it."""
    nothing = {
        name: np.full(len(values), None if name in DIRECTIONS else np.nan) for name in OBSERVATIONS
    }
    days = pd.date_range(first, periods=len(values)).to_numpy().astype("datetime64[s]")
    columns = nothing | {"Rainfall": np.array(values, dtype=float)}
    return cells.frame(
        {"Location": np.full(len(values), location, dtype=object), "Date": days} | columns
    )


def append_many(path: Path, who: int, times: int) -> None:
    """Append as often as told: one day that only this process knows,
    and one that all of them know.
    """
    archive = Archive(path)
    for n in range(times):
        archive.append(
            rain([who], first=str(pd.Timestamp("2024-01-01") + pd.Timedelta(days=who * times + n))),
            NOON,
            "own",
        )
        archive.append(rain([n], location="Cairns"), hour(n), "shared")


def append_within(path: Path, limit: int, at_limit: signal.Handlers) -> None:
    """Append a batch with no room for files over so many bytes: the signal kills in mid-write, or
    the write fails.
    """
    signal.signal(signal.SIGXFSZ, at_limit)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
    try:
        Archive(path).append(rain([0.2] * 3000), hour(1), "second")
    except BadFile:
        os._exit(REFUSED)
