"""The live report: how good the forecasts of the journal were, as far as the truth has come.

A scored frame is the journal's rows with `observed_rainfall_mm`, `truth_available` (bool) and
`y_true` (1, 0 or NaN). The report's figures are over the rows that count (`forecasts.origin`); what
callers asked with observations of their own stands apart, under `callers`, and what rests on less
than the station's own row also under `by_basis`.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from raincast.forecasts import origin
from raincast.learning import climatology
from raincast.observations.availability import newest_feature_date
from raincast.observations.network import in_force
from raincast.observations.panel import Panel
from raincast.verification import scoring
from raincast.verification.records import (
    CallerScores,
    LiveQuality,
    LiveReport,
    OverallScores,
    Scores,
    SpanScores,
)
from raincast.verification.sums import FIGURES

_HOURS = pd.Index([f"{hour:02d}" for hour in range(24)])


def _place(
    rows: pd.DataFrame, observed: Panel
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """(rows,) each target date's position in the panel, which may
    lie outside, and each station's.
    """
    days = rows["target_date"].to_numpy("datetime64[D]") - np.datetime64(observed.first, "D")
    return days.astype(np.intp), np.asarray(rows["location"].map(in_force().index), dtype=np.intp)


def with_truth(rows: pd.DataFrame, observed: Panel) -> pd.DataFrame:
    """The scored frame of a journal's rows.

    Args:
        rows: at least `location` and `target_date`.
        observed: the observations to date, from the day before the first one on.

    Returns:
        The rows, in their order. A reading that may hold several days' rain is shown but is no
        truth.
    """
    return joining(observed)(rows)


def joining(observed: Panel) -> Callable[[pd.DataFrame], pd.DataFrame]:
    """`with_truth` for some rows after the others."""
    rainfall, truth = observed.rainfall(), observed.truth()

    def joined(rows: pd.DataFrame) -> pd.DataFrame:
        day, station = _place(rows, observed)
        inside = (day >= 1) & (day < len(observed))
        rain, y = np.full(len(rows), np.nan, np.float32), np.full(len(rows), np.nan)
        rain[inside] = rainfall[day[inside], station[inside]]
        y[inside] = truth[day[inside] - 1, station[inside]]
        return rows.assign(observed_rainfall_mm=rain, truth_available=~np.isnan(y), y_true=y)

    return joined


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
    return climatology.chance(
        table, asked, np.asarray(rows["location"].map(in_force().index), dtype=np.intp)
    )


def awaited(scored: pd.DataFrame, now: datetime, since: date) -> pd.DataFrame:
    """The station-days whose reading is over at that moment and not there: `location`,
    `target_date`, once each.

    Args:
        since: the first target date that is looked at.
    """
    newest = {
        location: newest_feature_date(i, now) for i, location in enumerate(in_force().locations)
    }
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
) -> LiveReport:
    """The live report of a scored frame, ready for JSON; a figure that cannot be computed is None.

    Args:
        reference: (rows,) the chance that the forecasts have to beat, 0 to 1; NaN where there is
            none.
        window: how many of the newest scored rows the `_live` figures are over.
        wet_days: wet station-days that `evidence`, behind the recall's interval, goes back for.
        rng: for the intervals.
    """
    scored = scored.reset_index(drop=True).assign(reference=np.asarray(reference))
    chosen = origin.chosen(scored)
    counted = chosen & origin.rests_on_observations(scored)
    open_rows, accumulated = _open(scored), _accumulated(scored)
    verified, asked = _verified(scored, counted), origin.of(scored) == origin.CALLER
    return LiveReport(
        **dict(_quality(verified, window, wet_days, rng)),
        overall=OverallScores(
            **dict(_scores(verified, rng)),
            reliability=scoring.reliability(verified["y"], verified["p"]),
        ),
        by_regime=_groups(verified, "regime"),
        by_issue_hour_utc=_groups(verified, "issue_hour_utc"),
        by_station=_groups(verified, "location"),
        open_rows=int((open_rows & counted).sum()),
        accumulated_rows=int((accumulated & counted).sum()),
        callers=CallerScores(rows=int(asked.sum()), **dict(_scores(_verified(scored, asked), rng))),
        by_basis=_groups(_verified(scored, chosen), "basis"),
        climatology_rows=int((chosen & ~counted).sum()),
        repeated_rows=int((~chosen).sum() - asked.sum()),
        event=in_force().event.statement,
    )


def recent_report(
    scored: pd.DataFrame,
    reference: npt.ArrayLike,
    window: int,
    wet_days: int,
    rng: np.random.Generator,
) -> LiveQuality:
    """Of `report` only what a decision looks at: the `_live` scores and the `evidence`. Needs only
    recent rows.
    """
    rows = _verified(scored.assign(reference=np.asarray(reference)), scored["truth_available"])
    return _quality(rows, window, wet_days, rng)


def _quality(
    verified: pd.DataFrame, window: int, wet_days: int, rng: np.random.Generator
) -> LiveQuality:
    start = _evidence_start(verified, window, wet_days)
    recent, basis = verified.tail(window), verified[verified["target_date"] >= start]
    scores = dict(_scores(recent, rng))
    live = {f"{name}_live": scores.pop(name) for name in FIGURES}
    return LiveQuality(
        status="ok" if len(verified) else "no_ground_truth_available",
        scored_rows=scores.pop("n"),
        positives_true=scores.pop("positives"),
        window=window,
        **live,
        **scores,
        evidence=_scores(basis, rng),
    )


def _verified(scored: pd.DataFrame, which: "pd.Series[bool]") -> pd.DataFrame:
    """Those of the rows that have truth, as `scoring` names them, by target date and then by when
    they were logged.
    """
    named = {"y_true": "y", "rain_probability": "p", "predicted_rain": "predicted"}
    kept = [
        "location",
        "target_date",
        "logged_at_utc",
        "issued_at_utc",
        "regime",
        "basis",
        "reference",
        *named,
    ]
    rows = scored.loc[which & scored["truth_available"], kept].rename(columns=named)
    rows = rows.sort_values(["target_date", "logged_at_utc"], kind="stable", na_position="first")
    hour = rows["issued_at_utc"].fillna(rows["logged_at_utc"]).dt.hour
    code = hour.fillna(-1).to_numpy("int8")
    return rows.assign(issue_hour_utc=pd.Categorical.from_codes(code, _HOURS))


def _evidence_start(verified: pd.DataFrame, window: int, wet_days: int) -> pd.Timestamp:
    """The newest target date from which on there are enough rows, wet station-days and days for an
    interval.
    """
    newest_first = verified.groupby("target_date").size().sort_index(ascending=False)
    wet = (
        _wet_station_days(verified)
        .groupby("target_date")
        .size()
        .reindex(newest_first.index, fill_value=0)
    )
    enough = (newest_first.cumsum() >= window) & (wet.cumsum() >= wet_days)
    enough &= np.arange(1, len(enough) + 1) >= scoring.FEWEST_DAYS
    found = newest_first.index[enough] if enough.any() else newest_first.index[-1:]
    return found[0] if len(found) else pd.Timestamp.min


def _wet_station_days(verified: pd.DataFrame) -> pd.DataFrame:
    return verified.loc[verified["y"] == 1, ["location", "target_date"]].drop_duplicates()


def _scores(verified: pd.DataFrame, rng: np.random.Generator) -> SpanScores:
    y, p, predicted, reference = (verified[name].to_numpy() for name in scoring.COLUMNS)
    day = verified["target_date"]
    scores = scoring.with_intervals(y, p, predicted, reference, day.to_numpy(), rng)
    first, last = day.iloc[[0, -1]].dt.strftime("%Y-%m-%d") if len(day) else (None, None)
    return SpanScores(
        **dict(scores),
        first_target_date=first,
        last_target_date=last,
        wet_station_days=len(_wet_station_days(verified)),
    )


def _groups(verified: pd.DataFrame, key: str) -> dict[str, Scores]:
    def label(value: Any) -> str:
        return "not recorded" if pd.isna(value) else str(value)

    rows = scoring.by_group(verified, [key]).iterrows()
    return {label(value): scoring.plain(row) for value, row in rows}


def _open(scored: pd.DataFrame) -> "pd.Series[bool]":
    """Rows whose reading has not come."""
    return scored["observed_rainfall_mm"].isna()


def _accumulated(scored: pd.DataFrame) -> "pd.Series[bool]":
    """Rows whose reading may hold several days' rain."""
    return scored["observed_rainfall_mm"].notna() & ~scored["truth_available"]
