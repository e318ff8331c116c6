"""Observations as one dense block: days × stations × fields, the form in which features are
computed.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from raincast.observations import event
from raincast.observations.event import Event
from raincast.observations.frame import degrees
from raincast.observations.network import Network, in_force
from raincast.observations.schema import DIRECTIONS, OBSERVATIONS

RAINFALL = OBSERVATIONS.index("Rainfall")


@dataclass(frozen=True)
class Panel:
    """Consecutive days from `first`; directions in degrees; NaN where missing.

    Attributes:
        first: the first day.
        values: (days, stations, fields) float32, fields in the order of `schema.OBSERVATIONS`.
        seen: (days, stations) whether the station-day has a row at all.
        told: (days, stations) labels that came with the rows, for days whose next row is not here;
            or None.
        network: the stations of the second axis.
    """

    first: date
    values: npt.NDArray[np.float32]
    seen: npt.NDArray[np.bool_]
    told: npt.NDArray[Any] | None = None
    network: Network = field(default_factory=in_force)

    def __len__(self) -> int:
        return len(self.values)

    @property
    def days(self) -> list[date]:
        return [self.first + timedelta(days=i) for i in range(len(self))]

    @property
    def last(self) -> date:
        return self.first + timedelta(days=len(self) - 1)

    def position(self, day: date) -> int:
        """Where that day stands on the first axis; may lie outside."""
        return (day - self.first).days

    def rainfall(self) -> npt.NDArray[np.float32]:
        """(days, stations) mm."""
        return self.values[:, :, RAINFALL]

    def next_day(self) -> npt.NDArray[np.float64]:
        """(days, stations) mm on the target date; NaN where unknown or accumulated."""
        return event.next_day(self.rainfall(), self.seen)

    def truth(self, of: Event | None = None) -> npt.NDArray[Any]:
        """(days, stations) whether it rained on the target date; NaN where unknown or accumulated.

        Args:
            of: another event than the network's, of which the labels say nothing.
        """
        happened = (of or self.network.event).truth(self.rainfall(), self.seen)
        if self.told is None or of is not None:
            return happened
        apart = np.isnan(happened) & ~np.isnan(self.rainfall())
        apart[:-1] &= ~self.seen[1:]
        return np.where(apart, self.told, happened)

    def days_with_truth(self) -> list[date]:
        """The feature dates for which the truth of some station's row is known."""
        known = (self.seen & np.isfinite(self.truth())).any(axis=1)
        return [self.first + timedelta(days=int(i)) for i in np.flatnonzero(known)]

    def accumulated(self) -> npt.NDArray[np.bool_]:
        """(days, stations) whether the rainfall reading may hold several days' rain."""
        return event.accumulated(self.rainfall(), self.seen)

    def at(
        self,
        block: npt.NDArray[Any],
        day: npt.NDArray[np.datetime64],
        station: npt.NDArray[np.integer[Any]],
    ) -> npt.NDArray[Any]:
        """(n,) what a (days, stations) block of this panel holds on those days at those
        positions.
        """
        row = (day.astype("datetime64[D]") - np.datetime64(self.first, "D")).astype(int)
        found: npt.NDArray[Any] = block[row, station]
        return found

    def of_rows(self, block: npt.NDArray[Any], frame: pd.DataFrame) -> npt.NDArray[Any]:
        """(rows,) what a (days, stations) block of this panel holds for each row of an observations
        frame.
        """
        station = frame["Location"].map(self.network.index).to_numpy(dtype=int)
        return self.at(block, frame["Date"].to_numpy(), station)


def from_frame(
    frame: pd.DataFrame,
    first: date | None = None,
    last: date | None = None,
    told: npt.NDArray[Any] | None = None,
    network: Network | None = None,
) -> Panel:
    """The panel of an observations frame, over its own days or over `first` to `last` inclusive.

    Args:
        frame: n rows.
        told: (n,) whether it rained on each row's target date (1.0, 0.0, NaN), where the rows carry
            that.
        network: whose stations; the one in force if none is given.
    """
    network = network or in_force()
    days = frame["Date"].to_numpy().astype("datetime64[D]")
    if first is None or last is None:
        first = first or days.min().astype(object)
        last = last or days.max().astype(object)
    row = (days - np.datetime64(first, "D")).astype(int)
    inside = (row >= 0) & (row <= (last - first).days)
    frame, row, told = frame[inside], row[inside], None if told is None else told[inside]
    station = frame["Location"].map(network.index).to_numpy(dtype=int)
    shape = ((last - first).days + 1, len(network))
    values = np.full((*shape, len(OBSERVATIONS)), np.nan, dtype=np.float32)
    for i, name in enumerate(OBSERVATIONS):
        column = (
            degrees(frame[name]) if name in DIRECTIONS else frame[name].to_numpy(dtype=np.float32)
        )
        values[row, station, i] = column
    seen = np.zeros(shape, dtype=bool)
    seen[row, station] = True
    labels = None
    if told is not None:
        labels = np.full(shape, np.nan)
        labels[row, station] = told
    return Panel(first, values, seen, labels, network)


def accumulated(frame: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """(rows,) whether the rainfall of each row of an observations frame may hold several days'
    rain.
    """
    if frame.empty:
        return np.zeros(0, dtype=bool)
    block = from_frame(frame)
    return block.of_rows(block.accumulated(), frame)
