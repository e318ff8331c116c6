"""Whether rows can be a station's: against each other, the climate of the place, its neighbours.
Pure.

Every bound was measured on the station-months of 2007 to 2017 and of 2023 to 2024 (5,500 with at
least 8 days) and lies beyond all of them, so that what is true is not doubted. A month that is not
over says less: its bounds are wider, beyond what the first 8 to 25 days of the 3,800 station-months
of 2008 to 2015 show.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from raincast.observations import sphere
from raincast.observations.network import Network, in_force
from raincast.observations.schema import FIELDS, NUMERIC, OBSERVATIONS

Values = npt.NDArray[Any]

FEWEST_DAYS = 8
"""With fewer, nothing is said of a whole file."""
_FEWEST_BESIDE = 12
"""With fewer, neighbours say nothing of columns: chance alone exchanges two of 9 days."""
_WHOLE_MONTH_DAYS = 29


class Bound(NamedTuple):
    """What true rows do not pass: those of a whole month, and those of a part of one."""

    month: float
    part: float

    def of(self, days: int) -> float:
        """For so many days."""
        return self.month if days >= _WHOLE_MONTH_DAYS else self.part


_AT = {name: i for i, name in enumerate(OBSERVATIONS)}
_NUMBERS = [_AT[name] for name in NUMERIC]

_ORDERED = (
    ("MinTemp", "Temp9am", 2.5),
    ("Temp9am", "MaxTemp", 2.5),
    ("Temp3pm", "MaxTemp", 2.5),
    ("WindSpeed9am", "WindGustSpeed", 12.0),
    ("WindSpeed3pm", "WindGustSpeed", 12.0),
)
"""The first is not above the second by more than so much (largest seen: 2.2, 1.4, 1.8, 9, 10)."""

_MOST_DISORDERED = 0.25
"""Share of days on which the first is above the second at all (largest seen: 0.1)."""

_LATER = (
    ("Temp3pm", "Temp9am", Bound(-1.0, -3.0)),
    ("Humidity9am", "Humidity3pm", Bound(-12.0, -17.0)),
    ("Pressure9am", "Pressure3pm", Bound(-0.7, -2.0)),
)
"""The median of the first less the second is not below this (smallest seen: -0.4, -8, 0.0 of a
month; -2.3, -14.5, -1.6 of a part).
"""

_MOST_DRY_PANS = 0.35
"""Share of days without evaporation (largest seen: 0.17); rain is nothing on two days of three."""

_FROM_NORMAL = {"MinTemp": Bound(8.0, 10.5), "MaxTemp": Bound(9.5, 14.5)}
"""How far the median of `FEWEST_DAYS` or more may be from what is usual (seen: -6.4 to 9.2 of a
month; -8.5 to 8.9 and -9.5 to 12.2 of a part).
"""
_DAY_FROM_NORMAL = 21.0
"""The same of a single day (seen: -18.6 to 19.9)."""
_SHIFTED = Bound(1.6, 2.3)
"""How much better the neighbours' day before or after may fit (largest seen: 1.39; 1.77)."""
_EXCHANGED = Bound(2.1, 3.0)
"""How much better two columns may fit the neighbours' when exchanged (largest seen: 1.94; 2.6)."""
_ALIKE = {
    ("Rainfall", "Evaporation"): Bound(2.7, 4.0),
    ("Evaporation", "Cloud3pm"): Bound(2.7, 4.0),
}
"""The same of pairs that are hard to tell apart (largest seen: 2.11 and 2.62; 3.5)."""
_FEWEST_ALIKE = 6
"""Values of a row that no other row of 167,000 has all alike."""

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


class Body(NamedTuple):
    """One station's rows.

    Attributes:
        station: its position in the network.
        days: (rows,) datetime64[D].
        values: (rows, fields), directions in degrees, NaN where missing.
    """

    station: int
    days: npt.NDArray[np.datetime64]
    values: Values


class Usual(NamedTuple):
    """What is usual at the stations.

    Attributes:
        lowest, highest: (stations, 366) temperatures by day of the year, °C.
        unsure: (stations,) by how much what is usual there may be another, °C.
    """

    lowest: Values
    highest: Values
    unsure: Values

    def on(self, station: int, days: npt.NDArray[np.datetime64]) -> Values:
        """(2, rows) the lowest and the highest of the days."""
        day = (days - days.astype("datetime64[Y]")).astype(int)
        return np.stack([self.lowest[station, day], self.highest[station, day]])


@dataclass(frozen=True)
class Doubt:
    """Rows that cannot be what they say.

    Attributes:
        rows: (rows,) which.
        fields: the columns; none where it is the whole row.
        reason: what was found and what was expected.
    """

    rows: npt.NDArray[np.bool_]
    fields: tuple[str, ...]
    reason: str


def alone(body: Body, usual: Usual) -> Iterator[Doubt]:
    """What the rows themselves and the climate of the place make doubtful."""
    yield from _disordered(body.values)
    yield from _turned(body.values)
    yield from _unusual(body, usual)


