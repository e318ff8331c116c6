"""What is known of and around every station on a feature date at an issue instant.

Values not yet known at the instant are absent (NaN). Nothing after the feature date is read, and no
figure depends on how many days are asked for at once.
"""

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from raincast.features import neighbours
from raincast.features.derived import POSITION, variables
from raincast.features.names import (
    CHANGED,
    CONTRASTED,
    OF_NEAREST,
    OF_YESTERDAY,
    RAIN_DAYS,
    SCALED,
    SECTORED,
)
from raincast.features.surroundings import Field
from raincast.observations.availability import Instants, known
from raincast.observations.event import RAIN_TODAY
from raincast.observations.network import Network
from raincast.observations.panel import RAINFALL, Panel

Array = npt.NDArray[np.float32]

LOOKBACK_DAYS = 30
"""Days of panel before the feature date that can be used."""


def picked(names: Sequence[str]) -> list[int]:
    """The positions of variables."""
    return [POSITION[name] for name in names]


@cache
def _season(day_of_year: int) -> tuple[float, float]:
    """Sine and cosine of its part of a year: of single numbers, whose bits an array's need not
    have.
    """
    angle = 2 * np.pi * day_of_year / 365.25
    return float(np.sin(angle)), float(np.cos(angle))


def _place(days: Sequence[date], network: Network) -> Array:
    fixed = np.array(
        [(i, s.latitude, s.longitude) for i, s in enumerate(network.stations)], dtype=np.float32
    )
    season = np.array([_season(day.timetuple().tm_yday) for day in days], dtype=np.float32)
    shape = (len(days), len(network))
    parts = (np.broadcast_to(fixed, (*shape, 3)), np.broadcast_to(season[:, None], (*shape, 2)))
    return np.concatenate(parts, axis=-1)


def _rain_before(rain: Array) -> Array:
    """(n, stations, 2 × lengths) millimetres and wet days, from (n, lags, stations) readings of the
    days before.

    Together with the feature date they make the lengths of `RAIN_DAYS`; NaN where none of those
    days has a reading.
    """
    readings, wet = np.nan_to_num(rain), np.nan_to_num(RAIN_TODAY.occurred(rain)).astype(np.float32)
    sums = []
    for length in RAIN_DAYS:
        unknown = np.isnan(rain[:, : length - 1]).all(axis=1)
        for amounts in (readings, wet):
            total = np.zeros_like(rain[:, 0])
            for lag in range(
                length - 1
            ):  # one day after the other, so that the order of additions is always the same
                total += amounts[:, lag]
            sums.append(np.where(unknown, np.nan, total))
    return np.stack(sums, axis=-1).astype(np.float32)


def _flat(maps: Array) -> Array:
    """(n, maps, stations, variables) → (n, stations, maps × variables)."""
    return maps.transpose(0, 2, 1, 3).reshape(maps.shape[0], maps.shape[2], -1)


def _around(scaled: Array, today: Array, yesterday: Array, network: Network) -> Array:
    past = neighbours.average(
        neighbours.scale_weights(network), yesterday[..., picked(("RainLog", "Pressure3pm"))]
    )
    sectors = neighbours.average(neighbours.sector_weights(network), today[..., picked(SECTORED)])
    west, south, north, east = (sectors[:, i] for i in range(len(neighbours.SECTORS)))
    nearest = neighbours.of_nearest(network, today[..., picked(OF_NEAREST)])
    parts = (_flat(scaled), _flat(past), _flat(sectors), east - west, north - south)
    return np.concatenate([*parts, nearest.reshape(*nearest.shape[:2], -1)], axis=-1)


def _rows(panel: Panel, days: Sequence[date], lag: int, masks: npt.NDArray[np.bool_]) -> Array:
    position = np.array([panel.position(day) - lag for day in days])
    inside = (position >= 0) & (position < len(panel))
    values = panel.values[np.clip(position, 0, max(len(panel) - 1, 0))]
    return np.where(masks & inside[:, None, None], values, np.float32(np.nan))


def _older_rain(panel: Panel, days: Sequence[date]) -> Array:
    """(n, lags, stations) mm of the days before yesterday, the newest first."""
    position = np.array([[panel.position(day)] for day in days]) - np.arange(2, LOOKBACK_DAYS)
    inside = (position >= 0) & (position < len(panel))
    values = panel.rainfall()[np.clip(position, 0, max(len(panel) - 1, 0))]
    return np.where(inside[..., None], values, np.float32(np.nan))


def _masks(
    days: Sequence[date], issued_at: Instants, lag: int, network: Network
) -> npt.NDArray[np.bool_]:
    pairs = zip(days, issued_at, strict=True)
    before = [(date.fromordinal(day.toordinal() - lag), int(at)) for day, at in pairs]
    return np.stack([known(day, at, network) for day, at in before])


class Context(NamedTuple):
    """Station-days as they were known at an instant; every array has the same leading axes.

    Attributes:
        own: (…, observation fields) the station's own row.
        place: (…, 5) where it is, and the season.
        past: (…, ) what features take unchanged from the two days before.
        yesterday: (…, ) the variables of the day before from which changes are counted.
        rain_before: (…, 6) rain and wet days of the days before.
        around: (…, ) what features take unchanged from the other stations.
        middle: (…, ) the neighbourhood's means, against which the own row is contrasted.
        field: (…,) the `Field` of all stations that each belongs to.
    """

    own: Array
    place: Array
    past: Array
    yesterday: Array
    rain_before: Array
    around: Array
    middle: Array
    field: npt.NDArray[Any]

    def at(self, index: Any) -> "Context":
        """The same at these positions of the leading axes."""
        return Context(*(part[index] for part in self))


def context(panel: Panel, days: Sequence[date], issued_at: Instants) -> Context:
    """What is known of and around every station for n pairs of feature date and issue instant.

    Args:
        panel: observations; days outside it count as missing.
        days: n feature dates.
        issued_at: (n,) instants, seconds since 1970; what is known later is absent.

    Returns:
        Arrays with leading axes (n, stations).
    """
    network = panel.network
    own, before = (_rows(panel, days, lag, _masks(days, issued_at, lag, network)) for lag in (0, 1))
    earlier = variables(_rows(panel, days, 2, np.ones_like(own, dtype=bool)))
    rain = np.concatenate([before[:, None, :, RAINFALL], _older_rain(panel, days)], axis=1)
    now, yesterday = variables(own), variables(before)
    scaled = neighbours.average(neighbours.scale_weights(network), now[..., picked(SCALED)])
    place, sums = _place(days, network), _rain_before(rain)
    return Context(
        own,
        place,
        np.concatenate(
            [yesterday[..., picked(OF_YESTERDAY)], earlier[..., picked(("RainLog",))]],
            axis=-1,
        ),
        yesterday[..., picked(CHANGED)],
        sums,
        _around(scaled, now, yesterday, network),
        scaled[:, 1][..., [SCALED.index(name) for name in CONTRASTED]],
        _fields(own, yesterday, sums, place, network),
    )


def _fields(
    own: Array, before: Array, sums: Array, place: Array, network: Network
) -> npt.NDArray[Any]:
    """(n, stations) each day's `Field`, the same one for all its stations."""
    found = np.empty(own.shape[:2], dtype=object)
    for i in range(len(own)):
        found[i] = Field(own[i], before[i], sums[i], place[i, 0, 3:], network)
    return found
