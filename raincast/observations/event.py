"""The event that every forecast is about, stated once.

Rain tomorrow: more than 1.0 mm in the 24 hours to 9 am local time on the target date,
which is the day after the feature date.
"""

from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt

THRESHOLD_MM = 1.0
LEAD = timedelta(days=1)
STATEMENT = (
    f"rainfall strictly greater than {THRESHOLD_MM} mm in the 24 hours to 9 am local time on the"
    " target date"
)


def target_date(feature_date: date) -> date:
    """The date whose 9 am reading decides a forecast made from `feature_date`'s row."""
    return feature_date + LEAD


def occurred(rainfall_mm: npt.ArrayLike) -> npt.NDArray[Any]:
    """The event from rainfall (mm, any shape): 1.0 where it rained, 0.0 where not, NaN where the
    reading is missing.
    """
    rain = np.asarray(rainfall_mm, dtype=np.float64)
    return np.where(np.isnan(rain), np.nan, (rain > THRESHOLD_MM).astype(np.float64))


def accumulated(
    rainfall_mm: npt.NDArray[Any], seen: npt.NDArray[np.bool_]
) -> npt.NDArray[np.bool_]:
    """Readings that may hold several days' rain: those after a day without one.

    Args:
        rainfall_mm: (days, stations) readings in mm, consecutive days, NaN where missing.
        seen: (days, stations) whether the station-day's row exists at all.

    Returns:
        (days, stations) True where a reading follows a missing one. A station's first day is not
        marked:
        nothing is known of the day before it.
    """
    present = ~np.isnan(rainfall_mm)
    begun = np.logical_or.accumulate(seen, axis=0)
    marked = np.zeros_like(present)
    marked[1:] = present[1:] & ~present[:-1] & begun[:-1]
    return np.asarray(marked)


def truth(rainfall_mm: npt.NDArray[Any], seen: npt.NDArray[np.bool_]) -> npt.NDArray[Any]:
    """What happened after each station-day: the event on its target date.

    Args:
        rainfall_mm: (days, stations) readings in mm, consecutive days, NaN where missing.
        seen: (days, stations) whether the station-day's row exists at all.

    Returns:
        (days, stations) 1.0 or 0.0 on the feature date; NaN where the next day's reading is missing
        or accumulated.
    """
    happened = occurred(np.where(accumulated(rainfall_mm, seen), np.nan, rainfall_mm))
    after = np.full_like(happened, np.nan)
    after[:-1] = happened[1:]
    return after
