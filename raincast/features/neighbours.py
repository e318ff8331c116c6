"""How much each station counts in another's field: fixed weights from positions alone.

Only a network's core counts for others. A station beside the core looks at it and is looked at by
none, in products of its own, so that another such station changes no bit of any other's figures.
"""

from functools import cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from raincast.observations.network import Network

SCALES_KM = (150.0, 400.0, 1000.0)
SECTORS = {"west": 270.0, "south": 180.0, "north": 0.0, "east": 90.0}
SECTOR_SCALE_KM = 700.0
NEAREST = 5
"""How many of the nearest stations give their own values."""

Array = npt.NDArray[np.float32]
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
    """From (maps, stations, stations); no station counts for itself."""
    single = maps.astype(np.float32)
    every = np.arange(len(network))
    single[:, every, every] = 0
    core, beside = network.core, np.setdiff1d(every, network.core)
    seen = single[:, :, core]
    outside = np.ascontiguousarray(seen[:, beside].transpose(1, 0, 2))
    return Weights(core, beside, np.ascontiguousarray(seen[:, core]), outside)


def _towards(network: Network, centre: float) -> npt.NDArray[np.float64]:
    apart = (network.bearings - centre + 180) % 360 - 180
    aligned = np.maximum(np.cos(np.radians(apart)), 0) ** 2
    return np.asarray(aligned * np.exp(-network.distances_km / SECTOR_SCALE_KM))


@cache
def scale_weights(network: Network) -> Weights:
    """By scale, Gaussian in distance."""
    near = [np.exp(-0.5 * (network.distances_km / scale) ** 2) for scale in SCALES_KM]
    return _weights(network, np.stack(near))


@cache
def sector_weights(network: Network) -> Weights:
    """By sector, others in that direction: cosine squared of the angle, exponential in
    distance.
    """
    return _weights(network, np.stack([_towards(network, c) for c in SECTORS.values()]))


@cache
def nearest(network: Network) -> Positions:
    """(stations, at most `NEAREST`) the nearest other stations of the core, nearest first."""
    apart = network.distances_km + np.diag(np.full(len(network), np.inf))
    order = np.argsort(apart[:, network.core], axis=1)[:, :NEAREST]
    fewest = min(NEAREST, max(0, len(network.core) - 1))
    return network.core[order[:, :fewest]]


def of_nearest(network: Network, values: Array) -> Array:
    """(n, stations, NEAREST, variables) what the nearest have; NaN where a network has fewer."""
    found = values[:, nearest(network)]
    absent = NEAREST - found.shape[2]
    if not absent:
        return found
    return np.pad(found, ((0, 0), (0, 0), (0, absent), (0, 0)), constant_values=np.nan)


def average(weights: Weights, values: Array) -> Array:
    """Weighted means of what is there.

    Products of fixed shape, one per day and one per day and station beside the core, so that
    figures have the same bits alone or among others.

    Args:
        values: (n, stations, variables), NaN where missing.

    Returns:
        (n, maps, stations, variables); NaN where next to no weight is on stations with a value.
    """
    maps, core, _ = weights.within.shape
    n, stations, count = values.shape
    seen = values if core == stations else values[:, weights.core]
    there = np.isfinite(seen)
    both = np.concatenate([np.where(there, seen, 0), there], axis=-1).astype(np.float32)
    sums = np.matmul(weights.within.reshape(maps * core, core), both)
    if core == stations:
        return _means(sums, count).reshape(n, maps, stations, count)
    found = np.empty((n, maps, stations, count), dtype=np.float32)
    found[:, :, weights.core] = _means(sums, count).reshape(n, maps, core, count)
    for i, station in enumerate(weights.beside):
        found[:, :, station] = _means(np.matmul(weights.outside[i], both), count)
    return found


def _means(sums: Array, count: int) -> Array:
    """From weighted sums of values, then of what was there."""
    total, weight = sums[..., :count], sums[..., count:]
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(weight > 1e-4, total / weight, np.nan)
    return mean.astype(np.float32)
