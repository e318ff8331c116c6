"""The training set, written block by block into the place where it stays: it is in memory once.

What is drawn at random is drawn first, from what is known of the truth alone; then the features of
some days at a time are worked out, and only the rows that were drawn are kept of them.
"""

from collections.abc import Callable, Iterator
from datetime import date, time
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from tqdm import tqdm

from raincast.errors import NotEnoughData
from raincast.features import block
from raincast.learning.examples import (
    FIELD_WITHHELD_SHARE,
    PAST_WITHHELD_SHARE,
    SCHEDULED_SHARE,
    SCHEDULED_UTC,
    STATION_WITHHELD_SHARE,
    Examples,
    chunks,
    issued,
    labels,
)
from raincast.observations.availability import REGIMES
from raincast.observations.panel import Panel

Array = npt.NDArray[np.float32]
Positions = npt.NDArray[np.intp]

_NUMBERS = 1
"""The stream of random numbers that withholds stations' numbers."""


def _whole(X: Array) -> Array:
    return X


class Part(NamedTuple):
    """Rows that stand one after the other in a training set.

    Attributes:
        at: the regime or the UTC clock time at which they are issued.
        form: what of their features is withheld.
        cells: (n,) which of the span's station-days, counted day by day, ascending.
    """

    at: time | str
    form: Callable[[Array], Array]
    cells: Positions


def for_training(
    panel: Panel, first: date, last: date, seed: int = 0, most: int | None = None
) -> Examples:
    """The training set: every regime in full, then seeded shares of the scheduled and the withheld
    forms; some of the station-years without the station's number.

    Args:
        most: so many of the rows, drawn without replacement and in no order; all of them, as they
            are, where they are fewer or it is None.

    Raises:
        NotEnoughData: no station-day in the span has a known truth.
    """
    days = [day for day in panel.days if first <= day <= last]
    stations = len(panel.network)
    y = labels(panel, days, panel.truth()) if days else np.empty((0, stations))
    if not np.isfinite(y).any():
        raise NotEnoughData(
            f"no station-day with a known truth from {first} to {last}: ingest observations of that"
            " span"
        )
    parts = list(_parts(panel, first, last, y, np.random.default_rng(seed)))
    cells = np.concatenate([part.cells for part in parts])
    kept = _drawn(len(cells), most, seed)
    day, station = np.array(days, dtype="datetime64[D]")[cells // stations], cells % stations
    X = _features(panel, days, parts, _places(kept, len(cells)))
    withheld = without_number(day, station, seed)[kept]
    X[withheld, block.NAMES.index("station")] = np.nan
    return Examples(X, y.ravel()[cells[kept]], day[kept], station[kept])


def _parts(
    panel: Panel, first: date, last: date, y: npt.NDArray[np.float64], rng: np.random.Generator
) -> Iterator[Part]:
    """In the order in which a training set has always had them."""
    told = np.flatnonzero(np.isfinite(y))
    for regime in REGIMES:
        draw = rng.random(len(told))
        yield Part(regime, _whole, told)
        yield Part(regime, block.without_field, told[draw < FIELD_WITHHELD_SHARE])
        yield Part(regime, block.own_row_only, told[draw > 1 - PAST_WITHHELD_SHARE])
    begin = 0
    for days in chunks(panel, first, last):
        some = y[begin : begin + len(days)]
        for clock in SCHEDULED_UTC:
            chosen = np.isfinite(some) & (rng.random(some.shape) < SCHEDULED_SHARE)
            yield Part(clock, _whole, np.flatnonzero(chosen) + begin * y.shape[1])
        begin += len(days)


def _drawn(count: int, most: int | None, seed: int) -> Positions:
    if most is None or most >= count:
        return np.arange(count)
    return np.random.default_rng(seed).permutation(count)[:most]


def _places(kept: Positions, count: int) -> Positions:
    """(count,) where each row stands among those that are kept; -1 where it is not."""
    found = np.full(count, -1)
    found[kept] = np.arange(len(kept))
    return found


def _features(panel: Panel, days: list[date], parts: list[Part], place: Positions) -> Array:
    """(rows kept, K) features, the rows of each part where `place` has them."""
    X = np.empty((int(place.max()) + 1, len(block.NAMES)), dtype=np.float32)
    begins = np.cumsum([0, *(len(part.cells) for part in parts)])
    for at in tqdm(dict.fromkeys(p.at for p in parts), "features", leave=False, disable=None):
        mine = [(p, place[b:]) for p, b in zip(parts, begins, strict=False) if p.at == at]
        for some, found in _blocks(panel, days, at):
            for part, there in mine:
                low, high = np.searchsorted(part.cells, some)
                kept = np.flatnonzero(there[low:high] >= 0) + low
                X[there[kept]] = part.form(found[part.cells[kept] - some[0]])
    return X


def _blocks(
    panel: Panel, days: list[date], at: time | str
) -> Iterator[tuple[tuple[int, int], Array]]:
    """The first station-day of some days and the one after their last, and their features."""
    begin, stations = 0, len(panel.network)
    for some in chunks(panel, days[0], days[-1]):
        found = block.block(panel, some, issued(some, at))
        end = begin + len(some) * stations
        yield (begin, end), found.reshape(-1, found.shape[-1])
        begin = end


def without_number(
    day: npt.NDArray[np.datetime64], station: Positions, seed: int = 0
) -> npt.NDArray[np.bool_]:
    """(n,) the rows of a seeded share of station-years, which lose the station's number.

    Whole years, since the same days under a number would tell which station it is.
    """
    year = day.astype("datetime64[Y]").astype(int)
    groups, group = np.unique(np.stack([station, year]), axis=1, return_inverse=True)
    # A generator of its own, so that the other shares are drawn as they are without it.
    draw = np.random.default_rng((seed, _NUMBERS)).random((groups.shape[1],))
    found: npt.NDArray[np.bool_] = draw[group.ravel()] < STATION_WITHHELD_SHARE
    return found
