"""The Bureau's form of Daily Weather Observations: one station's month as the bytes that
`dwo.parse` reads. Pure.
"""

import calendar
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from raincast.observations.availability import instant, known
from raincast.observations.network import in_force
from raincast.observations.schema import OBSERVATIONS
from raincast.observations.stations import Station

_GUST_TIME = "15:00"
"""An observations frame does not have the time of the gust, and `dwo.parse` does not read it."""

_EMPTY = ""
_HOURLY = (
    ("{hour} Temperature (°C)", "Temp{hour}"),
    ("{hour} relative humidity (%)", "Humidity{hour}"),
    ("{hour} cloud amount (oktas)", "Cloud{hour}"),
    ("{hour} wind direction", "WindDir{hour}"),
    ("{hour} wind speed (km/h)", "WindSpeed{hour}"),
    ("{hour} MSL pressure (hPa)", "Pressure{hour}"),
)
COLUMNS: tuple[tuple[str, str], ...] = (
    ("Date", "Date"),
    ("Minimum temperature (°C)", "MinTemp"),
    ("Maximum temperature (°C)", "MaxTemp"),
    ("Rainfall (mm)", "Rainfall"),
    ("Evaporation (mm)", "Evaporation"),
    ("Sunshine (hours)", "Sunshine"),
    ("Direction of maximum wind gust ", "WindGustDir"),
    ("Speed of maximum wind gust (km/h)", "WindGustSpeed"),
    ("Time of maximum wind gust", "GustTime"),
    *(
        (words.format(hour=hour), name.format(hour=hour))
        for hour in ("9am", "3pm")
        for words, name in _HOURLY
    ),
)
"""The form's columns after the first, which is empty: its words, and the field that stands there.
"""

_HEADER = "," + ",".join(f'"{words}"' for words, _ in COLUMNS)
_WHOLE = ("Humidity", "Cloud", "WindSpeed", "WindGustSpeed")


def _number(name: str) -> Callable[[float], str]:
    if name == "Rainfall":
        return lambda mm: "0" if mm == 0 else f"{mm:.1f}"
    if name.startswith("Wind"):
        return lambda speed: "Calm" if speed == 0 else f"{speed:.0f}"
    return "{:.0f}".format if name.startswith(_WHOLE) else "{:.1f}".format


def _column(frame: pd.DataFrame, name: str) -> list[str]:
    if name == "Date":
        return [f"{day:%Y-%m}-{day.day}" for day in frame["Date"]]
    if name == "GustTime":
        return [_EMPTY if gone else _GUST_TIME for gone in frame["WindGustSpeed"].isna()]
    if "Dir" in name:
        calm = frame[name.replace("Dir", "Speed")] == 0
        return [
            " " if still else point or _EMPTY
            for point, still in zip(frame[name], calm, strict=True)
        ]
    write = _number(name)
    return [_EMPTY if np.isnan(value) else write(value) for value in frame[name].tolist()]


def _preamble(station: Station, month: date, prepared_at: datetime) -> list[str]:
    gauge = "".join(f" {{station {number}}}" for number in station.gauges[:1])
    said = f"{prepared_at:%H:%M} UTC on {prepared_at:%A} {prepared_at.day:2d} {prepared_at:%B %Y}"
    return [
        (
            f'"Daily Weather Observations for {station.bureau_name} for'
            f' {calendar.month_name[month.month]} {month.year}"'
        ),
        f'"Prepared at {said}   {station.product}.{month:%Y%m}"',
        '"Written by raincast in the Bureau\'s form; not a publication of the Bureau"',
        f'"Observations were drawn from {station.bureau_name}{gauge}"',
        "",
    ]


def texts(frame: pd.DataFrame) -> npt.NDArray[Any]:
    """(rows, 21) what stands in each cell of those rows of an observations frame, in the order of
    `COLUMNS`.
    """
    return np.array([_column(frame, name) for _, name in COLUMNS], dtype=object).T


def written(cells: npt.NDArray[Any], station: Station, month: date, prepared_at: datetime) -> bytes:
    """One station's month in the Bureau's form: cp1252, CRLF, 5 lines and a header of 22 fields, no
    newline at the end.

    Args:
        cells: (rows, 21) texts, as `texts` gives them.
        station: whose month it is.
        month: a day of it.
        prepared_at: when the file says it was written (aware, UTC).
    """
    rows = ["," + ",".join(row) for row in cells.tolist()]
    return "\r\n".join([*_preamble(station, month, prepared_at), _HEADER, *rows]).encode("cp1252")


def dwo_bytes(frame: pd.DataFrame, station: Station, prepared_at: datetime) -> bytes:
    """An observations frame of one station and calendar month, at least one row, in the Bureau's
    form; see `written`.
    """
    return written(texts(frame), station, frame["Date"].iloc[0].date(), prepared_at)


def _due(frame: pd.DataFrame, at: datetime) -> npt.NDArray[Any]:
    """(rows, fields) what of each row could be known by then."""
    due = np.ones((len(frame), len(OBSERVATIONS)), dtype=bool)
    stations = frame["Location"].map(in_force().index).to_numpy(dtype=int)
    days = frame["Date"].to_numpy()
    for day in np.unique(days[days >= np.datetime64(at.date() - timedelta(days=2))]):
        rows = days == day
        due[rows] = known(pd.Timestamp(day).date(), instant(at))[stations[rows]]
    return due


def published(frame: pd.DataFrame, at: datetime) -> pd.DataFrame:
    """What the Bureau could have published by then: rows whose 9 am has come, with what was known
    of them.

    Args:
        frame: an observations frame.
        at: an aware moment.
    """
    due = _due(frame, at)
    shown = frame[due.any(axis=1)].copy()
    for i, name in enumerate(OBSERVATIONS):
        shown[name] = shown[name].where(due[due.any(axis=1), i], None if "Dir" in name else np.nan)
    return pd.DataFrame(shown.reset_index(drop=True))
