"""Which edition a historical file is, and how much of each year is in it. Pure."""

from collections.abc import Collection

import pandas as pd

from raincast.observations.network import in_force

ROWS_2017, ROWS_KAGGLE = 145_460, 142_193
_PUBLIC = "RISK_MM"
_FEW = 0.5
"""A year with less than this share of its station-days is thin."""


def name(frame: pd.DataFrame, columns: Collection[str]) -> str:
    """The edition in words, by its rows, its columns and its last day.

    Args:
        frame: an observations frame of at least one row.
        columns: the names in the file's header.
    """
    rows, last = len(frame), f"{frame['Date'].max():%Y-%m-%d}"
    if rows == ROWS_2017:
        return f"the edition of 2017 ({rows:,} rows, to {last})"
    if rows == ROWS_KAGGLE:
        return (
            f"Kaggle's edition ({rows:,} rows, to {last}): rows without a label were dropped after"
            f" labelling; the edition of 2017 has {ROWS_2017:,}"
        )
    if _PUBLIC in columns:
        return f"the public file ({rows:,} rows, to {last}); {_PUBLIC}, the target, is dropped"
    return f"an edition of {rows:,} rows, to {last}"


def days_per_year(frame: pd.DataFrame) -> dict[str, int]:
    """How many station-days each year has."""
    counts = frame["Date"].dt.year.value_counts().sort_index()
    return {str(year): int(count) for year, count in counts.items()}


def holes(frame: pd.DataFrame) -> list[str]:
    """Months between the first and the last day that have less than half of the station-days that
    the stations of their year before and after have, as `2016-01 to 2017-02`.
    """
    month = frame["Date"].dt.to_period("M")
    span = pd.period_range(month.min(), month.max(), freq="M")
    counts = month.value_counts().reindex(span, fill_value=0)
    stations = frame.groupby(frame["Date"].dt.year)["Location"].nunique().cummax()
    most = pd.Series([int(stations.get(m.year, stations.max())) for m in span], span)
    thin = counts < _FEW * most.clip(upper=len(in_force().locations)) * [
        m.days_in_month for m in span
    ]
    thin.iloc[[0, -1]] = False  # the first and the last month are cut off, not missing
    groups = (thin != thin.shift()).cumsum()[thin]
    spans = (found.index for _, found in groups.groupby(groups))
    return [str(s[0]) if len(s) == 1 else f"{s[0]} to {s[-1]}" for s in spans]


def covered(frame: pd.DataFrame, first: pd.Timestamp, last: pd.Timestamp) -> float:
    """Share of a span's station-days that are there, 0 to 1, all stations counted."""
    inside = frame["Date"].between(first, last).sum()
    return float(inside / (((last - first).days + 1) * len(in_force().locations)))
