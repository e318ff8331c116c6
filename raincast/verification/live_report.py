"""The live report: how good the forecasts of the journal were, as far as the truth has come.

A scored frame is the journal's rows with `observed_rainfall_mm`, `truth_available` (bool) and
`y_true` (1, 0 or NaN). The report's figures are over the rows that count (`forecasts.origin`); what
callers asked with observations of their own stands apart, under `callers`.
"""

from datetime import date, datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from raincast.forecasts import origin
from raincast.learning import climatology
from raincast.observations.availability import newest_feature_date
from raincast.observations.panel import Panel
from raincast.observations.stations import INDEX, LOCATIONS
from raincast.verification import scoring
from raincast.verification.sums import FIGURES

TRUTH = ("observed_rainfall_mm", "truth_available", "y_true")
_LIVE = tuple(f"{name}_live" for name in ("accuracy", "precision", "recall", "f1", "roc_auc"))
CONTRACT = ("status", *_LIVE, "scored_rows", "positives_true", "window")
"""The keys of a report that other systems read."""


_HOURS = {hour: f"{hour:02d}" for hour in range(24)}


def _place(
    rows: pd.DataFrame, observed: Panel
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """(rows,) each target date's position in the panel, which may
    lie outside, and each station's.
    """
    days = rows["target_date"].to_numpy("datetime64[D]") - np.datetime64(observed.first, "D")
    return days.astype(np.intp), np.asarray(rows["location"].map(INDEX), dtype=np.intp)


def with_truth(rows: pd.DataFrame, observed: Panel) -> pd.DataFrame:
    """The scored frame of a journal's rows.

    Args:
        rows: at least `location` and `target_date`.
        observed: the observations to date, from the day before the first one on.

    Returns:
        The rows, in their order. A reading that may hold several days' rain is shown but is no
        truth.
    """
    day, station = _place(rows, observed)
    inside = (day >= 1) & (day < len(observed))
    rain, y = np.full(len(rows), np.nan, np.float32), np.full(len(rows), np.nan)
    rain[inside] = observed.rainfall()[day[inside], station[inside]]
    y[inside] = observed.truth()[day[inside] - 1, station[inside]]
    return rows.assign(observed_rainfall_mm=rain, truth_available=~np.isnan(y), y_true=y)


def reference(rows: pd.DataFrame, observed: Panel) -> npt.NDArray[np.float64]:
    """(rows,) the climatological chance of rain that each forecast of the journal has to beat, 0 to
    1.

    Only target dates before the first of the rows count, so that it knows no more than the
    forecasts did. NaN where
    there are none.
    """
    first = int(_place(rows, observed)[0].min(initial=len(observed)))
    truth = observed.truth()[: max(0, first - 1)]
    day, station = np.nonzero(~np.isnan(truth))
    if not len(day):
        return np.full(len(rows), np.nan)
    table = climatology.fit(truth[day, station], np.datetime64(observed.first, "D") + day, station)
    asked = rows["feature_date"].to_numpy("datetime64[D]")
    return climatology.chance(table, asked, np.asarray(rows["location"].map(INDEX), dtype=np.intp))


def awaited(scored: pd.DataFrame, now: datetime, since: date) -> pd.DataFrame:
    """The station-days whose reading is over at that moment and not there: `location`,
    `target_date`, once each.

    Args:
        since: the first target date that is looked at.
    """
    newest = {location: newest_feature_date(i, now) for i, location in enumerate(LOCATIONS)}
    over = scored["target_date"] <= pd.to_datetime(scored["location"].map(newest))
    wanted = (
        over
        & scored["observed_rainfall_mm"].isna()
        & (scored["target_date"] >= pd.Timestamp(since))
    )
    return scored.loc[wanted, ["location", "target_date"]].drop_duplicates(ignore_index=True)


def report(
    scored: pd.DataFrame,
    reference: npt.ArrayLike,
    window: int,
    wet_days: int,
    rng: np.random.Generator,
) -> dict[str, Any]:
    """The live report of a scored frame, ready for JSON; a figure that cannot be computed is None.

    Args:
        reference: (rows,) the chance that the forecasts have to beat, 0 to 1; NaN where there is
            none.
        window: how many of the newest scored rows the `_live` figures are over.
        wet_days: wet station-days that `evidence`, behind the recall's interval, goes back for.
        rng: for the intervals.
    """
    scored = scored.reset_index(drop=True).assign(reference=np.asarray(reference))
    counted = origin.counted(scored)
    told = _told(scored[counted])
    quality = _quality(told, window, wet_days, rng)
    overall = _figures(told, rng) | {"reliability": scoring.reliability(told["y"], told["p"])}
    apart = _apart(scored[~counted], rng)
    return quality | {"overall": overall, **_groups(told), **_untold(scored[counted]), **apart}


def recent_report(
    scored: pd.DataFrame,
    reference: npt.ArrayLike,
    window: int,
    wet_days: int,
    rng: np.random.Generator,
) -> dict[str, Any]:
    """Of `report` only what a decision looks at: the `_live` figures and the `evidence`. Needs only
    recent rows.
    """
    return _quality(_told(scored.assign(reference=np.asarray(reference))), window, wet_days, rng)


def _apart(rest: pd.DataFrame, rng: np.random.Generator) -> dict[str, Any]:
    """What does not count: callers' questions, with their figures, and the loop's repetitions."""
    asked = rest[origin.of(rest) == origin.CALLER]
    callers = {"rows": len(asked)} | _figures(_told(asked), rng)
    return {"callers": callers, "repeated_rows": len(rest) - len(asked)}


def _quality(
    told: pd.DataFrame, window: int, wet_days: int, rng: np.random.Generator
) -> dict[str, Any]:
    recent, basis = (
        told.tail(window),
        told[told["target_date"] >= _evidence_start(told, window, wet_days)],
    )
    figures = _figures(recent, rng)
    live = {f"{name}_live": figures.pop(name) for name in FIGURES}
    counts = {
        "scored_rows": figures.pop("n"),
        "positives_true": figures.pop("positives"),
        "window": window,
    }
    status = {"status": "ok" if len(told) else "no_ground_truth_available"}
    return status | live | counts | figures | {"evidence": _figures(basis, rng)}


def _told(scored: pd.DataFrame) -> pd.DataFrame:
    """The rows with truth as `scoring` names them, by target date and then by when they were
    logged.
    """
    named = {"y_true": "y", "rain_probability": "p", "predicted_rain": "predicted"}
    kept = [
        "location",
        "target_date",
        "logged_at_utc",
        "issued_at_utc",
        "regime",
        "reference",
        *named,
    ]
    told = scored.loc[scored["truth_available"], kept].rename(columns=named)
    told = told.sort_values(["target_date", "logged_at_utc"], kind="stable", na_position="first")
    hour = told["issued_at_utc"].fillna(told["logged_at_utc"]).dt.hour
    return told.assign(issue_hour_utc=hour.map(_HOURS))


def _evidence_start(told: pd.DataFrame, window: int, wet_days: int) -> pd.Timestamp:
    """The newest target date from which on there are enough rows, wet station-days and days for an
    interval.
    """
    newest_first = told.groupby("target_date").size().sort_index(ascending=False)
    wet = (
        _wet_station_days(told)
        .groupby("target_date")
        .size()
        .reindex(newest_first.index, fill_value=0)
    )
    enough = (newest_first.cumsum() >= window) & (wet.cumsum() >= wet_days)
    enough &= np.arange(1, len(enough) + 1) >= scoring.FEWEST_DAYS
    found = newest_first.index[enough] if enough.any() else newest_first.index[-1:]
    return found[0] if len(found) else pd.Timestamp.min


def _wet_station_days(told: pd.DataFrame) -> pd.DataFrame:
    return told.loc[told["y"] == 1, ["location", "target_date"]].drop_duplicates()


def _figures(told: pd.DataFrame, rng: np.random.Generator) -> dict[str, Any]:
    y, p, predicted, reference = (told[name].to_numpy() for name in scoring.COLUMNS)
    figures = scoring.with_intervals(
        y, p, predicted, reference, told["target_date"].to_numpy(), rng
    )
    first, last = (
        told["target_date"].iloc[[0, -1]].dt.strftime("%Y-%m-%d") if len(told) else (None, None)
    )
    covered = {
        "first_target_date": first,
        "last_target_date": last,
        "wet_station_days": len(_wet_station_days(told)),
    }
    return figures | covered


def _groups(told: pd.DataFrame) -> dict[str, Any]:
    keys = {"by_regime": "regime", "by_issue_hour_utc": "issue_hour_utc", "by_station": "location"}
    return {name: _of_groups(scoring.by_group(told, [key])) for name, key in keys.items()}


def _of_groups(frame: pd.DataFrame) -> dict[str, Any]:
    def label(key: Any) -> str:
        return "not recorded" if pd.isna(key) else str(key)

    return {label(key): scoring.plain(row) for key, row in frame.iterrows()}


def _untold(scored: pd.DataFrame) -> dict[str, int]:
    """Rows without truth: whose reading has not come, and whose reading may hold several days'
    rain.
    """
    read = scored["observed_rainfall_mm"].notna()
    truth = scored["truth_available"]
    return {"open_rows": int((~read).sum()), "accumulated_rows": int((read & ~truth).sum())}
