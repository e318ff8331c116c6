"""What a network over the day's stations is given: own rows, and the stations around them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from raincast.features.names import NOW
from raincast.observations.network import Network

Array = npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Field:
    """All stations of one feature date as known at one instant; the same only as itself.

    Attributes:
        own: (stations, observation fields) the rows of the day.
        before: (stations, variables) the variables of the day before.
        rain_before: (stations, 6) rain and wet days of the days before; see `block.Context`.
        season: (2,) sine and cosine of the day of the year.
        network: the stations of the first axis.
    """

    own: Array
    before: Array
    rain_before: Array
    season: Array
    network: Network

    @cached_property
    def alone(self) -> npt.NDArray[np.bool_]:
        """(stations,) whether nothing is known of the day at any other station of the core, where
        there are others.
        """
        core, there = self.network.core, np.zeros((2, len(self.network)), dtype=np.intp)
        there[:, core] = np.ones(len(core)), np.isfinite(self.own[core]).any(axis=-1)
        others, known = there.sum(axis=1, keepdims=True) - there
        return np.asarray((known == 0) & (others > 0))


_LEADING = ("table", "own", "field", "station")


@dataclass(frozen=True)
class Rows:
    """Station-days to forecast, n of them or in any other leading shape.

    Attributes:
        table: (…, K) features in the order of `block.NAMES`.
        own: (…, observation fields) each station's own row, whose variables the table has; may be
            other than its field's, since a caller may have observations that the archive has not.
        field: (…,) the `Field` around each.
        station: (…,) positions in the field's network.
        around: whether the other stations count.
        past: whether the station's own days before count.
    """

    table: Array
    own: Array
    field: npt.NDArray[Any]
    station: npt.NDArray[np.intp]
    around: bool = True
    past: bool = True

    @property
    def now(self) -> Array:
        """(…, variables) those of the own rows, as `derived.variables` gives them."""
        return self.table[..., NOW]

    def __len__(self) -> int:
        return len(self.table)

    def __getitem__(self, index: Any) -> "Rows":
        """Those at these positions of the leading axes."""
        table, own, field, station = (getattr(self, name)[index] for name in _LEADING)
        return Rows(table, own, field, station, self.around, self.past)

    def with_table(self, table: Array, *, past: bool) -> "Rows":
        """The same without the other stations, and without own days before unless `past`."""
        return replace(self, table=table, around=False, past=past)


def joined(parts: Sequence[Rows]) -> Rows:
    """Rows one after the other; all of them with or without others and past."""
    table, own, field, station = (
        np.concatenate([getattr(part, name) for part in parts]) for name in _LEADING
    )
    return Rows(table, own, field, station, parts[0].around, parts[0].past)
