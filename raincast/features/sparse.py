"""Neighbourhoods of a large core: for each station and scale so many as are nearest, of a core
that is thinned to that scale.

Of 10,000 stations the nearest 64 lie within a hundred kilometres and say nothing of a thousand.
One station for each cell of two thirds of a scale is enough for a mean over that scale, and the
nearest 64 of those reach out to about three times the scale, where weights end.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from raincast.observations import sphere
from raincast.observations.network import Network
from raincast.observations.sphere import Nearest

HEARD = 64
"""How many stations count for one at each scale."""
_CELL, _FINER = 2 / 3, 0.95

Array = npt.NDArray[np.float32]
Positions = npt.NDArray[np.intp]


class Weights(NamedTuple):
    """How much some of the core count for each station.

    Attributes:
        core: positions of the core.
        matrix: (maps × stations, core) of which each row has `HEARD` entries or fewer.
        maps: how many.
    """

    core: Positions
    matrix: csr_array
    maps: int


def around(network: Network, scale_km: float) -> Nearest:
    """For each station the nearest of the core at that scale, by their positions in the core."""
    core = network.places[network.core]
    cell = scale_km * _CELL
    kept = sphere.thinned(core, cell)
    while len(kept) < min(HEARD, len(core)):  # a network smaller than the scale reaches
        cell *= _FINER
        kept = sphere.thinned(core, cell)
    found = sphere.nearest(network.places, core[kept], HEARD)
    return Nearest(kept[found.at], found.km)


def nearest(network: Network, count: int) -> Positions:
    """(stations, count) the nearest other stations of the core, nearest first."""
    core = network.core
    found = core[sphere.nearest(network.places, network.places[core], count + 1).at]
    # A station of the core stands among its own nearest and is put last; of another, the last goes.
    itself = found == np.arange(len(network))[:, None]
    order = np.argsort(itself, axis=1, kind="stable")
    return np.take_along_axis(found, order, axis=1)[:, :count]


def weights(
    network: Network, at: Sequence[Positions], maps: Sequence[npt.NDArray[np.float64]]
) -> Weights:
    """From (stations, heard) positions in the core and weights by map; no station counts for
    itself.
    """
    core, stations = network.core, len(network)
    heard, weight = np.concatenate(at), np.concatenate(maps).astype(np.float32)
    weight[core[heard] == np.tile(np.arange(stations), len(maps))[:, None]] = 0
    begin = np.arange(len(heard) + 1) * heard.shape[1]
    shape = (len(heard), len(core))
    return Weights(core, csr_array((weight.ravel(), heard.ravel(), begin), shape), len(maps))


def sums(weights: Weights, both: Array) -> Array:
    """(n, maps, stations, variables) weighted sums of (n, core, variables).

    A product for each day; within one a row is added up by itself, entry after entry, so that its
    bits are the same in any company.
    """
    found = np.stack([weights.matrix @ one for one in both])
    return found.reshape(len(both), weights.maps, -1, both.shape[-1])
