"""The cells of a journal's rows as values, and what each must hold. Naive times are UTC."""

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from raincast.errors import UnknownStation
from raincast.forecasts.basis import BASES
from raincast.forecasts.row import COLUMNS
from raincast.observations import event
from raincast.observations.availability import REGIMES
from raincast.observations.network import find

_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?")
_ID = "[0-9a-f]{32}"
_NUMBER = r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?"
_EXCEEDANCE = rf"{_NUMBER}:{_NUMBER}( {_NUMBER}:{_NUMBER})*"
_YES_NO = {"1": 1, "1.0": 1, "true": 1, "yes": 1, "0": 0, "0.0": 0, "false": 0, "no": 0}
TEXTS = ("model_version", "exceedance", "forecast_id", "basis")
"""Columns of text that older rows do not have."""


def _each(cells: "pd.Series[str]", read: Callable[[str], Any], dtype: str) -> pd.Series:
    """Every cell read once for each of its values."""
    codes, values = pd.factorize(cells.str.strip())
    return pd.Series(np.array([read(value) for value in values], dtype=dtype)[codes], cells.index)


def _location(name: str) -> str:
    try:
        return find(name).location
    except UnknownStation:
        return ""


def _day(text: str) -> np.datetime64:
    found = _DAY.fullmatch(text)
    try:
        return np.datetime64("{}-{:0>2}-{:0>2}".format(*found.groups()) if found else "NaT", "s")
    except ValueError:
        return np.datetime64("NaT", "s")


def _moments(cells: "pd.Series[str]") -> pd.Series:
    """Times as UTC. Those in UTC or naive are read without their offset, which is several times
    faster.
    """
    in_utc = cells.str.endswith("+00:00")
    bare = cells.where(~in_utc, cells.str.slice(0, -6))
    found = pd.to_datetime(bare, format="ISO8601", utc=True, errors="coerce")
    return found.astype("datetime64[us, UTC]")


def _number(cells: "pd.Series[str]") -> pd.Series:
    """Decimal numbers, exact to the last bit; NaN where a cell is none."""
    return cells.where(cells.str.fullmatch(_NUMBER)).astype("float64[pyarrow]").astype("float64")


def dates(cells: "pd.Series[str]") -> pd.Series:
    """Days; NaT where a cell is none."""
    return _each(cells, _day, "datetime64[s]")


def typed(c: pd.DataFrame) -> pd.DataFrame:
    """The rows as `reader.Reading` has them, from cells in the columns of `COLUMNS`."""
    feature, target = dates(c["feature_date"]), dates(c["target_date"])
    rows = {
        "logged_at_utc": _moments(c["logged_at_utc"]),
        "feature_date": feature.where(c["feature_date"] != "", target - event.LEAD),
        "target_date": target.where(c["target_date"] != "", feature + event.LEAD),
        "location": _each(
            c["location"].where(c["location"] != "", c["station_name"]), _location, "object"
        ).astype("str"),
        "use_latest": _each(c["use_latest"], lambda text: _YES_NO.get(text.lower(), 0), "bool"),
        "station_name": c["station_name"],
        "rain_probability": _number(c["rain_probability"]),
        "predicted_rain": _each(
            c["predicted_rain"], lambda text: _YES_NO.get(text.lower(), -1), "int64"
        ),
        "issued_at_utc": _moments(c["issued_at_utc"]),
        "regime": c["regime"],
        "threshold": _number(c["threshold"]),
        **{name: c[name] for name in (*TEXTS, "missing")},
    }
    return pd.DataFrame(rows, columns=list(COLUMNS))


def demands(c: pd.DataFrame, rows: pd.DataFrame) -> dict[str, tuple[pd.Series, str]]:
    """Where each column does not hold what it must, and what that is."""
    a_time = "a time such as 2026-02-18T06:00:00+00:00"
    return {
        "logged_at_utc": (rows["logged_at_utc"].isna() & (c["logged_at_utc"] != ""), a_time),
        "target_date": (
            ~(rows["target_date"] == rows["feature_date"] + event.LEAD),
            "the day after feature_date, YYYY-MM-DD",
        ),
        "location": (rows["location"] == "", "a station's name"),
        "rain_probability": (~rows["rain_probability"].between(0, 1), "0 to 1"),
        "predicted_rain": (rows["predicted_rain"] < 0, "0 or 1"),
        "issued_at_utc": (rows["issued_at_utc"].isna() & (c["issued_at_utc"] != ""), a_time),
        "regime": (~c["regime"].isin(["", *REGIMES]), " or ".join(REGIMES)),
        "threshold": (rows["threshold"].isna() & (c["threshold"] != ""), "a number"),
        "exceedance": (
            ~((c["exceedance"] == "") | c["exceedance"].str.fullmatch(_EXCEEDANCE)),
            "amounts in mm with their chances, such as 1:0.25 5:0.1",
        ),
        "forecast_id": (
            ~((c["forecast_id"] == "") | c["forecast_id"].str.fullmatch(_ID)),
            "32 hexadecimal digits",
        ),
        "basis": (~c["basis"].isin(["", *BASES]), " or ".join(BASES)),
    }


def faults(cells: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Which cells of rows in the columns of `COLUMNS` do not hold what they must."""
    wrong = {name: mask for name, (mask, _) in demands(cells, typed(cells)).items()}
    table = pd.DataFrame(wrong, index=cells.index)
    return table.reindex(columns=COLUMNS, fill_value=False).to_numpy("bool")
