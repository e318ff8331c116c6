"""The places that weather is made for: the stations of any network.

A shipped station has its own climate and instruments, any other those of the nearest shipped one,
under its own sky: fields, sun and season are those of its place. What is drawn for a shipped
station does not depend on who else is in the network.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from raincast.observations import sphere
from raincast.observations.network import NEAREST_APART_KM, Network, shipped
from raincast.simulator.normals import NORMALS
from raincast.simulator.streams import stream

Array = npt.NDArray[Any]

_KM_PER_DEGREE = 111.2
DEGREE_EAST = _KM_PER_DEGREE * np.cos(np.radians(30))
_ELSEWHERE = " elsewhere"
"""Of the name of the streams for stations that are not shipped."""


@dataclass(frozen=True, eq=False)
class Sites:
    """The stations of a network."""

    network: Network

    def __len__(self) -> int:
        return len(self.network)

    @cached_property
    def near(self) -> npt.NDArray[np.intp]:
        """(stations,) the position of each one's climate among the shipped stations."""
        return sphere.nearest(self.network.places, shipped().places, 1).at[:, 0]

    @cached_property
    def is_shipped(self) -> npt.NDArray[np.bool_]:
        """(stations,) which are the shipped ones, by name and place."""
        home = shipped()
        return np.array(
            [
                s.location == home.locations[i] and _apart(s, home.stations[i]) < NEAREST_APART_KM
                for s, i in zip(self.network.stations, self.near, strict=True)
            ]
        )

    @cached_property
    def latitude(self) -> Array:
        """(stations,) degrees."""
        return np.asarray(self.network.places[:, 0])

    @cached_property
    def east(self) -> Array:
        """(stations,) km east of 134° E."""
        return np.asarray((self.network.places[:, 1] - 134) * DEGREE_EAST)

    @cached_property
    def north(self) -> Array:
        """(stations,) km north of 30° S."""
        return np.asarray((self.network.places[:, 0] + 30) * _KM_PER_DEGREE)

    def normal(self, name: str) -> Array:
        """(stations,) a column of the climates (`normals`)."""
        return np.asarray(NORMALS[name].to_numpy()[self.near])

    def drawn(
        self, seed: int, name: str, shape: tuple[int, ...], kind: str = "standard_normal"
    ) -> Array:
        """(…, stations) numbers of a stream, drawn day by day along the first axis.

        Args:
            kind: how: `standard_normal` or `random`.
        """
        return self.joined(
            getattr(stream(seed, name), kind)((*shape, len(shipped()))),
            lambda count: getattr(stream(seed, name + _ELSEWHERE), kind)((*shape, count)),
        )

    def joined(self, home: Array, elsewhere: Callable[[int], Array]) -> Array:
        """(…, stations) of what is (…, shipped stations) and of so many others."""
        if self.network is shipped():
            return home
        found = np.empty((*home.shape[:-1], len(self)), home.dtype)
        found[..., self.is_shipped] = home[..., self.near[self.is_shipped]]
        found[..., ~self.is_shipped] = elsewhere(int((~self.is_shipped).sum()))
        return found


def _apart(one: Any, other: Any) -> float:
    places = np.array([[s.latitude, s.longitude] for s in (one, other)])
    return float(sphere.distances(places[:1], places[1:])[0, 0])


@cache
def of(network: Network) -> Sites:
    """The sites of a network, worked out once."""
    return Sites(network)
