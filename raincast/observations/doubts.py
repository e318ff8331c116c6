"""What is asked of rows before they are believed, and what a doubt of them is.

Every bound was measured on the station-months of 2007 to 2017 and of 2023 to 2024 (5,500 with at
least 8 days) and lies beyond all of them, so that what is true is not doubted. A month that is not
over says less: its bounds are wider, beyond what the first 8 to 25 days of the 3,800 station-months
of 2008 to 2015 show.
"""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from raincast.observations.schema import OBSERVATIONS

Values = npt.NDArray[Any]

FEWEST_DAYS = 8
"""With fewer, nothing is said of a whole file."""
_WHOLE_MONTH_DAYS = 29

AT = {name: i for i, name in enumerate(OBSERVATIONS)}
"""Where each observation stands in a row."""


class Bound(NamedTuple):
    """What true rows do not pass: those of a whole month, and those of a part of one."""

    month: float
    part: float

    def of(self, days: int) -> float:
        """For so many days."""
        return self.month if days >= _WHOLE_MONTH_DAYS else self.part


class Body(NamedTuple):
    """One station's rows.

    Attributes:
        station: its position in the network.
        days: (rows,) datetime64[D].
        values: (rows, fields), directions in degrees, NaN where missing.
    """

    station: int
    days: npt.NDArray[np.datetime64]
    values: Values


class Usual(NamedTuple):
    """What is usual at the stations.

    Attributes:
        lowest, highest: (stations, 366) temperatures by day of the year, °C.
        unsure: (stations,) by how much what is usual there may be another, °C.
    """

    lowest: Values
    highest: Values
    unsure: Values

    def on(self, station: int, days: npt.NDArray[np.datetime64]) -> Values:
        """(2, rows) the lowest and the highest of the days."""
        day = (days - days.astype("datetime64[Y]")).astype(int)
        return np.stack([self.lowest[station, day], self.highest[station, day]])


@dataclass(frozen=True)
class Doubt:
    """Rows that cannot be what they say.

    Attributes:
        rows: (rows,) which.
        fields: the columns; none where it is the whole row.
        reason: what was found and what was expected.
    """

    rows: npt.NDArray[np.bool_]
    fields: tuple[str, ...]
    reason: str


def all_rows(values: Values) -> npt.NDArray[np.bool_]:
    """(rows,) every one of them."""
    return np.ones(len(values), dtype=bool)
