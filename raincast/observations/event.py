"""The event that forecasts are about: how much rain, in the 24 hours to which hour.

It belongs to the network (`Network.event`), and every file that rests on one names it by its
`statement`; former files, which name none, are of `DEFAULT`. The target date is the day after the
feature date, whatever the event.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt

LEAD = timedelta(days=1)


@dataclass(frozen=True)
class Event:
    """Rain tomorrow.

    Attributes:
        threshold_mm: of the rain in 24 hours.
        at_least: whether the threshold itself is rain already; otherwise it takes more.
        hour: of the morning, local time, at which the 24 hours end.
    """

    threshold_mm: float = 1.0
    at_least: bool = False
    hour: int = 9

    @property
    def statement(self) -> str:
        """The event in words, by which files name it."""
        how = "of at least" if self.at_least else "strictly greater than"
        return (
            f"rainfall {how} {self.threshold_mm} mm in the 24 hours to {self.hour} am local time"
            " on the target date"
        )

    @property
    def amount(self) -> str:
        """How much rain it takes, for sentences."""
        return f"{'at least' if self.at_least else 'more than'} {self.threshold_mm:g} mm"

    def occurred(self, rainfall_mm: npt.ArrayLike) -> npt.NDArray[Any]:
        """The event from rainfall (mm, any shape): 1.0 where it rained, 0.0 where not, NaN where
        the reading is missing.
        """
        rain = np.asarray(rainfall_mm, dtype=np.float64)
        # A reading of the threshold itself is on the same side as float32, in which panels keep it.
        exact, single = self.threshold_mm, float(np.float32(self.threshold_mm))
        wet = rain >= min(exact, single) if self.at_least else rain > max(exact, single)
        return np.where(np.isnan(rain), np.nan, wet.astype(np.float64))

    def of_amount(self, threshold_mm: float) -> "Event":
        """The same of another amount."""
        return replace(self, threshold_mm=threshold_mm)

    def truth(self, rainfall_mm: npt.NDArray[Any], seen: npt.NDArray[np.bool_]) -> npt.NDArray[Any]:
        """What happened after each station-day: the event on its target date.

        Args:
            rainfall_mm: (days, stations) readings in mm, consecutive days, NaN where missing.
            seen: (days, stations) whether the station-day's row exists at all.

        Returns:
            (days, stations) 1.0 or 0.0 on the feature date; NaN where the next day's reading is
            missing or accumulated.
        """
        return self.occurred(next_day(rainfall_mm, seen))


DEFAULT = Event()
"""Of a network that states none."""
RAIN_TODAY = Event()
"""What `RainToday` means in the data set, in requests and as a feature, whatever is forecast."""


def named(statement: str | None) -> str:
    """The statement of a file's event; a file that names none is of the default one."""
    return statement or DEFAULT.statement


def target_date(feature_date: date) -> date:
    """The date whose reading decides a forecast made from `feature_date`'s row."""
    return feature_date + LEAD


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


def next_day(rainfall_mm: npt.NDArray[Any], seen: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
    """The rain that fell after each station-day: the reading of its target date.

    Args:
        rainfall_mm: (days, stations) readings in mm, consecutive days, NaN where missing.
        seen: (days, stations) whether the station-day's row exists at all.

    Returns:
        (days, stations) mm on the feature date; NaN where the next day's reading is missing or
        accumulated.
    """
    after = np.full(rainfall_mm.shape, np.nan)
    after[:-1] = np.where(accumulated(rainfall_mm, seen), np.nan, rainfall_mm)[1:]
    return after
