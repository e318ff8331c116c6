"""Daily series of the observations, by field and by station, free of season. Pure.

A value is compared with its station's own climatology, with what the neighbours say today, and with
what the other fields say today: a drift that all stations share shows only in the last.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from raincast.features import neighbours
from raincast.observations import event
from raincast.observations.panel import Panel
from raincast.observations.schema import DIRECTIONS, OBSERVATIONS

Floats = npt.NDArray[np.float64]

_NUMBERS = tuple(name for name in OBSERVATIONS if name not in DIRECTIONS)
_AT = [OBSERVATIONS.index(name) for name in _NUMBERS]
FIELDS = (*_NUMBERS, "RainToday")
"""The numbers, and whether it rained, whose share of stations is steadier than the amounts."""
_LOGGED = [i for i, name in enumerate(_NUMBERS) if name in ("Rainfall", "Evaporation")]
"""Skewed amounts, which are charted as log(1 + x)."""
HARMONICS = 2
"""Of the year: enough for a season with two peaks."""
FEWEST_VALUES = 200
"""Values of a station and field below which it has no climatology."""
FEWEST_DAYS = 700
"""Days from the first of them to the last: two years, less what the ends may lack. One year is one
draw of each season: beside one, the watch alarmed 1.5 times in a year without a change, in thirty
climates of `benchmarks/watch_years.py`.
"""
FEWEST_STATIONS = 3
"""Values below which a mean over stations, or over the nearest of one, says too little."""
LARGEST = 5.0
"""Standard deviations at which an anomaly is cut, so that one misreading is not a change."""


@dataclass(frozen=True)
class Normals:
    """What is usual.

    Attributes:
        season: (1 + 2 harmonics, stations, fields) coefficients of the mean.
        scale: (stations, fields) standard deviation about it.
        absent: (stations, fields) usual share that is missing, of the days with a row.
        silent: (stations,) usual share of days without a row.
        near, near_scale: (stations, fields) slope on the neighbours' anomaly, and the standard
            deviation of what it leaves.
        others: (2 fields, fields) slopes of the network's anomalies on those of the other fields,
            today's and then yesterday's: rain is read the morning after.
    """

    season: Floats
    scale: Floats
    absent: Floats
    silent: Floats
    near: Floats
    near_scale: Floats
    others: Floats


def read(panel: Panel) -> Floats:
    """(days, stations, fields) values; NaN where missing, skewed amounts as log(1 + x)."""
    values = panel.values[:, :, _AT].astype(np.float64)
    wet = event.RAIN_TODAY.occurred(panel.rainfall())[:, :, None]
    values[:, :, _LOGGED] = np.log1p(np.maximum(values[:, :, _LOGGED], 0))
    return np.concatenate([values, wet], axis=2)


def _year(panel: Panel) -> Floats:
    """(days, 1 + 2 harmonics)."""
    days = np.datetime64(panel.first, "D") + np.arange(len(panel))
    turn = 2 * np.pi * (days - days.astype("datetime64[Y]")).astype(float) / 365.25
    waves = [f(k * turn) for k in range(1, HARMONICS + 1) for f in (np.cos, np.sin)]
    return np.stack([np.ones(len(panel)), *waves], axis=1)


def normals(panel: Panel, learned: npt.NDArray[np.bool_] | None = None) -> Normals:
    """What is usual in the panel, a history without known faults.

    Args:
        learned: (days,) those that count; all if None.
    """
    counted = np.ones(len(panel), dtype=np.bool_) if learned is None else learned
    values, year = np.where(counted[:, None, None], read(panel), np.nan), _year(panel)
    season = np.full((year.shape[1], *values.shape[1:]), np.nan)
    for station, field in np.ndindex(*values.shape[1:]):
        there = np.isfinite(values[:, station, field])
        if _enough(there):
            solved = np.linalg.lstsq(year[there], values[there, station, field], rcond=None)
            season[:, station, field] = solved[0]
    apart = values - np.einsum("dk,ksf->dsf", year, season)
    scale = _deviation(apart)
    anomaly = np.clip(apart / scale, -LARGEST, LARGEST)
    around = _around(panel, anomaly)
    near = _slopes(around, anomaly)
    absent, silent = _gaps(values, panel.seen, counted)
    return Normals(
        season,
        scale,
        absent,
        silent,
        near,
        _deviation(anomaly - near * around),
        _others(_mean(anomaly)),
    )


def _enough(there: npt.NDArray[np.bool_]) -> bool:
    """Whether the days with a value say what is usual in each season."""
    days = np.flatnonzero(there)
    return len(days) >= FEWEST_VALUES and int(days[-1] - days[0]) >= FEWEST_DAYS


def without(usual: Normals, mask: npt.NDArray[np.bool_]) -> Normals:
    """The same, but with no usual where (stations, fields) `mask` says so: such values are in no
    mean, difference or share.
    """
    blank = {
        name: np.where(mask, np.nan, getattr(usual, name))
        for name in ("season", "scale", "absent", "near_scale")
    }
    return replace(usual, **blank)


def _gaps(
    values: Floats, seen: npt.NDArray[np.bool_], counted: npt.NDArray[np.bool_]
) -> tuple[Floats, Floats]:
    """Shares that are missing from each station's first row on; NaN and 1 of one without rows."""
    began = np.logical_or.accumulate(seen, axis=0) & counted[:, None]
    seen = seen & counted[:, None]
    rows = np.where(seen.any(axis=0), seen.sum(axis=0), np.nan)[:, None]
    gone = (np.isnan(values) & seen[:, :, None]).sum(axis=0) / rows
    return np.asarray(gone), 1 - seen.sum(axis=0) / np.maximum(began.sum(axis=0), 1)


