"""Observations as the archive's tables have them, and back."""

from collections.abc import Iterable
from datetime import datetime
from hashlib import blake2b
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from raincast.errors import BadInput
from raincast.observations.frame import degrees
from raincast.observations.schema import DIRECTIONS, OBSERVATIONS
from raincast.store import archive_sql as sql

Rows = list[tuple[Any, ...]]


def digests_of(frame: pd.DataFrame) -> list[bytes]:
    """One digest for each row's values; the same for -0.0 as for 0.0, and for every kind of
    missing.
    """
    columns = [
        degrees(frame[name]) if name in DIRECTIONS else frame[name].to_numpy()
        for name in OBSERVATIONS
    ]
    block = np.column_stack(columns).astype("<f8") + 0.0
    block[np.isnan(block)] = np.nan
    return [blake2b(row, digest_size=8).digest() for row in block]


def _instants(known_at: datetime | pd.Series, rows: int) -> list[int]:
    moments = pd.Series([known_at]).repeat(rows) if isinstance(known_at, datetime) else known_at
    if moments.dt.tz is None:
        raise BadInput(f"known_at: found {moments.iloc[0]} without a time zone, expected instants")
    seconds: list[int] = moments.dt.as_unit("s").astype("int64").tolist()
    return seconds


def rows_of(
    frame: pd.DataFrame, known_at: datetime | pd.Series, source: str | pd.Series
) -> tuple[Rows, Rows]:
    """Rows as the tables have them: contents, and who said them when."""
    digests = digests_of(frame)
    keys = frame["Location"].tolist(), frame["Date"].dt.strftime("%Y-%m-%d").tolist()
    sources = [source] * len(frame) if isinstance(source, str) else source.tolist()
    values = (frame[name].tolist() for name in OBSERVATIONS)
    contents = zip(*keys, digests, *values, strict=True)
    sightings = zip(*keys, _instants(known_at, len(frame)), digests, sources, strict=True)
    return list(contents), list(sightings)


def frame_of(rows: Iterable[tuple[Any, ...]], keys: dict[str, str]) -> pd.DataFrame:
    """Rows of keys and contents as a typed frame; `keys` names the columns before the contents, and
    their types.
    """
    kinds = keys | {"Location": "O", "Date": "M8[s]", "digest": "O"} | sql.KINDS
    block: npt.NDArray[Any] = np.fromiter(rows, dtype=list(kinds.items()))
    return pd.DataFrame(
        {name: pd.Series(block[name].copy(), dtype=kind) for name, kind in kinds.items()}
    )
