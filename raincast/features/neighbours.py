"""How much each station counts in another's field: fixed weights from positions alone.

Only a network's core counts for others. A station beside the core looks at it and is looked at by
none, in products of its own, so that another such station changes no bit of any other's figures.
A core of up to `MOST_DENSE` stations counts whole for everybody; of a larger one (`sparse`) only so
many as are nearest.
"""

from functools import cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from raincast.features import sparse
from raincast.observations import sphere
from raincast.observations.network import Network

SCALES_KM = (150.0, 400.0, 1000.0)
SECTORS = {"west": 270.0, "south": 180.0, "north": 0.0, "east": 90.0}
SECTOR_SCALE_KM = 700.0
NEAREST = 5
"""How many of the nearest stations give their own values."""
MOST_DENSE = 64
"""The largest core that counts whole."""

Array = npt.NDArray[np.float32]
Floats = npt.NDArray[np.float64]
Positions = npt.NDArray[np.intp]


class Weights(NamedTuple):
    """How much each of the core counts for each station.

    Attributes:
        core: positions of the core.
        beside: positions of the other stations.
        within: (maps, core, core).
        outside: (beside, maps, core).
    """

    core: Positions
    beside: Positions
    within: Array
    outside: Array


def _weights(network: Network, maps: npt.NDArray[Any]) -> Weights:
    """From (maps, stations, core); no station counts for itself."""
    single, core = maps.astype(np.float32), network.core
    single[:, core, np.arange(len(core))] = 0
    beside = np.setdiff1d(np.arange(len(network)), core)
    outside = np.ascontiguousarray(single[:, beside].transpose(1, 0, 2))
    return Weights(core, beside, np.ascontiguousarray(single[:, core]), outside)


def _near(km: Floats, scale: float) -> Floats:
    return np.asarray(np.exp(-0.5 * (km / scale) ** 2))


def _towards(bearing: Floats, km: Floats, centre: float) -> Floats:
    apart = (bearing - centre + 180) % 360 - 180
    aligned = np.maximum(np.cos(np.radians(apart)), 0) ** 2
    return np.asarray(aligned * np.exp(-km / SECTOR_SCALE_KM))


@cache
def scale_weights(network: Network) -> Weights | sparse.Weights:
    """By scale, Gaussian in distance."""
    places, core = network.places, network.places[network.core]
    if len(core) > MOST_DENSE:
        found = [sparse.around(network, scale) for scale in SCALES_KM]
        near = [_near(one.km, scale) for one, scale in zip(found, SCALES_KM, strict=True)]
        return sparse.weights(network, [one.at for one in found], near)
    km = sphere.distances(places, core)
    return _weights(network, np.stack([_near(km, scale) for scale in SCALES_KM]))


@cache
def sector_weights(network: Network) -> Weights | sparse.Weights:
    """By sector, others in that direction: cosine squared of the angle, exponential in
    distance.
    """
    places, core = network.places, network.places[network.core]
    if len(core) > MOST_DENSE:
        found = sparse.around(network, SECTOR_SCALE_KM)
        bearing = sphere.bearings_to(places, core[found.at])
        maps = [_towards(bearing, found.km, centre) for centre in SECTORS.values()]
        return sparse.weights(network, [found.at] * len(maps), maps)
    bearing, km = sphere.bearings(places, core), sphere.distances(places, core)
    return _weights(network, np.stack([_towards(bearing, km, c) for c in SECTORS.values()]))


@cache
def nearest(network: Network) -> Positions:
    """(stations, at most `NEAREST`) the nearest other stations of the core, nearest first."""
    places, core = network.places, network.core
    if len(core) > MOST_DENSE:
        return sparse.nearest(network, NEAREST)
    apart = sphere.distances(places, places[core])
    apart[core, np.arange(len(core))] = np.inf
    order = np.argsort(apart, axis=1)[:, :NEAREST]
    fewest = min(NEAREST, max(0, len(core) - 1))
    return core[order[:, :fewest]]


def of_nearest(network: Network, values: Array) -> Array:
    """(n, stations, NEAREST, variables) what the nearest have; NaN where a network has fewer."""
    found = values[:, nearest(network)]
    absent = NEAREST - found.shape[2]
    if not absent:
        return found
    return np.pad(found, ((0, 0), (0, 0), (0, absent), (0, 0)), constant_values=np.nan)


def average(weights: Weights | sparse.Weights, values: Array) -> Array:
    """Weighted means of what is there.

    Products of fixed shape, one per day and one per day and station beside the core, so that
    figures have the same bits alone or among others.

    Args:
        values: (n, stations, variables), NaN where missing.

    Returns:
        (n, maps, stations, variables); NaN where next to no weight is on stations with a value.
    """
    n, stations, count = values.shape
    seen = values if len(weights.core) == stations else values[:, weights.core]
    there = np.isfinite(seen)
    both = np.concatenate([np.where(there, seen, 0), there], axis=-1).astype(np.float32)
    if isinstance(weights, sparse.Weights):
        return _means(sparse.sums(weights, both), count)
    maps, core, _ = weights.within.shape
    sums = np.matmul(weights.within.reshape(maps * core, core), both)
    if core == stations:
        return _means(sums, count).reshape(n, maps, stations, count)
    found = np.empty((n, maps, stations, count), dtype=np.float32)
    found[:, :, weights.core] = _means(sums, count).reshape(n, maps, core, count)
    outside = np.matmul(weights.outside[None], both[:, None])
    found[:, :, weights.beside] = _means(outside, count).transpose(0, 2, 1, 3)
    return found


def _means(sums: Array, count: int) -> Array:
    """From weighted sums of values, then of what was there."""
    total, weight = sums[..., :count], sums[..., count:]
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(weight > 1e-4, total / weight, np.nan)
    return mean.astype(np.float32)
