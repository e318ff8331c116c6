"""The live report: how good the forecasts of the journal were, as far as the truth has come.

A scored frame is the journal's rows with `observed_rainfall_mm`, `truth_available` (bool) and
`y_true` (1, 0 or NaN); the report is made of what `compact` keeps of it. Its figures are over the
rows that count (`forecasts.origin`); what callers asked with observations of their own stands
apart, under `callers`, and what rests on less than the station's own row also under `by_basis`.
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
from raincast.observations.rain import Readings
from raincast.verification import compact, scoring, sums
from raincast.verification.live_scores import (
    beside_opponents,
    by_basis,
    groups,
    over_span,
    quality,
)
from raincast.verification.records import CallerScores, LiveQuality, LiveReport, OverallScores
from raincast.verification.sums import Floats
from raincast.verification.verified import Verified, evidence

Reference = Callable[[compact.Rows], Floats]
"""(n,) the chance of rain that each of some forecasts has to beat, 0 to 1; NaN where there is
none.
"""


def _place(
    rows: pd.DataFrame, observed: Readings
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """(rows,) each target date's place in the panel, maybe outside, and each station's."""
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
    first = int(target.min() - begin) if len(target) else 0
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


def report(
    rows: compact.Rows,
    chosen: compact.Mask,
    observed: Readings,
    window: int,
    wet_days: int,
    rng: np.random.Generator,
) -> LiveReport:
    """The live report of scored rows, ready for JSON; a figure that cannot be computed is None.

    Args:
        rows: are put into another order.
        chosen: (n,) see `compact.chosen`.
        observed: the observations to date, from the day before the first one on.
        window: how many of the newest scored rows the `_live` figures are over.
        wet_days: wet station-days that `evidence`, behind the recall's interval, goes back for.
        rng: for the intervals.
    """
    (verified, weaker, theirs), counts = _parted(rows, chosen, observed)
    basis = evidence(verified, window, wet_days)
    decisive = quality(verified, basis, window, rng)
    return LiveReport(
        **dict(decisive),
        overall=OverallScores(
            **dict(over_span(verified, rng)),
            reliability=scoring.reliability(verified.rows.reading, verified.rows.p),
        ),
        by_regime=groups(verified, "regime"),
        by_issue_hour_utc=groups(verified, "hour"),
        by_station=groups(verified, "location"),
        callers=CallerScores(rows=counts.pop("callers"), **dict(over_span(theirs, rng))),
        by_basis=by_basis(verified, weaker),
        event=in_force().event.statement,
        opponents=beside_opponents(basis, decisive.evidence, observed, rng),
        **counts,
    )


def _parted(
    rows: compact.Rows, chosen: compact.Mask, observed: Readings
) -> tuple[list[Verified], dict[str, int]]:
    """What counts, what rests on no observation, and what callers asked, as far as there is truth;
    and how many rows there are of each kind.
    """
    told = rows.with_truth
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
    return quality(verified, evidence(verified, window, wet_days), window, rng)
