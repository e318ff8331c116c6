"""Who a station is: its record in a table of stations, checked at the door.

A table is TOML: one entry a station, under the name by which it is stored (`AliceSprings`).
`network` says what a table as a whole means.
"""

import re
import tomllib
from collections.abc import Sequence
from typing import Any, NamedTuple

from raincast.errors import BadFile
from raincast.observations import station_faults
from raincast.observations.event import DEFAULT, Event
from raincast.observations.station_faults import EVENT


class Station(NamedTuple):
    """A station's record. Position in degrees (south and west negative); gauges as six digits;
    the former product is the label of its files in earlier years, where that was another.

    Attributes:
        product: the Bureau's label of its files; empty where it has none.
        elevation: metres above the sea; None where unknown.
        neighbour: whether other stations' forecasts look at it.
        wmo: its number in the half-hourly feed; empty where it has none.
        site: the Bureau's name of the site, in the feed and in the tables of its FTP server.
        ghcn: its number in GHCN-Daily; empty where that is the one of its rain gauge.
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
    elevation: float | None = None
    neighbour: bool = True
    wmo: str = ""
    site: str = ""
    ghcn: str = ""

    @property
    def rain_gauges(self) -> tuple[str, ...]:
        """The gauges whose readings are the station's rain: today's, and that of earlier years."""
        return tuple(filter(None, (*self.gauges[:1], self.learned_gauge)))


def of_table(text: str, file: str) -> tuple[Station, ...]:
    """The stations of a table, alphabetical by location.

    Raises:
        BadFile: it is no such table; names the entry and the field, what was found and expected.
    """
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadFile(file, str(error), "TOML, one table a station") from error
    table.pop(EVENT, None)  # the network's, see `event_of_table`
    stations = tuple(of_entry(name, entry, file) for name, entry in sorted(table.items()))
    if not stations:
        raise BadFile(file, "no station", "one or more")
    return stations


def event_of_table(text: str, file: str) -> Event:
    """The event that a table states under `[event]`; the default one where it states none.

    Raises:
        BadFile: names the field, what was found and what was expected.
    """
    entry = tomllib.loads(text).get(EVENT, {})
    if not isinstance(entry, dict):
        raise BadFile(file, repr(entry)[:60], "a table of the event's fields", field=EVENT)
    for name, found, expected in station_faults.of_event(entry):
        raise BadFile(file, repr(found)[:60], expected, field=f"{EVENT}, {name}")
    more_than: float = entry.get("more_than_mm", DEFAULT.threshold_mm)
    at_least: float | None = entry.get("at_least_mm")
    return Event(float(more_than if at_least is None else at_least), at_least is not None)


def of_entry(location: str, entry: Any, file: str) -> Station:
    """One station.

    Raises:
        BadFile: as `of_table`.
    """
    if not isinstance(entry, dict):
        raise BadFile(file, repr(entry)[:60], "a table of a station's fields", field=location)
    for fault in station_faults.of_station(location, entry):
        name, found, expected = fault
        raise BadFile(file, repr(found)[:60], expected, field=f"{location}, {name}")
    latitude, longitude = (float(number) for number in entry["position"])
    return Station(
        location,
        entry.get("bureau_name", location),
        entry.get("state", ""),
        latitude,
        longitude,
        entry["time_zone"],
        entry.get("product", ""),
        tuple(entry.get("gauges", ())),
        entry.get("learned_gauge", ""),
        entry.get("site_changes", ""),
        entry.get("product_2017", ""),
        entry.get("elevation"),
        entry.get("neighbour", True),
        entry.get("wmo", ""),
        entry.get("site", ""),
        entry.get("ghcn", ""),
    )


def entry_text(station: Station) -> str:
    """The station's entry in a table, as TOML."""
    lines = [f"[{station.location}]", f"bureau_name = {_quoted(station.bureau_name)}"]
    lines += [f"state = {_quoted(station.state)}"] if station.state else []
    lines += [f"position = [{station.latitude!r}, {station.longitude!r}]"]
    lines += [f"elevation = {station.elevation!r}"] if station.elevation is not None else []
    lines += [f"time_zone = {_quoted(station.time_zone)}"]
    lines += [f"product = {_quoted(station.product)}"] if station.product else []
    former = station.former_product
    lines += [f"product_2017 = {_quoted(former)}"] if former else []
    gauges = ", ".join(map(_quoted, station.gauges))
    lines += [f"gauges = [{gauges}]"] if station.gauges else []
    learned, changes = station.learned_gauge, station.site_changes
    lines += [f"learned_gauge = {_quoted(learned)}"] if learned else []
    lines += [f"site_changes = {_quoted(changes)}"] if changes else []
    lines += [f"wmo = {_quoted(station.wmo)}"] if station.wmo else []
    lines += [f"site = {_quoted(station.site)}"] if station.site else []
    lines += [f"ghcn = {_quoted(station.ghcn)}"] if station.ghcn else []
    lines += [f"neighbour = {str(station.neighbour).lower()}"]
    return "\n".join(lines) + "\n"


def with_gauges(text: str, location: str, gauges: Sequence[str]) -> str:
    """A table's text with these gauges in the station's entry."""
    line = f"gauges = [{', '.join(map(_quoted, gauges))}]"
    entry = re.compile(rf"^\[\s*\"?{location}\"?\s*\][^\n]*\n(?:(?!^\s*\[).*\n?)*", re.MULTILINE)
    there = re.compile(r"^\s*gauges\s*=\s*\[[^\]]*\]", re.MULTILINE)

    def changed(found: re.Match[str]) -> str:
        if there.search(found[0]):
            return there.sub(line, found[0], count=1)
        head, rest = found[0].split("\n", 1)
        return f"{head}\n{line}\n{rest}"

    return entry.sub(changed, text, count=1)


def with_event(text: str, event: Event) -> str:
    """A table's text with this event in place of the one that it states, or in front."""
    amount = station_faults.AMOUNTS[event.at_least]
    entry = f"[{EVENT}]\n{amount} = {event.threshold_mm!r}\nhour = {event.hour}\n"
    there = re.compile(rf"^\[\s*{EVENT}\s*\][^\n]*\n?(?:(?!^\s*[\[#]).*\n?)*", re.MULTILINE)
    if there.search(text):
        return there.sub(f"{entry}\n", text, count=1)
    first = re.search(r"^\s*\[", text, re.MULTILINE)
    at = first.start() if first else 0
    return f"{text[:at]}{entry}\n{text[at:].lstrip()}"


def _quoted(text: str) -> str:
    kept = "".join(c for c in text if c.isprintable())
    return '"' + kept.replace("\\", "\\\\").replace('"', '\\"') + '"'


def bare(name: str) -> str:
    """A name without case, blanks and punctuation: by it stations are found. The letters of every
    script count.
    """
    return re.sub(r"[\W_]", "", name.casefold())


def names_of(station: Station) -> Sequence[str]:
    """The names under which the station is known beside its location, the shortest first."""
    place = station.bureau_name.split(",")[0]
    return (place.split("(")[0], place, station.bureau_name, *filter(None, [station.site]))
