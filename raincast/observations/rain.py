"""Rain alone, days × stations: what scores need of observations, in a twentieth of their memory."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from raincast.observations.network import Network, in_force
from raincast.observations.panel import Panel


class Readings(Protocol):
    """What tells the rain of consecutive days: a whole panel, or its rain alone."""

    @property
    def first(self) -> date:
        """The first day."""

    def __len__(self) -> int:
        """How many days."""

    def rainfall(self) -> npt.NDArray[np.float32]:
        """(days, stations) mm."""

    def truth(self) -> npt.NDArray[Any]:
        """(days, stations) whether it rained on the target date; see `Panel.truth`."""


@dataclass(frozen=True)
class Rain:
    """Consecutive days from `first`; NaN where missing.

    Attributes:
        first: the first day.
        mm: (days, stations) readings.
        seen: (days, stations) whether the station-day has a row at all.
        network: the stations of the second axis.
    """

    first: date
    mm: npt.NDArray[np.float32]
    seen: npt.NDArray[np.bool_]
    network: Network = field(default_factory=in_force)

    def __len__(self) -> int:
        return len(self.mm)

    def rainfall(self) -> npt.NDArray[np.float32]:
        """(days, stations) mm."""
        return self.mm

    def truth(self) -> npt.NDArray[Any]:
        """(days, stations) whether it rained on the target date; see `Panel.truth`."""
        return self.network.event.truth(self.mm, self.seen)


def of(whole: Panel, first: date) -> Rain:
    """A panel's, from that day on."""
    begin = whole.position(first)
    return Rain(first, whole.rainfall()[begin:].copy(), whole.seen[begin:], whole.network)


def joined(parts: Iterable[Rain]) -> Rain:
    """That of spans which follow each other, as one; of none, no days."""
    found: Sequence[Rain] = list(parts)
    if not found:
        shape = (0, len(in_force()))
        return Rain(date.min, np.empty(shape, np.float32), np.empty(shape, np.bool_))
    mm, seen = (np.concatenate([getattr(one, name) for one in found]) for name in ("mm", "seen"))
    return Rain(found[0].first, mm, seen, found[0].network)
