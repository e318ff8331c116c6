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

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from raincast.forecasts import basis
from raincast.learning.examples import SCHEDULED_UTC

LOOP, CALLER, HAND = SOURCES = ("loop", "caller", "hand")
_BETWEEN = pd.Timedelta(days=1) / len(SCHEDULED_UTC)
_FIRST = pd.Timedelta(hours=SCHEDULED_UTC[0].hour, minutes=SCHEDULED_UTC[0].minute)
_NO_SLOT = -1


def of(rows: pd.DataFrame) -> "pd.Series[str]":
    """`loop`, `caller` or `hand` for each row (`forecast_id`, `use_latest`)."""
    return pd.Series(pd.Categorical.from_codes(code(rows), pd.Index(SOURCES)), rows.index)


def code(rows: pd.DataFrame) -> npt.NDArray[np.int8]:
    """(n,) the same as positions in `SOURCES`."""
    latest, by_program = rows["use_latest"].astype(bool), rows["forecast_id"].notna()
    return np.where(by_program, np.where(latest, np.int8(0), np.int8(1)), np.int8(2))


def slot(rows: pd.DataFrame) -> pd.Series:
    """The scheduled issue time (UTC) that each row's issue time follows."""
    issued = rows["issued_at_utc"].fillna(rows["logged_at_utc"])
    return (issued - _FIRST).dt.floor(_BETWEEN) + _FIRST


def slot_number(issued: pd.Series) -> npt.NDArray[np.int32]:
    """(n,) a number for each slot, by issue times; -1 where there is none."""
    moments = issued.to_numpy("datetime64[us]")
    since = moments.astype(np.int64) - _FIRST // pd.Timedelta(microseconds=1)
    number = since // (_BETWEEN // pd.Timedelta(microseconds=1))
    return np.where(np.isnat(moments), _NO_SLOT, number).astype(np.int32)


def chosen(rows: pd.DataFrame) -> "pd.Series[bool]":
    """Which rows are the forecast of their station, feature date and slot: of the loop's the first
    on the strongest basis; every one by hand; none of a caller's.
    """
    source = of(rows)
    found = (source == HAND).to_numpy(copy=True)
    loop = np.flatnonzero(source == LOOP)
    rank, logged = basis.rank(rows["basis"]), rows["logged_at_utc"].to_numpy("datetime64[us]")
    found[loop[firsts(_whose(rows)[loop], rank.to_numpy()[loop], logged[loop])]] = True
    return pd.Series(found, rows.index)


def _whose(rows: pd.DataFrame) -> npt.NDArray[np.int64]:
    """(n,) a number for each station, feature date and slot."""
    found = np.zeros(len(rows), np.int64)
    for column in (rows["location"], rows["feature_date"], slot(rows)):
        code, values = pd.factorize(column)
        found = found * (len(values) + 1) + code + 1
    return found


def firsts(
    key: npt.NDArray[np.int64],
    rank: npt.NDArray[np.integer[Any]],
    logged: npt.NDArray[np.datetime64],
) -> npt.NDArray[np.intp]:
    """Of (n,) rows the positions of each key's first by rank, then by time, then as they stand."""
    order = np.lexsort((logged, rank, key))
    ordered = key[order]
    begins = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]][: len(order)])
    found: npt.NDArray[np.intp] = order[begins]
    return found


def counted(rows: pd.DataFrame) -> "pd.Series[bool]":
    """Which rows the live figures count: those chosen, but not what rests on no observation."""
    return chosen(rows) & rests_on_observations(rows)


def rests_on_observations(rows: pd.DataFrame) -> "pd.Series[bool]":
    """Which rows are not of climatology."""
    return rows["basis"] != basis.CLIMATOLOGY
