"""Where a row of the journal comes from, and which rows the live figures count.

    loop     has a forecast id and rests on archived observations (`use_latest`)
    caller   has a forecast id and rests on observations that a caller sent
    hand     has no forecast id: an older journal's, or added by a person

Of the loop's forecasts for one station, feature date and slot one counts: that on the strongest
basis (`forecasts.basis`), and of equal ones the first that was logged. One on climatology rests on
no observation and does not count; it is scored apart.

No caller can choose between the first two: `use_latest` is written by whoever forecasts, and says
whether the row in the archive was used.
"""

import pandas as pd

from raincast.forecasts import basis
from raincast.learning.examples import SCHEDULED_UTC

LOOP, CALLER, HAND = "loop", "caller", "hand"
_BETWEEN = pd.Timedelta(days=1) / len(SCHEDULED_UTC)
_FIRST = pd.Timedelta(hours=SCHEDULED_UTC[0].hour, minutes=SCHEDULED_UTC[0].minute)


def of(rows: pd.DataFrame) -> "pd.Series[str]":
    """`loop`, `caller` or `hand` for each row (`forecast_id`, `use_latest`)."""
    by_program = pd.Series(CALLER, rows.index).mask(rows["use_latest"].astype(bool), LOOP)
    return by_program.where(rows["forecast_id"].notna(), HAND)


def slot(rows: pd.DataFrame) -> pd.Series:
    """The scheduled issue time (UTC) that each row's issue time follows."""
    issued = rows["issued_at_utc"].fillna(rows["logged_at_utc"])
    return (issued - _FIRST).dt.floor(_BETWEEN) + _FIRST


def chosen(rows: pd.DataFrame) -> "pd.Series[bool]":
    """Which rows are the forecast of their station, feature date and slot: of the loop's the first
    on the strongest basis; every one by hand; none of a caller's.
    """
    source = of(rows)
    key = rows[["location", "feature_date", "logged_at_utc"]].assign(
        slot=slot(rows), rank=basis.rank(rows["basis"])
    )
    loop = key[source == LOOP].sort_values(["rank", "logged_at_utc"], kind="stable")
    first = loop.drop_duplicates(["location", "feature_date", "slot"]).index
    return (source == HAND) | rows.index.isin(first)


def counted(rows: pd.DataFrame) -> "pd.Series[bool]":
    """Which rows the live figures count: those chosen, but not what rests on no observation."""
    return chosen(rows) & (rows["basis"] != basis.CLIMATOLOGY)
