"""Where Australia and its stations are drawn."""

import json
from functools import cache
from importlib.resources import files

import numpy as np

from raincast.observations.network import in_force

NARROW = float(np.cos(np.radians(27)))
"""A degree of longitude beside one of latitude, in the middle of Australia."""

FAR = {"NorfolkIsland": (157.5, -23.4)}
"""Stations that are drawn nearer than they lie, in a box: where no name of the coast reaches."""


Ring = list[tuple[float, float]]


@cache
def rings() -> list[Ring]:
    """Longitudes and latitudes of Australia's outline, one closed ring for each piece of land."""
    found = json.loads(files("raincast.app").joinpath("coast.json").read_text("utf-8"))["rings"]
    return [[(lon, lat) for lon, lat in (*ring, *ring[:1])] for ring in found]


def place(location: str) -> tuple[float, float]:
    """Where a station is drawn: longitude and latitude."""
    network = in_force()
    found = network.stations[network.index[location]]
    return FAR.get(location, (found.longitude, found.latitude))
