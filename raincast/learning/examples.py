"""Training rows: each station-day as it looks in every regime, at the scheduled issue times, and
with less around it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Any

import numpy as np
import numpy.typing as npt

from raincast.errors import NotEnoughData
from raincast.features import block
from raincast.features.surroundings import Rows, joined
from raincast.observations.availability import REGIMES, canonical, instant
from raincast.observations.panel import Panel

Array = npt.NDArray[np.float32]

SCHEDULED_UTC = (time(6), time(18))
"""When the scheduled runs issue their forecasts."""

SCHEDULED_SHARE = 0.2
"""Share of station-days that also stand in the training set as at each scheduled issue time."""

FIELD_WITHHELD_SHARE, PAST_WITHHELD_SHARE = 0.15, 0.10
"""Share of station-days that also stand there without the other stations, and without their own
past days too.
"""

STATION_WITHHELD_SHARE = 0.15
"""Share of station-years that stand there without the station's number, so that a model has
learned what to say of a station that it has never seen.
"""

_CHUNK_STATION_DAYS = 400 * 49
"""Whose features are worked out at once."""


@dataclass(frozen=True)
class Examples:
    """Features (n, K), labels (n,) 0 or 1, feature dates (n,) datetime64[D], and station positions
    (n,).

    Attributes:
        inputs: the same rows with the stations around them; None where only features are asked for.
    """

    X: Array
    y: npt.NDArray[np.float64]
    day: npt.NDArray[np.datetime64]
    station: npt.NDArray[np.intp]
    inputs: Rows | None = None

    def __len__(self) -> int:
        return len(self.y)

    def at(self, rows: npt.NDArray[Any]) -> "Examples":
        """Those of the given positions, or where a mask is true."""
        inputs = None if self.inputs is None else self.inputs[rows]
        return Examples(self.X[rows], self.y[rows], self.day[rows], self.station[rows], inputs)

    @property
    def given(self) -> Rows | Array:
        """What a model is asked with."""
        return self.X if self.inputs is None else self.inputs


def issued(days: Sequence[date], at: time | str) -> npt.NDArray[np.int64]:
    """(days,) instants of forecasts at that UTC clock time, or in that regime."""
    if isinstance(at, str):
        return np.array([canonical(at, day) for day in days], dtype=np.int64)
    return np.array([instant(datetime.combine(day, at, UTC)) for day in days], dtype=np.int64)


def chunks(panel: Panel, first: date, last: date) -> Iterator[list[date]]:
    """The panel's days of a span, so many at a time as are worked out at once."""
    days = [day for day in panel.days if first <= day <= last]
    step = max(1, _CHUNK_STATION_DAYS // len(panel.network))
    for start in range(0, len(days), step):
        yield days[start : start + step]


def labels(panel: Panel, days: Sequence[date], truth: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """(days, stations) the truth, of all the panel's days, of what has a row."""
    start = panel.position(days[0])
    return np.where(panel.seen, truth, np.nan)[start : start + len(days)]


def _examples(
    X: Array, y: npt.NDArray[Any], days: Sequence[date], chosen: npt.NDArray[np.bool_]
) -> Examples:
    row, station = np.nonzero(chosen)
    return Examples(X[chosen], y[chosen], np.array(days, dtype="datetime64[D]")[row], station)


def _join(parts: Sequence[Examples]) -> Examples:
    names = ("X", "y", "day", "station")
    X, y, day, station = (np.concatenate([getattr(p, name) for p in parts]) for name in names)
    around = [part.inputs for part in parts if part.inputs is not None]
    inputs = joined(around) if len(around) == len(parts) else None
    return Examples(X, y, day, station, inputs)


def _surrounded(panel: Panel, regime: str, days: Sequence[date], y: npt.NDArray[Any]) -> Examples:
    given, chosen = block.surrounded(panel, days, issued(days, regime)), np.isfinite(y)
    found = _examples(given.table, y, days, chosen)
    inputs = replace(given[chosen], table=found.X)
    return replace(found, inputs=inputs)


def of_regime(panel: Panel, regime: str, first: date, last: date) -> Examples:
    """Every station-day with a known truth, feature dates `first` to `last` inclusive, as in that
    regime.

    Raises:
        NotEnoughData: there is none.
    """
    truth, parts = panel.truth(), []
    for days in chunks(panel, first, last):
        y = labels(panel, days, truth)
        parts.append(_surrounded(panel, regime, days, y))
    if not sum(len(part) for part in parts):
        raise NotEnoughData(
            f"no station-day with a known truth from {first} to {last}: ingest observations of that"
            " span"
        )
    return _join(parts)


def by_regime(panel: Panel, first: date, last: date) -> dict[str, Examples]:
    """`of_regime` of every regime."""
    return {regime: of_regime(panel, regime, first, last) for regime in REGIMES}
