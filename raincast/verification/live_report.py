"""The live report: how good the forecasts of the journal were, as far as the truth has come.

A scored frame is the journal's rows with `observed_rainfall_mm`, `truth_available` (bool) and
`y_true` (1, 0 or NaN); the report is made of what `compact` keeps of it. Its figures are over the
rows that count (`forecasts.origin`); what callers asked with observations of their own stands
apart, under `callers`, and what rests on less than the station's own row also under `by_basis`.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from raincast.forecasts import origin
from raincast.learning import climatology
from raincast.observations.availability import newest_feature_date
from raincast.observations.network import in_force
from raincast.observations.rain import Readings
from raincast.verification import compact, opponents, scoring, sums
from raincast.verification.records import (
    CallerScores,
    LiveQuality,
    LiveReport,
    OpponentScores,
    OverallScores,
    Scores,
    SpanScores,
)
from raincast.verification.sums import FIGURES, Forecasts

Floats = npt.NDArray[np.float64]
Reference = Callable[[compact.Rows], Floats]
"""(n,) the chance of rain that each of some forecasts has to beat, 0 to 1; NaN where there is
none.
"""
_NOT_RECORDED = "not recorded"


def _place(
    rows: pd.DataFrame, observed: Readings
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """(rows,) each target date's position in the panel, which may
    lie outside, and each station's.
    """
    days = rows["target_date"].to_numpy("datetime64[D]") - np.datetime64(observed.first, "D")
    return days.astype(np.intp), np.asarray(rows["location"].map(in_force().index), dtype=np.intp)


def with_truth(rows: pd.DataFrame, observed: Readings) -> pd.DataFrame:
    """The scored frame of a journal's rows.

    Args:
        rows: at least `location` and `target_date`.
        observed: the observations to date, from the day before the first one on.

    Returns:
        The rows, in their order. A reading that may hold several days' rain is shown but is no
        truth.
    """
    return joining(observed)(rows)


def joining(observed: Readings) -> Callable[[pd.DataFrame], pd.DataFrame]:
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


def reference(target: npt.NDArray[Any], observed: Readings) -> Reference:
    """The climatological chances of rain that forecasts for these target dates have to beat.

    Only target dates before the first of them count, so that it knows no more than the forecasts
    did. NaN where there are none.

    Args:
        target: (n,) days since 1970.
    """
    begin = np.datetime64(observed.first, "D").astype(np.int64)
    first = int(target.min(initial=begin + len(observed)) - begin)
    truth = observed.truth()[: max(0, first - 1)]
    day, station = np.nonzero(~np.isnan(truth))
    if not len(day):
        return lambda asked: np.full(len(asked.target), np.nan)
    table = climatology.fit(truth[day, station], np.datetime64(observed.first, "D") + day, station)

    def chances(asked: compact.Rows) -> Floats:
        found = np.empty(len(asked.target))
        for some in sums.slices(len(found), sums.AT_ONCE):
            feature = asked.target[some].astype("datetime64[D]") - 1
            place = asked.location[some].astype(np.intp)
            found[some] = climatology.chance(table, feature, place)
        return found

    return chances


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


class Verified(NamedTuple):
    """Forecasts with truth, and what they have to beat."""

    rows: compact.Rows
    reference: Floats

    @property
    def columns(self) -> Forecasts:
        """As `scoring` has them."""
        rows = self.rows
        return Forecasts(rows.reading, rows.p, rows.predicted, self.reference)


def report(
    rows: compact.Rows,
    observed: Readings,
    window: int,
    wet_days: int,
    rng: np.random.Generator,
) -> LiveReport:
    """The live report of scored rows, ready for JSON; a figure that cannot be computed is None.

    Args:
        rows: are put into another order.
        observed: the observations to date, from the day before the first one on.
        window: how many of the newest scored rows the `_live` figures are over.
        wet_days: wet station-days that `evidence`, behind the recall's interval, goes back for.
        rng: for the intervals.
    """
    (verified, weaker, theirs), counts = _parted(rows, observed)
    basis = _evidence(verified, window, wet_days)
    quality = _quality(verified, basis, window, rng)
    return LiveReport(
        **dict(quality),
        overall=OverallScores(
            **dict(_scores(verified, rng)),
            reliability=scoring.reliability(verified.rows.reading, verified.rows.p),
        ),
        by_regime=_groups(verified, "regime"),
        by_issue_hour_utc=_groups(verified, "hour"),
        by_station=_groups(verified, "location"),
        callers=CallerScores(rows=counts.pop("callers"), **dict(_scores(theirs, rng))),
        by_basis=_by_basis(verified, weaker),
        event=in_force().event.statement,
        opponents=_opponents(basis, quality.evidence, observed, rng),
        **counts,
    )


def _parted(rows: compact.Rows, observed: Readings) -> tuple[list[Verified], dict[str, int]]:
    """What counts, what rests on no observation, and what callers asked, as far as there is truth;
    and how many rows there are of each kind.
    """
    chosen, told = compact.chosen(rows), rows.with_truth
    counted = chosen & rows.rests_on_observations
    asked = rows.source == origin.SOURCES.index(origin.CALLER)
    counts = {
        "open_rows": int(((rows.reading == compact.OPEN) & counted).sum()),
        "accumulated_rows": int(((rows.reading == compact.ACCUMULATED) & counted).sum()),
        "climatology_rows": int((chosen & ~counted).sum()),
        "repeated_rows": int((~chosen & ~asked).sum()),
        "callers": int(asked.sum()),
    }
    # A caller's early date must not move the loop's reference.
    own, others = (reference(rows.target[which], observed) for which in (counted, ~counted))
    parts = compact.parted(rows, [counted & told, chosen & told, asked & told])
    pairs = zip(parts, (own, others, others), strict=True)
    return [Verified(part, beaten(part)) for part, beaten in pairs], counts


def recent_report(
    scored: pd.DataFrame,
    reference: npt.ArrayLike,
    window: int,
    wet_days: int,
    rng: np.random.Generator,
) -> LiveQuality:
    """Of `report` only what a decision looks at: the `_live` scores and the `evidence`. Needs only
    recent rows.

    Args:
        reference: (rows,) the chance that the forecasts have to beat.
    """
    told = scored["truth_available"].to_numpy(bool)
    verified = Verified(compact.rows(scored[told]), np.asarray(reference, np.float64)[told])
    return _quality(verified, _evidence(verified, window, wet_days), window, rng)


def _quality(
    verified: Verified, basis: Verified, window: int, rng: np.random.Generator
) -> LiveQuality:
    newest = _in_order(verified, _newest_days(verified.rows.target, window))
    recent = _at(newest, np.arange(len(newest.reference))[-window:])
    scores = dict(_scores(recent, rng))
    live = {f"{name}_live": scores.pop(name) for name in FIGURES}
    return LiveQuality(
        status="ok" if len(verified.reference) else "no_ground_truth_available",
        scored_rows=scores.pop("n"),
        positives_true=scores.pop("positives"),
        window=window,
        **live,
        **scores,
        evidence=_scores(basis, rng),
    )


def _at(verified: Verified, which: npt.NDArray[Any]) -> Verified:
    return Verified(compact.at(verified.rows, which), verified.reference[which])


def _in_order(verified: Verified, which: compact.Mask) -> Verified:
    """Those of them by target date and then by when they were logged; without a time, first."""
    some = _at(verified, which)
    return _at(some, np.lexsort((some.rows.logged, some.rows.target)))


def _newest_days(target: npt.NDArray[np.int32], count: int) -> compact.Mask:
    """(n,) the rows of the newest target dates that hold so many between them."""
    days, rows = np.unique(target, return_counts=True)
    enough = np.cumsum(rows[::-1])[::-1] >= count
    return np.asarray(target >= days[enough].max(initial=target.min(initial=0)))


def _evidence(verified: Verified, window: int, wet_days: int) -> Verified:
    start = _evidence_start(verified, window, wet_days)
    return _in_order(verified, verified.rows.target >= start)


def _evidence_start(verified: Verified, window: int, wet_days: int) -> int:
    """The newest target date from which on there are enough rows, wet station-days and days for an
    interval.
    """
    days, rows = np.unique(verified.rows.target, return_counts=True)
    wet = np.bincount(
        np.searchsorted(days, _wet_station_days(verified.rows)), minlength=len(days)
    ).astype(np.int64)
    since = (np.cumsum(some[::-1])[::-1] for some in (rows, wet, np.ones_like(rows)))
    least = (window, wet_days, scoring.FEWEST_DAYS)
    enough = np.logical_and.reduce([a >= b for a, b in zip(since, least, strict=True)])
    return int(days[enough].max() if enough.any() else days.min(initial=0))


def _wet_station_days(rows: compact.Rows) -> npt.NDArray[np.int64]:
    """The target dates of the station-days on which it rained."""
    wet, stations = rows.reading == compact.WET, len(in_force())
    key = rows.target[wet].astype(np.int64) * stations + rows.location[wet]
    return np.unique(key) // stations


def _scores(verified: Verified, rng: np.random.Generator) -> SpanScores:
    target = verified.rows.target
    scores = scoring.over_days(verified.columns, target, rng)
    first, last = (
        (str(day) for day in np.array([target.min(), target.max()], "datetime64[D]"))
        if len(target)
        else (None, None)
    )
    return SpanScores(
        **dict(scores),
        first_target_date=first,
        last_target_date=last,
        wet_station_days=len(_wet_station_days(verified.rows)),
    )


def _groups(verified: Verified, key: str) -> dict[str, Scores]:
    labels = in_force().locations if key == "location" else compact.NAMES[key]
    code = getattr(verified.rows, key)
    last = np.where(code < 0, np.int32(len(labels)), code)
    return scoring.by_code(verified.columns, last, [*labels, _NOT_RECORDED])


def _opponents(
    basis: Verified, scored: SpanScores, observed: Readings, rng: np.random.Generator
) -> dict[str, OpponentScores]:
    """Those of the evidence, whose scores are `scored`; the climatology gives chances and no
    warning.
    """
    rows, ours = basis.rows, basis.columns
    if not len(rows.target):
        return {}
    p, warned = opponents.persistence(rows, observed)
    against = scoring.over_days(ours._replace(reference=p), rows.target, rng)
    return {
        "persistence": opponents.scores(ours, p, warned, against),
        "climatology": opponents.scores(ours, basis.reference, None, scored),
    }


def _by_basis(verified: Verified, weaker: Verified) -> dict[str, Scores]:
    """Those that count, and those that rest on no observation."""
    found = _groups(verified, "basis") | _groups(weaker, "basis")
    return {name: found[name] for name in (*compact.NAMES["basis"], _NOT_RECORDED) if name in found}
