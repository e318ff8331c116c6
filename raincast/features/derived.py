"""What is derived from one day's rows before anything is averaged: moisture, wind components,
tendencies.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from raincast.observations import event
from raincast.observations.schema import OBSERVATIONS

Array = npt.NDArray[np.float32]

DERIVED = (
    "RainLog",
    "Wet",
    "Gust_u",
    "Gust_v",
    "Wind9am_u",
    "Wind9am_v",
    "Wind3pm_u",
    "Wind3pm_v",
    "Dew9am",
    "Dew3pm",
    "Depression9am",
    "Depression3pm",
    "PressureFall",
    "Warming",
    "Drying",
)
"""Derived from a row alone; wind components are towards east (u) and north (v), km/h; dew points in
°C.
"""

VARIABLES: tuple[str, ...] = (*(n for n in OBSERVATIONS if "Dir" not in n), *DERIVED)
"""Every variable of a station-day, observed then derived, in the order of `variables`' last axis.
"""

POSITION = {name: i for i, name in enumerate(VARIABLES)}


def dew_point(temperature: Array, humidity: Array) -> Array:
    """Dew point in °C from °C and %, by the Magnus formula (Alduchov and Eskridge 1996, over
    water).
    """
    with np.errstate(divide="ignore"):
        gamma = np.log(np.maximum(humidity, 1) / 100) + 17.625 * temperature / (
            243.04 + temperature
        )
    return np.asarray(243.04 * gamma / (17.625 - gamma), dtype=np.float32)


def wind(speed: Array, direction: Array) -> tuple[Array, Array]:
    """Where the wind blows to: (u east, v north) from speed and the direction it comes from in
    degrees; calm is (0, 0).
    """
    angle = np.radians(np.where(speed == 0, 0, direction))
    return -speed * np.sin(angle), -speed * np.cos(angle)


def variables(values: Array) -> Array:
    """(…, variables) from (…, observation fields), elementwise: NaN in, NaN out."""
    v: dict[str, Any] = {name: values[..., i] for i, name in enumerate(OBSERVATIONS)}
    dew9, dew3 = (
        dew_point(v["Temp9am"], v["Humidity9am"]),
        dew_point(v["Temp3pm"], v["Humidity3pm"]),
    )
    derived = (
        np.log1p(v["Rainfall"]),
        event.RAIN_TODAY.occurred(v["Rainfall"]),
        *wind(v["WindGustSpeed"], v["WindGustDir"]),
        *wind(v["WindSpeed9am"], v["WindDir9am"]),
        *wind(v["WindSpeed3pm"], v["WindDir3pm"]),
        dew9,
        dew3,
        v["Temp9am"] - dew9,
        v["Temp3pm"] - dew3,
        v["Pressure3pm"] - v["Pressure9am"],
        v["Temp3pm"] - v["Temp9am"],
        v["Humidity3pm"] - v["Humidity9am"],
    )
    return np.stack([*(v[n] for n in OBSERVATIONS if "Dir" not in n), *derived], axis=-1).astype(
        np.float32
    )
