"""How the live quality moved: figures over the days up to each date, with their intervals, and a
station's record.

A scored frame is the journal's rows with truth (see `live_report`).
"""

from typing import Any

import numpy as np
import pandas as pd

from raincast.forecasts import overview
from raincast.verification import scoring
from raincast.verification.records import ScoresOverDays, StationRecord

WINDOW_DAYS = 28
"""Days that each point looks back over: its own and those before."""
MOST_POINTS = 40
FIGURES = ("recall", "precision")
COLUMNS = (
    "target_date",
    "n",
    "positives",
    "days",
    *(f"{name}{end}" for name in FIGURES for end in ("", "_low", "_high")),
)


def told(
    scored: pd.DataFrame, regime: str | None = None, issue_hour: int | None = None
) -> pd.DataFrame:
    """The rows with truth, those of one regime or one hour of issue
    (UTC) where that is asked for.
    """
    wanted = scored["truth_available"].to_numpy(bool)
    if regime is not None:
        wanted = wanted & (scored["regime"] == regime).to_numpy(bool)
    if issue_hour is not None:
        wanted = wanted & (overview.issued(scored).dt.hour == issue_hour).to_numpy(bool)
    return scored[wanted]


def issue_hours(scored: pd.DataFrame) -> list[int]:
    """The hours (UTC) at which forecasts with truth were issued, ascending."""
    return sorted(overview.issued(told(scored)).dt.hour.dropna().astype(int).unique().tolist())


def over_time(
    rows: pd.DataFrame, rng: np.random.Generator, window_days: int = WINDOW_DAYS
) -> pd.DataFrame:
    """Recall and precision over the window up to each target date, at most `MOST_POINTS` of them.

    Args:
        rows: as `told` gives them.
        rng: for the intervals.

    Returns:
        `COLUMNS`: figures and the ends of their 95 % intervals, NaN where they cannot be computed.
            There is no
        interval over fewer days than `scoring.FEWEST_DAYS`.
    """
    dates = np.unique(rows["target_date"].to_numpy("datetime64[D]"))
    chosen = dates[
        np.unique(np.linspace(0, len(dates) - 1, min(len(dates), MOST_POINTS)).round().astype(int))
    ]
    points = [_point(rows, end, window_days, rng) for end in chosen]
    return pd.DataFrame(points, columns=list(COLUMNS)).astype({"target_date": "datetime64[s]"})


def _point(
    rows: pd.DataFrame, end: np.datetime64, window_days: int, rng: np.random.Generator
) -> dict[str, Any]:
    day = rows["target_date"].to_numpy("datetime64[D]")
    found = scores(rows[(day <= end) & (day > end - np.timedelta64(window_days, "D"))], rng)
    point = {"target_date": end, "n": found.n, "positives": found.positives, "days": found.days}
    for name in FIGURES:
        low, high = getattr(found.intervals, name) or (np.nan, np.nan)
        known = getattr(found, name)
        value = np.nan if known is None else known
        point |= {name: value, f"{name}_low": low, f"{name}_high": high}
    return point


def scores(rows: pd.DataFrame, rng: np.random.Generator) -> ScoresOverDays:
    """The scores of rows with truth, with their intervals over days."""
    y, p, predicted = (
        rows[name].to_numpy(float) for name in ("y_true", "rain_probability", "predicted_rain")
    )
    nothing = np.full(len(rows), np.nan)
    return scoring.with_intervals(
        y, p, predicted, nothing, rows["target_date"].to_numpy("datetime64[D]"), rng, 200
    )


def record(rows: pd.DataFrame, bins: int = 5) -> StationRecord:
    """A station's record from its rows with truth: the figures, their `table`, and the
    `reliability` in that number of bins.
    """
    y, p, predicted = (
        rows[name].to_numpy(float) for name in ("y_true", "rain_probability", "predicted_rain")
    )
    scores = scoring.summary(y, p, predicted, np.full(len(rows), np.nan))
    return StationRecord(**dict(scores), reliability=scoring.reliability(y, p, bins))
