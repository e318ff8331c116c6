"""What a prediction is: one row of the journal, and how it is written.

A journal is comma-separated text with one line for each row. Nothing that is written needs quotes,
so a line that a crash tore cannot reach into the next one.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import NamedTuple

from raincast.forecasts import basis

FIXED = (
    "logged_at_utc",
    "feature_date",
    "target_date",
    "location",
    "use_latest",
    "station_name",
    "rain_probability",
    "predicted_rain",
)
FURTHER = (
    "issued_at_utc",
    "regime",
    "threshold",
    "model_version",
    "missing",
    "exceedance",
    "forecast_id",
    "basis",
)
COLUMNS = FIXED + FURTHER
WITHOUT_EXCEEDANCE = tuple(name for name in COLUMNS if name != "exceedance")
"""The columns of journals before forecasts spoke of amounts: the id stayed near the end of the row,
so that one that was cut is known by what it lacks.
"""
WITHOUT_BASIS = WITHOUT_EXCEEDANCE[:-1]
"""The columns of journals before forecasts said what they rest on."""
OLDER = tuple(name for name in FIXED if name != "feature_date")
"""The seven columns of the oldest journals."""

_UNSAFE = re.compile(r"""[\s\x00-\x1f\x7f",;]+""")
_FORMULA_SIGNS = "=+-@' "


class Forecast(NamedTuple):
    """One row of the journal.

    Attributes:
        logged_at_utc: when it was written down (aware).
        feature_date: the day of the observations.
        target_date: the day after, whose 9 am reading decides.
        location: the data set's name of the station.
        use_latest: whether the observations came from the Bureau instead of the caller.
        station_name: the station as it was asked for.
        rain_probability: chance of rain, 0 to 1.
        predicted_rain: 1 where the probability reaches the threshold, else 0.
        issued_at_utc: the moment whose knowledge was used (aware).
        regime: what was due of the station's own row: `9am`, `3pm` or `complete`.
        threshold: the probability from which rain is predicted.
        model_version: the model that answered.
        missing: observations that were due at the regime and absent.
        forecast_id: 32 hexadecimal digits, unique.
        basis: what it rests on (`forecasts.basis`).
        exceedance: by amount in mm, smallest first, the chance of more; that of the event's amount
            is `rain_probability`. None of a former model.
    """

    logged_at_utc: datetime
    feature_date: date
    target_date: date
    location: str
    use_latest: bool
    station_name: str
    rain_probability: float
    predicted_rain: int
    issued_at_utc: datetime
    regime: str
    threshold: float
    model_version: str
    missing: tuple[str, ...]
    forecast_id: str
    basis: str = basis.TODAY
    exceedance: Mapping[str, float] | None = None


def plain(text: str) -> str:
    """The text without what would need quotes or start a
    spreadsheet's formula; blanks are joined.
    """
    return _UNSAFE.sub(" ", text).strip().lstrip(_FORMULA_SIGNS)


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _cells(f: Forecast) -> tuple[str, ...]:
    return (
        _stamp(f.logged_at_utc),
        f.feature_date.isoformat(),
        f.target_date.isoformat(),
        f.location,
        str(f.use_latest),
        plain(f.station_name),
        repr(float(f.rain_probability)),
        str(f.predicted_rain),
        _stamp(f.issued_at_utc),
        f.regime,
        repr(float(f.threshold)),
        plain(f.model_version),
        " ".join(f.missing),
        " ".join(f"{mm}:{chance!r}" for mm, chance in (f.exceedance or {}).items()),
        f.forecast_id,
        f.basis,
    )


def lines(forecasts: Sequence[Forecast], header: Sequence[str] = COLUMNS) -> bytes:
    """The rows as text under that header, which has `COLUMNS` first and may have further ones."""
    end = "," * (len(header) - len(COLUMNS)) + "\n"
    return "".join(",".join(_cells(f)) + end for f in forecasts).encode("utf-8", "replace")
