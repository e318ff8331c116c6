"""The training set. What is drawn at random is drawn first, from what is known of the truth alone;
then the features of some days at a time are worked out, and only the rows that were drawn are kept
of them: written into the place where they stay, or handed on.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, time
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from tqdm import tqdm

from raincast.errors import NotEnoughData
from raincast.features import block
from raincast.features.names import STATION
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


@dataclass(frozen=True)
class Drawn:
    """The rows of a training set, before their features are worked out.

    Attributes:
        days: feature dates of the span, one after the other.
        rows: (n,) where each stands among all rows of the parts.
        y: (n,) labels 0 or 1.
        day: (n,) feature dates, datetime64[D].
        station: (n,) positions.
        unnumbered: (n,) whose station's number is withheld.
    """

    panel: Panel
    days: list[date]
    parts: list[Part]
    rows: Positions
    y: npt.NDArray[np.float64]
    day: npt.NDArray[np.datetime64]
    station: Positions
    unnumbered: npt.NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.rows)

    def examples(self) -> Examples:
        """The training set in memory, in the order in which it was drawn."""
        X = np.empty((len(self), len(block.NAMES)), dtype=np.float32)
        alike = [[p for p in self._placed() if p[0].at == at] for at in self._issued()]
        for there, found in self._written(alike):
            X[there] = found
        return Examples(X, self.y, self.day, self.station)

    def blocks(self) -> Iterator[tuple[Array, npt.NDArray[np.float64]]]:
        """The same features and labels, some at a time, part after part."""
        for there, found in self._written([[placed] for placed in self._placed()]):
            yield found, self.y[there]

    def numbered(self) -> npt.NDArray[np.float32]:
        """(n,) the stations' numbers as they are among the features."""
        return np.where(self.unnumbered, np.float32(np.nan), self.station.astype(np.float32))

    def _issued(self) -> list[time | str]:
        return list(dict.fromkeys(part.at for part in self.parts))

    def _placed(self) -> list[tuple[Part, Positions]]:
        """Each part, and where each of its rows stands among those that were drawn; -1 where it was
        not.
        """
        ends = np.cumsum([len(part.cells) for part in self.parts])
        place = np.full(ends[-1], -1)
        place[self.rows] = np.arange(len(self))
        return list(zip(self.parts, np.split(place, ends[:-1]), strict=True))

    def _written(
        self, groups: list[list[tuple[Part, Positions]]]
    ) -> Iterator[tuple[Positions, Array]]:
        """Some rows' places and features, group after group; a group is issued at one time."""
        for group in tqdm(groups, "features", leave=False, disable=None):
            for begin, found in _blocks(self.panel, self.days, [part for part, _ in group]):
                for part, place in group:
                    low, high = np.searchsorted(part.cells, (begin, begin + len(found)))
                    drawn = np.flatnonzero(place[low:high] >= 0) + low
                    X = part.form(found[part.cells[drawn] - begin])
                    X[self.unnumbered[place[drawn]], STATION] = np.nan
                    yield place[drawn], X


def for_training(
    panel: Panel, first: date, last: date, seed: int = 0, most: int | None = None
) -> Examples:
    """The training set that is `drawn`, in memory."""
    return drawn(panel, first, last, seed, most).examples()


def drawn(panel: Panel, first: date, last: date, seed: int = 0, most: int | None = None) -> Drawn:
    """Every regime in full, then seeded shares of the scheduled and the withheld forms; some of the
    station-years without the station's number.

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
    rows = _drawn(len(cells), most, seed)
    day, station = np.array(days, dtype="datetime64[D]")[cells // stations], cells % stations
    withheld = without_number(day, station, seed)[rows]
    truth = y.ravel()[cells[rows]]
    return Drawn(panel, days, parts, rows, truth, day[rows], station[rows], withheld)


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


def _blocks(panel: Panel, days: list[date], parts: list[Part]) -> Iterator[tuple[int, Array]]:
    """Features of all station-days of some days, as at the parts' issue time, and the number of the
    first of them; from the first days that the parts have rows of to the last.
    """
    cells = [part.cells[[0, -1]] for part in parts if len(part.cells)]
    first, last = (np.array(cells).min(), np.array(cells).max()) if cells else (0, -1)
    begin, stations = 0, len(panel.network)
    for some in chunks(panel, days[0], days[-1]):
        end = begin + len(some) * stations
        if begin <= last and end > first:
            found = block.block(panel, some, issued(some, parts[0].at))
            yield begin, found.reshape(-1, found.shape[-1])
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
