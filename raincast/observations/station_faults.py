"""What a table of stations cannot say: each field of an entry, checked at the door. Pure."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from raincast.observations.event import DEFAULT

LOCATION = re.compile(r"[A-Za-z][A-Za-z0-9]{0,39}")
PRODUCT = re.compile(r"IDCJDW[0-9]{4}")
_GAUGE = re.compile(r"[0-9]{6}")
_WMO = re.compile(r"[0-9]{5}")
GHCN = re.compile(r"[A-Z]{2}[A-Z0-9]{9}")
EVENT = "event"
"""The entry of a table that is no station's."""
MOST_MM = 100.0
AMOUNTS = ("more_than_mm", "at_least_mm")
_SOUTHERN = ("Australia/", "Antarctica/")
_POLAR, _HOURS_APART = 66.0, 4.0
"""Western China is 3.1 hours from its zone's meridian, and nobody is further."""
_REQUIRED = ("position", "time_zone")
_KNOWN = {
    *_REQUIRED, "bureau_name", "state", "product", "product_2017", "gauges", "learned_gauge",
    "site_changes", "elevation", "neighbour", "wmo", "site", "ghcn",
}  # fmt: skip


Fault = tuple[str, object, str]
"""A field, what was found there and what was expected."""


def of_event(entry: Mapping[str, Any]) -> Iterator[Fault]:
    """Of the fields under `[event]`."""
    for name in entry:
        if name not in (*AMOUNTS, "hour"):
            yield name, entry[name], f"one of {', '.join(AMOUNTS)}, hour"
    if all(name in entry for name in AMOUNTS):
        yield AMOUNTS[0], entry[AMOUNTS[0]], f"either that or {AMOUNTS[1]}"
    for name in AMOUNTS:
        mm = entry.get(name, DEFAULT.threshold_mm)
        if not _is_number(mm) or not 0.1 <= mm <= MOST_MM or round(mm, 1) != mm:
            yield name, mm, f"millimetres in tenths, as gauges are read, 0.1 to {MOST_MM:g}"
    hour = entry.get("hour", DEFAULT.hour)
    if hour != DEFAULT.hour or isinstance(hour, bool):
        yield "hour", hour, f"{DEFAULT.hour}: no source has the rain of 24 hours to another hour"


def of_station(location: str, entry: Mapping[str, Any]) -> Iterator[Fault]:
    """Of a station's entry."""
    if not LOCATION.fullmatch(location) or location == EVENT:
        yield "name", location, "letters and digits, a letter first, at most 40, not 'event'"
    for name in entry:
        if name not in _KNOWN:
            yield name, entry[name], f"one of the fields {', '.join(sorted(_KNOWN))}"
    for name in _REQUIRED:
        if name not in entry:
            yield name, None, "a value: it is required"
    if all(name in entry for name in _REQUIRED):
        yield from _faults_of_place(entry["position"], entry["time_zone"])
    yield from _faults_of_labels(entry)
    if not isinstance(entry.get("neighbour", True), bool):
        yield "neighbour", entry["neighbour"], "true or false"
    height = entry.get("elevation", 0)
    if not _is_number(height) or not -500 <= height <= 9000:
        yield "elevation", height, "metres above the sea"


def _faults_of_place(position: Any, zone: Any) -> Iterator[Fault]:
    if not _is_position(position):
        yield "position", position, "[latitude, longitude] in degrees, south negative"
    elif not _is_zone(zone):
        yield "time_zone", zone, "an IANA time zone such as 'Australia/Sydney'"
    elif not _fits(position[0], position[1], zone):
        expected = "a place in its time zone; is a sign wrong, or the zone?"
        yield "position", f"{position} in {zone}", expected


def _faults_of_labels(entry: Mapping[str, Any]) -> Iterator[Fault]:
    for name in ("product", "product_2017"):
        label = entry.get(name, "")
        if not isinstance(label, str) or (label and not PRODUCT.fullmatch(label)):
            yield name, label, "the Bureau's label, such as 'IDCJDW2002'"
    gauges = entry.get("gauges", [])
    if not isinstance(gauges, list) or not all(_is_gauge(gauge) for gauge in gauges):
        yield "gauges", gauges, "a list of gauges, six digits each"
    wmo = entry.get("wmo", "")
    if not isinstance(wmo, str) or (wmo and not _WMO.fullmatch(wmo)):
        yield "wmo", wmo, "a number of the half-hourly feed, five digits as text"
    ghcn = entry.get("ghcn", "")
    if not isinstance(ghcn, str) or (ghcn and not GHCN.fullmatch(ghcn)):
        yield "ghcn", ghcn, "a number of GHCN-Daily, such as 'NZM00093439'"
    for name in ("bureau_name", "state", "learned_gauge", "site_changes", "site"):
        if not isinstance(entry.get(name, ""), str):
            yield name, entry[name], "text"


def _is_gauge(value: Any) -> bool:
    return isinstance(value, str) and bool(_GAUGE.fullmatch(value))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_position(value: Any) -> bool:
    if not isinstance(value, list) or len(value) != 2 or not all(map(_is_number, value)):
        return False
    return bool(-90 <= value[0] <= 90 and -180 <= value[1] <= 180)


def _is_zone(value: Any) -> bool:
    try:
        return isinstance(value, str) and bool(ZoneInfo(value))
    except (OSError, ValueError):  # ZoneInfoNotFoundError is a KeyError
        return False
    except KeyError:
        return False


def _fits(latitude: float, longitude: float, time_zone: str) -> bool:
    """Whether the sun agrees: a sign that was lost moves a station to the other side of the world.
    Near the poles it says nothing.
    """
    if time_zone.startswith(_SOUTHERN) and latitude > 0:
        return False
    offsets = (ZoneInfo(time_zone).utcoffset(datetime(2024, month, 1)) for month in (1, 7))
    ahead = min(offset or timedelta() for offset in offsets) / timedelta(hours=1)
    apart = (longitude / 15 - ahead + 12) % 24 - 12
    return abs(latitude) > _POLAR or abs(apart) <= _HOURS_APART
