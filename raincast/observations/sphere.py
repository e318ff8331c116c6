"""Places on the globe: how far and in which direction one lies from another, and which are nearest.

`distances` and `bearings` are of every pair; `nearest` is from a ball tree, and grows with the
places and not with their square.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

EARTH_RADIUS_KM = 6371.0088
_KM_PER_DEGREE = np.pi * EARTH_RADIUS_KM / 180

Places = npt.NDArray[np.float64]
"""(n, 2) latitudes and longitudes, degrees."""


def distances(places: Places, others: Places) -> npt.NDArray[np.float64]:
    """(places, others) great-circle distances in km, by the haversine formula."""
    lat, lon = np.radians(places).T
    other_lat, other_lon = np.radians(others).T
    half = np.sin((lat[:, None] - other_lat) / 2) ** 2
    half += np.cos(lat[:, None]) * np.cos(other_lat) * np.sin((lon[:, None] - other_lon) / 2) ** 2
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(half)))


def bearings(places: Places, others: Places) -> npt.NDArray[np.float64]:
    """(places, others) initial bearing from the first to the second, degrees clockwise from
    north.
    """
    lat, lon = (part[:, None] for part in np.radians(places).T)
    return _bearings(lat, lon, *np.radians(others).T)


def bearings_to(places: Places, others: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """(places, k) the same to (places, k, 2) others of each place's own."""
    lat, lon = (part[:, None] for part in np.radians(places).T)
    other_lat, other_lon = np.moveaxis(np.radians(others), -1, 0)
    return _bearings(lat, lon, other_lat, other_lon)


def _bearings(
    lat: Places, lon: Places, other_lat: Places, other_lon: Places
) -> npt.NDArray[np.float64]:
    """From radians that go together."""
    across = np.sin(other_lon - lon) * np.cos(other_lat)
    along = np.cos(lat) * np.sin(other_lat) - np.sin(lat) * np.cos(other_lat) * np.cos(
        other_lon - lon
    )
    return np.asarray(np.degrees(np.arctan2(across, along)) % 360)


class Nearest(NamedTuple):
    """The nearest of others to each place, nearest first.

    Attributes:
        at: (places, k) their positions.
        km: (places, k) how far they are.
    """

    at: npt.NDArray[np.intp]
    km: npt.NDArray[np.float64]


def nearest(places: Places, others: Places, count: int) -> Nearest:
    """At most so many of the others for each place; a place that is among them is its own."""
    from sklearn.neighbors import BallTree  # wanted for large networks alone

    tree = BallTree(np.radians(others), metric="haversine")
    apart, at = tree.query(np.radians(places), k=min(count, len(others)))
    return Nearest(at.astype(np.intp), apart * EARTH_RADIUS_KM)


def together(places: Places, km: float) -> list[tuple[int, int]]:
    """Positions of every two places that are less than that apart, the lower first.

    Only places whose latitudes are that near are compared.
    """
    order = np.argsort(places[:, 0], kind="stable")
    lat, found = places[order, 0], list[tuple[int, int]]()
    for step in range(1, len(places)):
        close = np.flatnonzero((lat[step:] - lat[:-step]) * _KM_PER_DEGREE < km)
        if not len(close):
            break
        for i, j in zip(order[close].tolist(), order[close + step].tolist(), strict=True):
            if distances(places[[i]], places[[j]])[0, 0] < km:
                found.append((min(i, j), max(i, j)))
    return sorted(found)


def thinned(places: Places, km: float) -> npt.NDArray[np.intp]:
    """Positions of one place in each cell of about that width: the first."""
    band = np.floor((places[:, 0] + 90) * _KM_PER_DEGREE / km)
    middle = np.radians((band + 0.5) * km / _KM_PER_DEGREE - 90)
    around = np.floor((places[:, 1] + 180) * _KM_PER_DEGREE * np.cos(middle) / km)
    _, first = np.unique(np.stack([band, around], axis=1), axis=0, return_index=True)
    return np.asarray(np.sort(first), dtype=np.intp)