def mixed_up(values: Values) -> Iterator[Doubt]:
    """What speaks for exchanged columns in (rows, fields) values of any stations and days."""
    found = (*_disordered(values), *_turned(values))
    yield from (doubt for doubt in found if not doubt.fields)


def _all(values: Values) -> npt.NDArray[np.bool_]:
    return np.ones(len(values), dtype=bool)


def _disordered(values: Values) -> Iterator[Doubt]:
    for low, high, slack in _ORDERED:
        with np.errstate(invalid="ignore"):
            wrong = values[:, _AT[low]] > values[:, _AT[high]] + slack
            above = values[:, _AT[low]] > values[:, _AT[high]]
        both = np.isfinite(values[:, _AT[low]] + values[:, _AT[high]]).sum()
        if both >= FEWEST_DAYS and above.sum() > _MOST_DISORDERED * both:
            found = f"{low} above {high} on {above.sum()} of {both} days"
            yield Doubt(_all(values), (), f"{found}: are columns exchanged?")
        elif wrong.any():
            yield Doubt(wrong, (low, high), f"{low} not above {high}")


def _turned(values: Values) -> Iterator[Doubt]:
    for first, second, least in _LATER:
        apart = values[:, _AT[first]] - values[:, _AT[second]]
        apart = apart[np.isfinite(apart)]
        if len(apart) >= FEWEST_DAYS and np.median(apart) < least.of(len(apart)):
            found = f"{first} mostly {-np.median(apart):.1f} {FIELDS[first].unit} below {second}"
            yield Doubt(_all(values), (), f"{found}: are they exchanged?")
    pan = values[:, _AT["Evaporation"]]
    pan = pan[np.isfinite(pan)]
    if len(pan) >= FEWEST_DAYS and np.mean(pan == 0) > _MOST_DRY_PANS:
        found = f"no evaporation on {int((pan == 0).sum())} of {len(pan)} days"
        yield Doubt(_all(values), (), f"{found}: is it exchanged with rainfall?")


def _unusual(body: Body, usual: Usual) -> Iterator[Doubt]:
    unsure = usual.unsure[body.station]
    for name, normal in zip(_FROM_NORMAL, usual.on(body.station, body.days), strict=True):
        off = body.values[:, _AT[name]] - normal
        seen = off[np.isfinite(off)]
        most, middle = _FROM_NORMAL[name], np.median(seen) if len(seen) else 0.0
        if len(seen) >= FEWEST_DAYS and abs(middle) > most.of(len(seen)) + unsure:
            place = in_force().locations[body.station]
            said = f"{name} mostly {middle:+.0f} °C from what is usual at {place}"
            yield Doubt(_all(body.values), (), f"{said}: is it another station's?")
        with np.errstate(invalid="ignore"):
            far = np.abs(off) > _DAY_FROM_NORMAL + unsure
        if far.any():
            within = f"{_DAY_FROM_NORMAL + unsure:g} °C"
            expected = f"{name} within {within} of what is usual at this season"
            yield Doubt(far, (name,), expected)


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
        yield Doubt(_all(own), (), said)


def _exchanged(own: Values, near: Values) -> Iterator[Doubt]:
    fit = _misfit(own[:, :, None] - near[:, None, :], _FEWEST_BESIDE) / _SPREADS
    for i, j in combinations(range(len(NUMERIC)), 2):
        straight, crossed = fit[i, i] + fit[j, j], fit[i, j] + fit[j, i]
        bound = _ALIKE.get((NUMERIC[i], NUMERIC[j]), _EXCHANGED)
        if straight > bound.of(len(own)) * crossed:
            said = f"{NUMERIC[i]} and {NUMERIC[j]} fit the neighbours' the other way round"
            yield Doubt(_all(own), (), f"{said}: are they exchanged?")
            return


def place_fit(body: Body, station: int, around: Values, usual: Usual) -> float:
    """How far the rows are from what is expected at a station, in standard deviations; by its
    neighbours, and by what is usual there.
    """
    own = body.values[:, _NUMBERS].astype(np.float64)
    near = neighbours(around, station)
    normal = usual.on(station, body.days).T
    places = [NUMERIC.index(name) for name in _FROM_NORMAL]
    off = np.concatenate([own - near, own[:, places] - normal], axis=1)
    spread = np.concatenate([_SPREADS, _SPREADS[places]])
    there = np.isfinite(off).any(axis=0)
    return float(np.mean(np.abs(np.nanmedian(off[:, there], axis=0)) / spread[there]))


def fingerprints(values: Values) -> list[bytes | None]:
    """(rows,) the same for rows that are alike in all that they have; None where that is little."""
    enough = np.isfinite(values).sum(axis=1) >= _FEWEST_ALIKE
    block = np.asarray(values, dtype=np.float32) + np.float32(0)
    block[np.isnan(block)] = np.nan
    return [row.tobytes() if full else None for row, full in zip(block, enough, strict=True)]
