"""The field between stations: what is known at them, spread over the land, and how far that can be
trusted. Drawn here; no tiles are fetched.
"""

import base64
import io
from functools import cache, lru_cache

import numpy as np
import numpy.typing as npt
import pandas as pd
from PIL import Image, ImageDraw

from raincast.app.charts.outline import FAR, rings
from raincast.app.colours import Scale, along, rgb
from raincast.observations.network import SOFTENED_KM, Network
from raincast.observations.sphere import distances

Floats = npt.NDArray[np.float64]

WEST, EAST, SOUTH, NORTH = 112.0, 155.0, -44.5, -10.0
"""The box of the field, degrees."""
PER_DEGREE = 4
"""Points of the field to a degree; what is drawn has `FINER` times as many."""
FINER = 4
REACH_KM = 350.0
"""Wet days at two stations are correlated by about exp(-distance / 350 km): 0.65 at 150 km, 0.3 at
400, 0.2 at 600 in the history to 2015, months' means taken away.
"""
LEAST = 0.2
"""Where the nearest station says less than this, nothing is drawn but hatching."""
FEWEST = 5
"""Stations that a field needs."""
KEPT = 64
"""Pictures, some 20 kB each."""


def values(known: Floats, apart: Floats) -> tuple[Floats, Floats]:
    """What is known (stations,) at points, from their distances (points, stations) in km.

    Returns:
        (points,) the mean weighted by one over the squared distance (Shepard 1968), softened near
        by; and the correlation with the nearest station, 0 to 1, as a measure of trust.
    """
    weights = 1 / (apart + SOFTENED_KM) ** 2
    return weights @ known / weights.sum(axis=1), np.exp(-apart.min(axis=1) / REACH_KM)


def drawn(
    marks: pd.DataFrame, ends: tuple[float, float], scale: Scale, land: str, network: Network
) -> str | None:
    """`picture`, in a data address; kept, since every visitor of a moment sees the same."""
    known = tuple(zip(marks["location"], marks["value"].astype(float), strict=True))
    return _kept(known, ends, tuple(scale), land, network)


@lru_cache(KEPT)
def _kept(
    known: tuple[tuple[str, float], ...],
    ends: tuple[float, float],
    scale: tuple[tuple[float, str], ...],
    land: str,
    network: Network,
) -> str | None:
    marks = pd.DataFrame(known, columns=["location", "value"])
    found = picture(marks, ends, scale, land, network)
    return None if found is None else _address(found)


def picture(
    marks: pd.DataFrame, ends: tuple[float, float], scale: Scale, land: str, network: Network
) -> Image.Image | None:
    """The field as a picture; None where too few stations have a value.

    Args:
        marks: `location` and `value`.
        ends: the values at the scale's two ends.
        land: the colour where nothing can be said.
    """
    rows = marks[marks["value"].notna() & ~marks["location"].isin(list(FAR))]
    if len(rows) < FEWEST:
        return None
    at = [network.index[name] for name in rows["location"]]
    found, trust = values(rows["value"].to_numpy(float), _apart(network)[:, at])
    share = (found - ends[0]) / (ends[1] - ends[0])
    return _painted(_fine(share), _fine(trust), scale, land)


def _shape() -> tuple[int, int]:
    return round((NORTH - SOUTH) * PER_DEGREE), round((EAST - WEST) * PER_DEGREE)


@cache
def _apart(network: Network) -> Floats:
    """(points, stations) km, the points by row from the north-west."""
    rows, columns = _shape()
    lat = NORTH - (np.arange(rows) + 0.5) / PER_DEGREE
    lon = WEST + (np.arange(columns) + 0.5) / PER_DEGREE
    points = np.stack(np.meshgrid(lat, lon, indexing="ij"), axis=-1).reshape(-1, 2)
    return distances(points, network.places)


def _fine(points: Floats) -> Floats:
    rows, columns = _shape()
    coarse = Image.fromarray(points.reshape(rows, columns).astype(np.float32))
    finer = coarse.resize((columns * FINER, rows * FINER), Image.Resampling.BICUBIC)
    return np.asarray(finer, np.float64)


@cache
def on_land() -> npt.NDArray[np.bool_]:
    """Which pixels of the picture are land."""
    rows, columns = _shape()
    size = columns * FINER, rows * FINER
    mask = Image.new("1", size)
    pen, fine = ImageDraw.Draw(mask), PER_DEGREE * FINER
    for ring in rings():
        pen.polygon([((lon - WEST) * fine, (NORTH - lat) * fine) for lon, lat in ring], fill=1)
    return np.asarray(mask, bool)


def _painted(share: Floats, trust: Floats, scale: Scale, land: str) -> Image.Image:
    """The colours fade into the land's with the trust; below `LEAST` there is hatching."""
    ground = np.array(rgb(land), float)
    colour = along(scale, np.clip(share, 0, 1))
    weight = np.clip((trust - LEAST) / (1 - LEAST), 0, 1)[..., None] ** 0.6
    mixed = weight * colour + (1 - weight) * ground
    down, right = np.indices(trust.shape)
    hatched = (trust < LEAST) & ((down + right) % 9 == 0)
    mixed = np.where(hatched[..., None], 0.78 * ground + 0.22 * 128, mixed)
    opaque = np.where(on_land(), 255, 0)[..., None]
    return Image.fromarray(np.concatenate([mixed, opaque], axis=-1).round().astype(np.uint8))


def _address(shown: Image.Image) -> str:
    out = io.BytesIO()
    shown.save(out, "WEBP", quality=80)
    return "data:image/webp;base64," + base64.b64encode(out.getvalue()).decode()
