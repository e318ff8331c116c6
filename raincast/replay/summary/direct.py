"""The same forecasts without a replay: from the observations as they are known today, or were known
at a moment.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import numpy as np
import pandas as pd

from raincast.features import block
from raincast.features.surroundings import Rows, joined
from raincast.learning.blend import Forecaster
from raincast.observations.availability import instant
from raincast.observations.network import in_force
from raincast.observations.panel import Panel
from raincast.replay.summary.records import Match

Known = Callable[[datetime], Panel]
"""The observations as they were known at a moment."""


def features_of(panel: Panel, rows: pd.DataFrame) -> Rows:
    """The inputs of a journal's n rows, each as of its own issue instant, from a panel of
    observations.
    """
    station = rows["location"].map(in_force().index).to_numpy(dtype=int)
    places = rows.reset_index(drop=True).groupby(["feature_date", "issued_at_utc"]).indices
    order, parts = [], []
    for key, here in places.items():
        day_and_moment: Any = key
        day, at = _date(day_and_moment[0]), instant(_utc(day_and_moment[1]))
        parts.append(block.surrounded(panel, [day], np.array([at]))[0][station[here]])
        order.append(here)
    return joined(parts)[np.argsort(np.concatenate(order))] if parts else block.unknown(0)


def _date(stamp: Any) -> date:
    return pd.Timestamp(stamp).date()


def _utc(stamp: Any) -> datetime:
    moment = pd.Timestamp(stamp)
    return (moment if moment.tzinfo else moment.tz_localize("UTC")).to_pydatetime()


def match(forecaster: Forecaster, rows: pd.DataFrame, today: Panel, known: Known) -> Match:
    """A journal's rows, all by that forecaster, against the same computed directly.

    Args:
        rows: of the journal.
        today: the observations as they are known today.
        known: the observations as they were known at a moment, for rows that differ.
    """
    given = rows["rain_probability"].to_numpy()
    gap = np.abs(forecaster.probabilities(features_of(today, rows)) - given)
    other = rows[gap > 0]
    rebuilt = 0
    for at, then in other.groupby("issued_at_utc"):
        again = forecaster.probabilities(features_of(known(_utc(at)), then))
        rebuilt += int((again == then["rain_probability"].to_numpy()).sum())
    return Match(
        rows=len(rows),
        equal=int((gap == 0).sum()),
        largest=float(gap.max(initial=0.0)),
        rebuilt=rebuilt,
    )
