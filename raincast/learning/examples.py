"""Training rows: each station-day as it looks in every regime, at the scheduled issue times, and
with less around it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Any

import numpy as np
import numpy.typing as npt
from tqdm import tqdm

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
_NUMBERS = 1
"""The stream of random numbers that withholds stations' numbers."""


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


def _issued(days: Sequence[date], clock: time) -> npt.NDArray[np.int64]:
    return np.array([instant(datetime.combine(day, clock, UTC)) for day in days], dtype=np.int64)


def _regime(days: Sequence[date], regime: str) -> npt.NDArray[np.int64]:
    return np.array([canonical(regime, day) for day in days], dtype=np.int64)


def _chunks(panel: Panel, first: date, last: date) -> Iterator[list[date]]:
    days = [day for day in panel.days if first <= day <= last]
    step = max(1, _CHUNK_STATION_DAYS // len(panel.network))
    for start in range(0, len(days), step):
        yield days[start : start + step]


def _labels(panel: Panel, days: Sequence[date], truth: npt.NDArray[Any]) -> npt.NDArray[Any]:
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
    given, chosen = block.surrounded(panel, days, _regime(days, regime)), np.isfinite(y)
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
    for days in _chunks(panel, first, last):
        y = _labels(panel, days, truth)
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


def for_training(panel: Panel, first: date, last: date, seed: int = 0) -> Examples:
    """The training set: every regime in full, then seeded shares of the scheduled and the withheld
    forms.

    Raises:
        NotEnoughData: no station-day in the span has a known truth.
    """
    rng = np.random.default_rng(seed)
    parts = [
        _reduced(replace(of_regime(panel, regime, first, last), inputs=None), rng)
        for regime in tqdm(REGIMES, "features", leave=False, disable=None)
    ]
    truth = panel.truth()
    for days in _chunks(panel, first, last):
        y = _labels(panel, days, truth)
        for clock in SCHEDULED_UTC:
            chosen = np.isfinite(y) & (rng.random(y.shape) < SCHEDULED_SHARE)
            parts.append(_examples(block.block(panel, days, _issued(days, clock)), y, days, chosen))
    return numbers_withheld(_join(parts), seed)


def numbers_withheld(rows: Examples, seed: int = 0) -> Examples:
    """The rows, changed in place: a seeded share of station-years lose the station's number.

    Whole years, since the same days under a number would tell which station it is.
    """
    year = rows.day.astype("datetime64[Y]").astype(int)
    groups, group = np.unique(np.stack([rows.station, year]), axis=1, return_inverse=True)
    # A generator of its own, so that the other shares are drawn as they are without it.
    draw = np.random.default_rng((seed, _NUMBERS)).random((groups.shape[1],))
    withheld = draw[group.ravel()] < STATION_WITHHELD_SHARE
    rows.X[withheld, block.NAMES.index("station")] = np.nan
    return rows


def drawn(rows: Examples, most: int | None, seed: int = 0) -> Examples:
    """So many of the rows, drawn without replacement and in no order; all of them, as they are,
    where they are fewer.
    """
    if most is None or most >= len(rows):
        return rows
    return rows.at(np.random.default_rng(seed).permutation(len(rows))[:most])


def _reduced(full: Examples, rng: np.random.Generator) -> Examples:
    draw = rng.random(len(full))
    alone = draw < FIELD_WITHHELD_SHARE
    bare = draw > 1 - PAST_WITHHELD_SHARE
    picked = (
        (block.without_field(full.X[alone]), alone),
        (block.own_row_only(full.X[bare]), bare),
    )
    return _join(
        [
            full,
            *(Examples(X, full.y[rows], full.day[rows], full.station[rows]) for X, rows in picked),
        ]
    )
