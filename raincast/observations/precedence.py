"""Whose word counts where several sources speak of one reading. Pure."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from raincast.observations.schema import COLUMNS, DIRECTIONS, KEY, OBSERVATIONS

CHECKED = "climate-checked"
"""Climate Data Online, readings whose quality the Bureau has checked (`Y`)."""
DAILY = "daily"
"""The Bureau's daily files and the historical file: all fields of a day, and what models learn."""
CLIMATE = "climate"
"""Climate Data Online, readings that are not checked yet (`N`)."""
TABLE = "rain-table"
"""The tables IDCKWCDEA0 of the Bureau's FTP server."""
WORLD = "ghcn"
"""GHCN-Daily, which has the rain and temperatures of any country's gauges, and its own checks."""
FEED = "feed"
"""The half-hourly feed: what a day's files say later, in part."""

ORDER = (CHECKED, DAILY, CLIMATE, TABLE, WORLD, FEED)
"""The first of them that has a reading decides."""

_PAIRS = {name.replace("Dir", "Speed"): name for name in DIRECTIONS}
_TOGETHER = [
    [name, _PAIRS[name]] if name in _PAIRS else [name]
    for name in OBSERVATIONS
    if name not in DIRECTIONS
]
"""Calm has a speed and no direction, so both are taken from one source."""


def filled(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Each reading from the first frame that has it.

    Args:
        frames: observations frames, one row a station-day each, indexed by `KEY`.
    """
    index = frames[0].index
    for frame in frames[1:]:
        index = index.union(frame.index)
    out = frames[0].reindex(index)
    for frame in frames[1:]:
        other = frame.reindex(index)
        for fields in _TOGETHER:
            there = out[fields].notna().any(axis=1)
            for name in fields:  # not by `loc`, which looks up each station-day anew
                out[name] = out[name].where(there, other[name])
    return out


def merged(daily: pd.DataFrame, others: pd.DataFrame) -> pd.DataFrame:
    """One observations frame of what all sources say, sorted by station and day.

    Args:
        daily: an observations frame.
        others: rows of other sources, oldest first: the columns of an observations frame,
            `channel`, and `covers`, the days that the rain of a row covers.
    """
    sums = others[others["covers"] > 1]
    about = pd.concat([others[list(KEY)], _before(sums)]).drop_duplicates()
    daily = daily.set_index(list(KEY))
    touched = daily.index.isin(pd.MultiIndex.from_frame(about))
    by_channel = {DAILY: daily[touched]}
    for channel, rows in others.groupby("channel"):
        by_channel[str(channel)] = _newest(rows[list(COLUMNS)])
    both = filled([by_channel[c] for c in ORDER if c in by_channel and len(by_channel[c])])
    _without_sums(both, sums)
    for name in DIRECTIONS:
        text = both[name].astype(object)
        both[name] = text.where(text.notna(), None)
    whole = pd.concat([daily[~touched], both]) if not touched.all() else both
    return whole.sort_index().reset_index()[list(COLUMNS)]


def _newest(rows: pd.DataFrame) -> pd.DataFrame:
    """What one source said last of each reading: a look at the feed shows a part of the day."""
    age = rows.groupby(list(KEY)).cumcount(ascending=False)
    return filled([part.set_index(list(KEY)) for _, part in rows.groupby(age)])


def _before(sums: pd.DataFrame) -> pd.DataFrame:
    """The earlier station-days that these readings cover too."""
    earlier = sums["covers"].to_numpy(dtype=int) - 1
    back = [days for count in earlier for days in range(1, count + 1)]
    rows = sums.loc[sums.index.repeat(earlier), list(KEY)]
    return rows.assign(Date=rows["Date"] - pd.to_timedelta(back, unit="D").as_unit("s"))


def _without_sums(frame: pd.DataFrame, sums: pd.DataFrame) -> None:
    """Takes out the reading of a day that some source calls that of several, where the days before
    have readings of their own: with them it would pass for one day's.
    """
    for location, day, covers in zip(sums["Location"], sums["Date"], sums["covers"], strict=True):
        before = pd.date_range(end=day, periods=covers)[:-1]
        known = frame["Rainfall"].reindex([(location, one) for one in before])
        if np.isfinite(known.to_numpy(dtype=float)).any():
            frame.loc[(location, day), "Rainfall"] = np.nan
