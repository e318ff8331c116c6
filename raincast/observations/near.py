"""Whether rows can be a station's: against those of its neighbours. Pure."""

from collections.abc import Iterator
from functools import cache
from itertools import combinations

import numpy as np
import numpy.typing as npt

from raincast.observations import sphere
from raincast.observations.doubts import (
    AT,
    FEWEST_DAYS,
    Body,
    Bound,
    Doubt,
    Usual,
    Values,
    all_rows,
)
from raincast.observations.network import Network, in_force
from raincast.observations.plausibility import FROM_NORMAL
from raincast.observations.schema import NUMERIC

_NUMBERS = [AT[name] for name in NUMERIC]
_FEWEST_BESIDE = 12
"""With fewer, neighbours say nothing of columns: chance alone exchanges two of 9 days."""
_SHIFTED = Bound(1.6, 2.3)
"""How much better the neighbours' day before or after may fit (largest seen: 1.39; 1.77)."""
_EXCHANGED = Bound(2.1, 3.0)
"""How much better two columns may fit the neighbours' when exchanged (largest seen: 1.94; 2.6)."""
_ALIKE = {
    ("Rainfall", "Evaporation"): Bound(2.7, 4.0),
    ("Evaporation", "Cloud3pm"): Bound(2.7, 4.0),
}
"""The same of pairs that are hard to tell apart (largest seen: 2.11 and 2.62; 3.5)."""
_SPREAD = {
    "MinTemp": 3.0, "MaxTemp": 4.0, "Rainfall": 5.0, "Evaporation": 2.0, "Sunshine": 3.5,
    "WindGustSpeed": 12.0, "WindSpeed9am": 8.0, "WindSpeed3pm": 8.0, "Humidity9am": 15.0,
    "Humidity3pm": 15.0, "Pressure9am": 6.0, "Pressure3pm": 6.0, "Cloud9am": 2.5, "Cloud3pm": 2.5,
    "Temp9am": 4.0, "Temp3pm": 4.0,
}  # fmt: skip
"""Standard deviation of a station's days in a month, in round figures."""
_SPREADS = np.array([_SPREAD[name] for name in NUMERIC])
_STEADY = [
    NUMERIC.index(n)
    for n in ("MinTemp", "MaxTemp", "Temp9am", "Temp3pm", "Pressure9am", "Pressure3pm")
]
_NEAR_KM, _SOFTENED_KM = 600, 50
_MOST_HEARD = 64
"""So many of the nearest say enough, however many there are."""


@cache
def _heard(network: Network, station: int) -> tuple[npt.NDArray[np.intp], Values]:
    """Positions of the neighbours that count for a station, ascending, and how much each does."""
    core = network.core
    far = sphere.distances(network.places[[station]], network.places[core])[0]
    near = np.flatnonzero((far > 0) & (far < _NEAR_KM))
    near = np.sort(near[np.argsort(far[near], kind="stable")[:_MOST_HEARD]])
    return core[near], 1 / (far[near] + _SOFTENED_KM) ** 2


def neighbours(around: Values, station: int) -> Values:
    """(days, fields of `NUMERIC`) the weighted mean of the neighbours' values, NaN where none has
    one.

    Args:
        around: (days, stations, fields).
    """
    heard, weight = _heard(in_force(), station)
    values = around[:, heard][:, :, _NUMBERS].astype(np.float64)
    weights = weight[None, :, None] * np.isfinite(values)
    total = weights.sum(axis=1)
    mean = (np.nan_to_num(values) * weights).sum(axis=1) / np.where(total > 0, total, np.nan)
    return np.asarray(mean)


def _misfit(apart: Values, fewest: int = FEWEST_DAYS) -> Values:
    """(…,) root mean square over the first axis; NaN where fewer than that are there."""
    there = np.isfinite(apart)
    count = there.sum(axis=0)
    mean = np.where(there, apart, 0.0) ** 2
    return np.where(count >= fewest, np.sqrt(mean.sum(axis=0) / np.maximum(count, 1)), np.nan)


def among(body: Body, around: Values) -> Iterator[Doubt]:
    """What the neighbours' rows make doubtful.

    Args:
        around: (rows, 3, stations, fields) everybody's rows of the day before each of the body's
            days, of the day, and of the day after.
    """
    own = body.values[:, _NUMBERS].astype(np.float64)
    near = np.stack([neighbours(around[:, i], body.station) for i in range(3)], axis=1)
    yield from _shifted(own, near)
    yield from _exchanged(own, near[:, 1])


def _shifted(own: Values, near: Values) -> Iterator[Doubt]:
    apart = (own[:, None] - near)[:, :, _STEADY]
    there = np.isfinite(apart).all(axis=1, keepdims=True)
    count = np.maximum(there.sum(axis=0), 1)
    mean = np.where(there, apart, 0.0).sum(axis=0) / count
    apart = np.where(there, apart - mean, np.nan)
    fit = _misfit(apart) / _SPREADS[_STEADY]
    known = np.isfinite(fit).all(axis=0)
    if not known.any():
        return
    before, day, after = fit[:, known].mean(axis=1)
    if day > _SHIFTED.of(len(own)) * min(before, after):
        when = "before" if before < after else "after"
        said = f"rows that fit the neighbours' rows of the day {when}: are the dates shifted?"
        yield Doubt(all_rows(own), (), said)


def _exchanged(own: Values, near: Values) -> Iterator[Doubt]:
    fit = _misfit(own[:, :, None] - near[:, None, :], _FEWEST_BESIDE) / _SPREADS
    for i, j in combinations(range(len(NUMERIC)), 2):
        straight, crossed = fit[i, i] + fit[j, j], fit[i, j] + fit[j, i]
        bound = _ALIKE.get((NUMERIC[i], NUMERIC[j]), _EXCHANGED)
        if straight > bound.of(len(own)) * crossed:
            said = f"{NUMERIC[i]} and {NUMERIC[j]} fit the neighbours' the other way round"
            yield Doubt(all_rows(own), (), f"{said}: are they exchanged?")
            return


def place_fit(body: Body, station: int, around: Values, usual: Usual) -> float:
    """How far the rows are from what is expected at a station, in standard deviations; by its
    neighbours, and by what is usual there.
    """
    own = body.values[:, _NUMBERS].astype(np.float64)
    near = neighbours(around, station)
    normal = usual.on(station, body.days).T
    places = [NUMERIC.index(name) for name in FROM_NORMAL]
    off = np.concatenate([own - near, own[:, places] - normal], axis=1)
    spread = np.concatenate([_SPREADS, _SPREADS[places]])
    there = np.isfinite(off).any(axis=0)
    return float(np.mean(np.abs(np.nanmedian(off[:, there], axis=0)) / spread[there]))
