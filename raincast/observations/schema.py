"""The shape of an observation: fields, units, physical ranges, and when each is read.

The observations frame has one row per station-day: `Location` (data set's name), `Date` (naive
midnight), then the 19 fields below in the order of the historical file. Directions are compass
points, missing is NaN (None for directions), calm is speed 0 without a direction.
"""

from typing import NamedTuple


class Field(NamedTuple):
    """One observation: its unit, physical range, and the slot of the day at which it is read."""

    name: str
    unit: str
    low: float
    high: float
    slot: str
    about: str


COMPASS = (
    "N",
    "NNE",
    "NE",
    "ENE",
    "E",
    "ESE",
    "SE",
    "SSE",
    "S",
    "SSW",
    "SW",
    "WSW",
    "W",
    "WNW",
    "NW",
    "NNW",
)
DEGREES = {point: 22.5 * i for i, point in enumerate(COMPASS)}

SLOTS = ("9am", "3pm", "midnight", "next9am")
"""Local times at which a row's values become known: 9 am, 3 pm, the midnight that ends the day, 9
am of the day after.
"""

_ALL = (
    Field("MinTemp", "°C", -30, 45, "9am", "lowest temperature in the 24 hours to 9 am"),
    Field("MaxTemp", "°C", -20, 55, "next9am", "highest temperature in the 24 hours from 9 am"),
    Field("Rainfall", "mm", 0, 1000, "9am", "rain in the 24 hours to 9 am"),
    Field("Evaporation", "mm", 0, 200, "9am", "class A pan evaporation in the 24 hours to 9 am"),
    Field("Sunshine", "h", 0, 24, "midnight", "bright sunshine in the 24 hours to midnight"),
    Field(
        "WindGustDir",
        "compass point",
        0,
        360,
        "midnight",
        "direction of the strongest gust to midnight",
    ),
    Field("WindGustSpeed", "km/h", 0, 420, "midnight", "speed of the strongest gust to midnight"),
    Field("WindDir9am", "compass point", 0, 360, "9am", "wind direction, 10 minutes before 9 am"),
    Field("WindDir3pm", "compass point", 0, 360, "3pm", "wind direction, 10 minutes before 3 pm"),
    Field("WindSpeed9am", "km/h", 0, 250, "9am", "wind speed, 10 minutes before 9 am"),
    Field("WindSpeed3pm", "km/h", 0, 250, "3pm", "wind speed, 10 minutes before 3 pm"),
    Field("Humidity9am", "%", 0, 100, "9am", "relative humidity at 9 am"),
    Field("Humidity3pm", "%", 0, 100, "3pm", "relative humidity at 3 pm"),
    Field("Pressure9am", "hPa", 850, 1080, "9am", "mean sea level pressure at 9 am"),
    Field("Pressure3pm", "hPa", 850, 1080, "3pm", "mean sea level pressure at 3 pm"),
    Field("Cloud9am", "oktas", 0, 9, "9am", "cloud at 9 am; 9 is a sky that cannot be seen"),
    Field("Cloud3pm", "oktas", 0, 9, "3pm", "cloud at 3 pm; 9 is a sky that cannot be seen"),
    Field("Temp9am", "°C", -30, 55, "9am", "temperature at 9 am"),
    Field("Temp3pm", "°C", -30, 55, "3pm", "temperature at 3 pm"),
)

FIELDS: dict[str, Field] = {f.name: f for f in _ALL}
OBSERVATIONS: tuple[str, ...] = tuple(FIELDS)
DIRECTIONS: tuple[str, ...] = tuple(n for n in OBSERVATIONS if "Dir" in n)
NUMERIC: tuple[str, ...] = tuple(n for n in OBSERVATIONS if "Dir" not in n)
KEY = ("Location", "Date")
COLUMNS: tuple[str, ...] = KEY + OBSERVATIONS
HISTORICAL: tuple[str, ...] = ("Date", "Location", *OBSERVATIONS, "RainToday", "RainTomorrow")
"""The columns of the historical file, in its order."""
