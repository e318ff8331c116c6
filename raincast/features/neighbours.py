"""How much each station counts in another's field: fixed weights from positions alone."""

from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from raincast.observations.stations import STATIONS, bearings, distances_km

SCALES_KM = (150.0, 400.0, 1000.0)
SECTORS = {"west": 270.0, "south": 180.0, "north": 0.0, "east": 90.0}
SECTOR_SCALE_KM = 700.0
NEAREST = 5
"""How many of the nearest stations give their own values."""

Weights = npt.NDArray[np.float32]


def _others(weights: npt.NDArray[Any]) -> Weights:
    out = weights.astype(np.float32)
    np.fill_diagonal(out, 0)
    return out


def _near(scale_km: float) -> Weights:
    return _others(np.exp(-0.5 * (distances_km() / scale_km) ** 2))


def _towards(centre: float) -> Weights:
    apart = (bearings() - centre + 180) % 360 - 180
    aligned = np.maximum(np.cos(np.radians(apart)), 0) ** 2
    return _others(aligned * np.exp(-distances_km() / SECTOR_SCALE_KM))


@cache
def scale_weights() -> Weights:
    """(scales, stations, stations) Gaussian in distance; row: the station, column: the other; 0 for
    itself.
    """
    return np.stack([_near(scale) for scale in SCALES_KM])


@cache
def sector_weights() -> Weights:
    """(sectors, stations, stations) others in that direction: cosine squared of the angle,
    exponential in distance.
    """
    return np.stack([_towards(centre) for centre in SECTORS.values()])


@cache
def nearest() -> npt.NDArray[np.intp]:
    """(stations, NEAREST) the nearest other stations, nearest first."""
    return np.argsort(distances_km() + np.diag(np.full(len(STATIONS), np.inf)), axis=1)[:, :NEAREST]


def average(weights: Weights, values: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Weighted means of what is there.

    One product of fixed shape per day, so that a day's figures have the same bits alone or among
    others.

    Args:
        weights: (maps, stations, stations).
        values: (n, stations, variables), NaN where missing.

    Returns:
        (n, maps, stations, variables); NaN where next to no weight is on stations with a value.
    """
    maps, stations, _ = weights.shape
    count = values.shape[-1]
    there = np.isfinite(values)
    both = np.concatenate([np.where(there, values, 0), there], axis=-1).astype(np.float32)
    sums = np.matmul(weights.reshape(maps * stations, stations), both)
    total, weight = sums[..., :count], sums[..., count:]
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(weight > 1e-4, total / weight, np.nan)
    return mean.reshape(len(values), maps, stations, count).astype(np.float32)
