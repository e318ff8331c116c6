"""The journal at a glance: who has which newest forecast, and how many were made of which kind.

Rows are the journal's (see `reader.Reading`).
"""

from datetime import datetime

import pandas as pd

from raincast.forecasts import origin
from raincast.forecasts.row import Forecast


def issued(rows: pd.DataFrame) -> pd.Series:
    """When each forecast was issued (UTC); older rows do not say it, and count as issued when they
    were logged.
    """
    return rows["issued_at_utc"].fillna(rows["logged_at_utc"])


def in_order(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows by target date, then by issue time, then by when they
    were logged; the newest last.
    """
    timed = rows.assign(issued=issued(rows))
    by = ["target_date", "issued", "logged_at_utc"]
    return timed.sort_values(by, kind="stable", na_position="first", ignore_index=True)


def newest(rows: pd.DataFrame) -> pd.DataFrame:
    """Each station's newest forecast for the newest target date, one row per station that has one,
    by location. What callers asked with observations of their own counts only where the journal has
    nothing else: a trial is not the forecast.
    """
    rows = _ours(rows)
    last = rows[rows["target_date"] == rows["target_date"].max()]
    return (
        in_order(last)
        .drop_duplicates("location", keep="last")
        .sort_values("location", ignore_index=True)
    )


def _ours(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows without what callers asked; all of them where there are no others."""
    ours = rows[origin.of(rows) != origin.CALLER]
    return ours if len(ours) else rows


def rounds(rows: pd.DataFrame) -> list[datetime]:
    """The scheduled issue times (UTC) at which forecasts were made, ascending."""
    found = origin.slot(_ours(rows)).dropna().drop_duplicates().sort_values()
    return [moment.to_pydatetime() for moment in found]


def as_of(rows: pd.DataFrame, moment: datetime) -> pd.DataFrame:
    """See `newest`, of the journal as it stood after that scheduled issue time."""
    ours = _ours(rows)
    return newest(ours[origin.slot(ours) <= pd.Timestamp(moment)])


def earlier(rows: pd.DataFrame, shown: pd.DataFrame) -> pd.DataFrame:
    """Of each station in `shown` (see `newest`), the forecast for the same target date that was
    issued last before the one that is shown; stations without one are left out.
    """
    ours = _ours(rows)
    same = in_order(ours[ours["target_date"].isin(shown["target_date"].unique())])
    limit = same["location"].map(shown.set_index("location")["issued"])
    before = same[same["issued"] < limit]
    return before.drop_duplicates("location", keep="last").reset_index(drop=True)


def of_station(rows: pd.DataFrame, location: str) -> pd.DataFrame:
    """A station's forecasts, the newest first; callers' trials only where there is nothing else."""
    return in_order(_ours(rows[rows["location"] == location]))[::-1].reset_index(drop=True)


def made(rows: pd.DataFrame) -> pd.DataFrame:
    """How many forecasts were made, by feature date (index) and regime (columns); 0 where none."""
    regime = rows["regime"].fillna("not recorded")
    return pd.crosstab(rows["feature_date"], regime).rename_axis(columns=None)


def as_written(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with the columns in the journal's order, for showing."""
    return rows[[name for name in Forecast._fields if name in rows]]
