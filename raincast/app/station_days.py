"""A station's days: forecasts beside rain, who served them, and how whole its data are. Pure."""

from datetime import date
from typing import NamedTuple

import pandas as pd

from raincast.observations.schema import OBSERVATIONS

WEEKS = 8
HEALTH_DAYS = 30


def beside_rain(rows: pd.DataFrame, told: pd.DataFrame, weeks: int = WEEKS) -> pd.DataFrame:
    """The last forecast for each target date of the last weeks with what fell (`fell_mm`, NaN
    where it is not known), the oldest first.

    Args:
        rows: the station's forecasts, the newest first (`overview.of_station`).
        told: scored rows with truth.
    """
    last = rows.drop_duplicates("target_date")[::-1].reset_index(drop=True)
    recent = last[last["target_date"] > last["target_date"].max() - pd.Timedelta(weeks=weeks)]
    own = told[told["location"].isin(rows["location"].unique())]
    fell = own.drop_duplicates("target_date").set_index("target_date")["observed_rainfall_mm"]
    found: pd.DataFrame = recent.assign(fell_mm=recent["target_date"].map(fell).astype(float))[
        ["target_date", "rain_probability", "predicted_rain", "threshold", "fell_mm"]
    ].reset_index(drop=True)
    return found


class Service(NamedTuple):
    """A model's time at a station, as the journal has it."""

    version: str
    first: pd.Timestamp
    last: pd.Timestamp
    n: int


def served(rows: pd.DataFrame) -> list[Service]:
    """Which model made the station's forecasts, from when to when; the newest first."""
    named = rows.dropna(subset=["model_version"])
    found = named.groupby("model_version")["issued"].agg(["min", "max", "size"])
    ordered = found.sort_values("max", ascending=False)
    return [Service(str(v), low, high, int(n)) for v, low, high, n in ordered.itertuples()]


class Health(NamedTuple):
    """How whole a station's data were over some days up to `last`.

    Attributes:
        days: those with a row, of `HEALTH_DAYS`.
        gaps: the fields that are missing most often in these rows, with the share that is missing.
    """

    last: date | None
    days: int
    gaps: list[tuple[str, float]]


def health(held: pd.DataFrame, last: date | None) -> Health:
    """See `Health`.

    Args:
        held: the archive's rows of the station for the days up to `last`.
    """
    if held.empty:
        return Health(last, 0, [])
    missing = held[list(OBSERVATIONS)].isna().mean().sort_values(ascending=False, kind="stable")
    return Health(
        last, held["Date"].nunique(), [(str(k), float(v)) for k, v in missing.items() if v > 0][:4]
    )