def _deviation(apart: Floats) -> Floats:
    n = np.isfinite(apart).sum(axis=0)
    square = np.nansum(apart**2, axis=0) / np.maximum(n, 1)
    return np.where(square > 1e-12, np.sqrt(square), np.nan)


def _mean(values: Floats, axis: int = 1) -> Floats:
    """Means of what is there; NaN of fewer than `FEWEST_STATIONS` values."""
    n = np.isfinite(values).sum(axis=axis)
    return np.where(n >= FEWEST_STATIONS, np.nansum(values, axis=axis) / np.maximum(n, 1), np.nan)


def _around(panel: Panel, anomaly: Floats) -> Floats:
    """(days, stations, fields) the mean anomaly of the nearest stations."""
    beside: npt.NDArray[Any] = anomaly[:, neighbours.nearest(panel.network)]
    return _mean(beside, axis=2)


def _slopes(x: Floats, y: Floats) -> Floats:
    both = np.isfinite(x) & np.isfinite(y)
    square = np.where(both, x**2, 0).sum(axis=0)
    return np.asarray(np.where(both, x * y, 0).sum(axis=0) / np.maximum(square, 1e-9))


def _two_days(network: Floats) -> Floats:
    """(days, 2 fields) today's and yesterday's; 0 where there is none."""
    there = np.nan_to_num(network)
    return np.concatenate([there, np.concatenate([np.zeros_like(there[:1]), there[:-1]])], axis=1)


def _instrument(field: int) -> str:
    """What reads the field: a drift of it shows in all that it reads, so these explain nothing."""
    name = FIELDS[field].removesuffix("9am").removesuffix("3pm")
    return {"MinTemp": "Temp", "MaxTemp": "Temp", "RainToday": "Rainfall"}.get(name, name)


def _others(network: Floats) -> Floats:
    """Ridge slopes, light: the fields of a day are nearly collinear."""
    x, count = _two_days(network), network.shape[1]
    slopes = np.zeros((2 * count, count))
    for field in range(count):
        rest = [i for i in range(2 * count) if _instrument(i % count) != _instrument(field)]
        square = x[:, rest].T @ x[:, rest] + 1e-3 * len(x) * np.eye(len(rest))
        slopes[rest, field] = np.linalg.solve(square, x[:, rest].T @ x[:, field])
    return slopes


@dataclass(frozen=True)
class Series:
    """Daily series: (days, ...) each.

    Attributes:
        missing: (days, fields) share of stations without the field, less the usual.
        silent: (days,) share of stations without a row, less the usual.
        values: (days, fields) mean anomaly of the network.
        relation: (days, fields) the same less what the other fields say.
        places: (days, fields) log of the mean squared difference to the neighbours.
        station: (days, stations) the same by station.
        difference: (days, stations, fields) standardised difference to the neighbours.
        absent: (days, stations, fields) 1 where a row lacks the field, less the usual share.
    """

    missing: Floats
    silent: Floats
    values: Floats
    relation: Floats
    places: Floats
    station: Floats
    difference: Floats
    absent: Floats


def series(panel: Panel, usual: Normals) -> Series:
    """The series of the panel's days; each day should be as complete as it becomes."""
    values = read(panel)
    apart = values - np.einsum("dk,ksf->dsf", _year(panel), usual.season)
    anomaly = np.clip(apart / usual.scale, -LARGEST, LARGEST)
    rest = (anomaly - usual.near * _around(panel, anomaly)) / usual.near_scale
    rest = np.clip(rest, -LARGEST, LARGEST)
    network = _mean(anomaly)
    gone = np.where(panel.seen[:, :, None], np.isnan(values), np.nan)
    expected = usual.silent < 1
    silent = (~panel.seen[:, expected] - usual.silent[expected]).mean(axis=1)
    with np.errstate(divide="ignore"):
        return Series(
            _mean(gone - usual.absent),
            silent,
            network,
            network - _two_days(network) @ usual.others,
            np.log(_mean(rest**2)),
            np.log(_mean(rest**2, axis=2)),
            rest,
            gone - usual.absent,
        )
