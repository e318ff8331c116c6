"""What may be turned about the simulated climate, and what the calendar makes of it at each
station.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from raincast.observations.network import shipped
from raincast.simulator import sites as places
from raincast.simulator.sites import Sites

Array = npt.NDArray[Any]

_MONTH = 2 * np.pi / 12
_HOTTEST_MONTH = 1.1


@dataclass(frozen=True)
class Climate:
    """The simulator's knobs; left alone, the climate is stationary.

    Attributes:
        changed_from: the day from which the three changes below hold; None: from the first day on.
        wetter: factor on the odds of a wet day.
        humidity_bias: percent added to every humidity reading, as by a drifting sensor.
        lost_share: share of the stations (0..1) that lose sunshine, evaporation and cloud, as when
            an observer retires.
        gaps: factor on how much is missing; 0 gives a file without holes.
    """

    changed_from: date | None = None
    wetter: float = 1.0
    humidity_bias: float = 0.0
    lost_share: float = 0.0
    gaps: float = 1.0

    def changed(self, days: Array) -> Array:
        """(days, 1) whether the changes hold on each of those datetime64[D]."""
        begin = days.min() if self.changed_from is None else np.datetime64(self.changed_from, "D")
        return (days >= begin)[:, None]


STATIONARY = Climate()


class Season(NamedTuple):
    """What is normal for each day and station, all (days, stations).

    Attributes:
        summer: 1 in mid January, -1 in mid July.
        wet: chance of a wet day, 0..1.
        temperature: mean of the day, °C.
        range: from the night's minimum to the day's maximum, °C.
        damp: how much the relative humidity is above its yearly mean, in percent.
        daylight: hours from sunrise to sunset.
        radiation: sunlight above the atmosphere, in mm of water that it could evaporate in a day.
    """

    summer: Array
    wet: Array
    temperature: Array
    range: Array
    damp: Array
    daylight: Array
    radiation: Array


def _logit(p: Array) -> Array:
    return np.asarray(np.log(p / (1 - p)))


def _cycle(month: Array, peak: Array | float) -> Array:
    return np.asarray(np.cos(_MONTH * (month[:, None] - peak)))


def _wet(month: Array, factor: Array, sites: Sites) -> Array:
    high, low = (_logit(sites.normal(name)) for name in ("wettest", "driest"))
    cycle = _cycle(month, sites.normal("peak"))
    return np.asarray(1 / (1 + np.exp(-(high + low) / 2 - (high - low) / 2 * cycle) / factor))


def _sun(day_of_year: Array, latitude: Array) -> tuple[Array, Array]:
    """Daylight (hours) and radiation above the air (mm a day): FAO Irrigation and Drainage Paper
    56, eq. 21 to 34.
    """
    turn = 2 * np.pi * day_of_year[:, None] / 365
    phi, delta = np.radians(latitude), 0.409 * np.sin(turn - 1.39)
    sunset = np.arccos(np.clip(-np.tan(phi) * np.tan(delta), -1, 1))  # 0 in the polar night
    height = sunset * np.sin(phi) * np.sin(delta) + np.cos(phi) * np.cos(delta) * np.sin(sunset)
    return 24 / np.pi * sunset, 0.408 * 37.6 * (1 + 0.033 * np.cos(turn)) * height


def season(days: Array, climate: Climate, sites: Sites) -> Season:
    """The normals of those days (datetime64[D]) under that climate."""
    day_of_year = (days - days.astype("datetime64[Y]")).astype(int) + 1.0
    month = 0.5 + 12 * day_of_year / 365.25
    summer = _cycle(month, _HOTTEST_MONTH)
    odds = np.where(climate.changed(days), climate.wetter, 1.0)
    damp = sites.normal("sway") * _cycle(month, sites.normal("top"))
    return Season(
        summer,
        _wet(month, odds, sites),
        sites.normal("temp") + sites.normal("swing") * summer,
        sites.normal("range") + sites.normal("more") * summer,
        damp,
        *_sun(day_of_year, sites.latitude),
    )


def usual_temperatures() -> tuple[Array, Array]:
    """(shipped stations, 366) what is usual of the night's minimum and of the day's maximum, by day
    of the year, °C.
    """
    leap_year = np.arange(np.datetime64("2016-01-01"), np.datetime64("2017-01-01"))
    usual = season(leap_year, STATIONARY, places.of(shipped()))
    half = usual.range / 2
    return (usual.temperature - half).T, (usual.temperature + half).T
