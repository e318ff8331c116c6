"""A network too large for everybody to look at everybody, and smooth weather for it."""

from datetime import date

import numpy as np

from raincast.observations.network import Network
from raincast.observations.panel import Panel
from raincast.observations.schema import OBSERVATIONS
from raincast.observations.stations import Station
from tests.places import find

FIRST = date(2015, 1, 1)
CORE, BESIDE = 150, 20


def stations(count: int, prefix: str = "S", neighbour: bool = True, seed: int = 0) -> list[Station]:
    """Stations scattered over the south-east."""
    rng = np.random.default_rng(seed)
    places = rng.uniform((-38, 138), (-26, 152), (count, 2))
    return [
        find("Sydney")._replace(
            location=f"{prefix}{i:03d}",
            bureau_name=f"{prefix} {i:03d}",
            latitude=float(lat),
            longitude=float(lon),
            product="",
            former_product="",
            neighbour=neighbour,
        )
        for i, (lat, lon) in enumerate(places)
    ]


def network(beside: int = BESIDE) -> Network:
    """`CORE` stations, and some beside the core, alphabetically behind them."""
    return Network((*stations(CORE), *stations(beside, "T", neighbour=False, seed=1)))


def weather(of: Network, days: int = 40) -> Panel:
    """Fields that follow place and day, with gaps; a station has the same in any network."""
    lat, lon = of.places.T
    phase = np.arange(days)[:, None, None] / 3 + np.arange(len(OBSERVATIONS))
    values = 50 + 20 * np.sin(lat[:, None] / 5 + phase) + 10 * np.cos(lon[:, None] / 5 - phase)
    values[np.floor(values * 1000) % 10 == 0] = np.nan
    seen = np.isfinite(values).any(axis=2)
    return Panel(FIRST, values.astype(np.float32), seen, network=of)
