"""Who the stations are: one passport each, and the names under which they are known.

A station is stored under the data set's name (`AliceSprings`); the Bureau's name (`Alice Springs`)
is accepted too.
"""

import difflib
import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from raincast.errors import UnknownStation

EARTH_RADIUS_KM = 6371.0088


class Station(NamedTuple):
    """A station's passport. Position in degrees (south and west negative); gauges as six digits;
    the former product is the label of its files in earlier years, where that was another.
    """

    location: str
    bureau_name: str
    state: str
    latitude: float
    longitude: float
    time_zone: str
    product: str
    gauges: tuple[str, ...]
    learned_gauge: str
    site_changes: str
    former_product: str = ""


def _station(location: str, entry: dict[str, Any]) -> Station:
    return Station(
        location,
        entry["bureau_name"],
        entry["state"],
        entry["position"][0],
        entry["position"][1],
        entry["time_zone"],
        entry["product"],
        tuple(entry["gauges"]),
        entry["learned_gauge"],
        entry.get("site_changes", ""),
        entry.get("product_2017", ""),
    )


def _read() -> tuple[Station, ...]:
    table = tomllib.loads((files("raincast.observations") / "stations.toml").read_text("utf-8"))
    return tuple(_station(location, entry) for location, entry in sorted(table.items()))


STATIONS: tuple[Station, ...] = _read()
LOCATIONS: tuple[str, ...] = tuple(s.location for s in STATIONS)
INDEX: dict[str, int] = {location: i for i, location in enumerate(LOCATIONS)}
"""Position of each station in every array that has a station axis (alphabetical by location)."""


def _bare(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.casefold())


@cache
def _names() -> dict[str, Station]:
    known: dict[str, Station] = {}
    for s in STATIONS:
        place = s.bureau_name.split(",")[0]
        for name in (place.split("(")[0], place, s.bureau_name):
            known.setdefault(_bare(name), s)
    return known | {_bare(s.location): s for s in STATIONS}


@cache
def find(name: str) -> Station:
    """The station of that name, the data set's or the Bureau's; case, blanks and punctuation do not
    matter.

    Raises:
        UnknownStation: no station has the name; suggests the nearest ones.
    """
    station = _names().get(_bare(name))
    if station is None:
        near = difflib.get_close_matches(_bare(name), _names(), n=3, cutoff=0.6)
        hint = ", ".join(dict.fromkeys(_names()[n].location for n in near))
        raise UnknownStation(
            f"unknown station {name!r}: expected one of the {len(STATIONS)} stations"
            + (f"; did you mean {hint}?" if hint else "; `raincast stations` lists them")
        )
    return station


def of_product(product: str) -> Station | None:
    """The station whose files carry that Bureau product (`IDCJDW2002`), or carried it in earlier
    years; None where it is nobody's.
    """
    return next((s for s in STATIONS if product.upper() in (s.product, s.former_product)), None)


def of_gauge(gauge: str) -> tuple[str, ...]:
    """The stations in whose files that rain gauge (six digits) may stand."""
    return tuple(s.location for s in STATIONS if gauge in s.gauges)


@cache
def distances_km() -> npt.NDArray[np.float64]:
    """(stations, stations) great-circle distances in km, by the haversine formula."""
    lat, lon = np.radians([(s.latitude, s.longitude) for s in STATIONS]).T
    half = np.sin((lat[:, None] - lat) / 2) ** 2
    half += np.cos(lat[:, None]) * np.cos(lat) * np.sin((lon[:, None] - lon) / 2) ** 2
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(half)))


@cache
def bearings() -> npt.NDArray[np.float64]:
    """(stations, stations) initial bearing from the row's station to the column's, degrees
    clockwise from north.
    """
    lat, lon = np.radians([(s.latitude, s.longitude) for s in STATIONS]).T
    across = np.sin(lon - lon[:, None]) * np.cos(lat)
    along = np.cos(lat[:, None]) * np.sin(lat) - np.sin(lat[:, None]) * np.cos(lat) * np.cos(
        lon - lon[:, None]
    )
    return np.asarray(np.degrees(np.arctan2(across, along)) % 360)
