"""The Bureau's half-hourly feed: what its three forms (`feed_json`, `feed_axf`, `feed_xml`) share.
Pure.

A file has looks at one station or at many. The looks at 9 am and 3 pm are the day's readings. The
rain since 9 am is that of the 24 hours when it is read at 9 am itself. Lowest and highest
temperatures and the strongest gust are taken where the file says that their period is the field's
own and has ended: the feed's own periods are others (6 pm to 9 am; 6 am to 9 pm).
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from raincast.errors import BadFile, NothingHere
from raincast.observations.network import in_force
from raincast.observations.precedence import FEED
from raincast.observations.stations import Station
from raincast.sources import cells, day_rows
from raincast.sources.cells import Remark
from raincast.sources.preamble import moment
from raincast.sources.readings import Readings

MOST_BYTES = 20_000_000
"""A state's XML has 1 MB, a station's JSON 100 kB."""
HOURLY = ("Temp", "Humidity", "Pressure", "Cloud", "WindDir", "WindSpeed")
_HOURS_OF_DAY = {"9am": time(9), "3pm": time(15)}
LATE = timedelta(minutes=5)
"""A look so long after the hour is that of the hour: automatic stations report it with a delay."""
KMH_PER_KNOT = 1.852
K = TypeVar("K")
_DIGITS = re.compile(r"[0-9]{14}")
_ISSUED = re.compile(
    r"issued at +([0-9]{1,2}:[0-9]{2}) *([ap])m +([a-z]+) +\w+ +([0-9]{1,2} +\w+ +[0-9]{4})",
    re.IGNORECASE,
)


class Place(NamedTuple):
    """How a file names a station: what of it is there."""

    wmo: str = ""
    gauge: str = ""
    name: str = ""

    def __str__(self) -> str:
        told = " ".join(filter(None, (self.name.title(), self.wmo or self.gauge)))
        return told or "a station without a name"

    def station(self) -> Station | None:
        """By its number in the feed, its gauge, its name, in this order; None if it is not in the
        network. A name alone may be that of a place in another state.
        """
        network = in_force()
        found = network.of_wmo(self.wmo) if self.wmo else None
        if found is None and self.gauge:
            found = network.of_rain_gauge(self.gauge)
        if found is None and self.name:
            namesake = network.named(self.name)
            found = None if namesake is None or self._is_another(namesake) else namesake
        return found

    def _is_another(self, namesake: Station) -> bool:
        """Whether a number says that it is not the station whose name it bears."""
        gauges = {*namesake.gauges, *filter(None, [namesake.learned_gauge])}
        other_gauge = bool(self.gauge and gauges) and self.gauge.zfill(6) not in gauges
        return other_gauge or (bool(self.wmo and namesake.wmo) and self.wmo != namesake.wmo)


class Look(NamedTuple):
    """One look at a station.

    Attributes:
        line: where it stands in the file.
        at: when (aware).
        cells: texts by name: those of `HOURLY` without the hour, and `RainSince9am`.
        daily: texts of whole days, by field and the day of the row.
    """

    line: int
    at: datetime
    cells: Mapping[str, str]
    daily: Mapping[tuple[str, date], str] = {}


def issued_at(words: str) -> datetime | None:
    """When a file says that it was issued (UTC); None where that cannot be read."""
    found = _ISSUED.search(words)
    if found is None:
        return None
    clock, half, zone, day = found.groups()
    return moment(clock, " ".join(day.split()), zone, f"{half}m")


def utc(digits: str) -> datetime | None:
    """The moment of `20260928230000`; None where it is none, or lacks a digit, which `strptime`
    would take for another minute.
    """
    if not _DIGITS.fullmatch(digits.strip()):
        return None
    try:
        return datetime.strptime(digits.strip(), "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None


def kmh(knots: str) -> str:
    """Knots as whole km/h, as the daily files have them; what is no number stays as it is."""
    if not cells.NUMBER.fullmatch(knots.strip()) or knots.strip() in cells.NOTHING:
        return knots
    return f"{float(knots) * KMH_PER_KNOT:.0f}"


def winds(direction: str, speed: str) -> dict[str, str]:
    """Calm as the historical file has it: a speed of 0 without a direction."""
    calm = direction.strip().casefold() == "calm"
    speed = "0" if calm and speed.strip() in cells.NOTHING else speed
    still = calm or speed.strip() in ("0", "0.0")
    return {"WindDir": "" if still else direction, "WindSpeed": speed}


def cells_of(row: Mapping[str, str]) -> dict[str, str]:
    """The texts of a look in JSON or AXF by the names of `HOURLY`, from the feed's own names."""
    speed = row.get("wind_spd_kmh") or kmh(row.get("wind_spd_kt", ""))
    return {
        "Temp": row.get("air_temp", ""),
        "Humidity": row.get("rel_hum", ""),
        "Pressure": row.get("press_msl") or row.get("press", ""),
        "Cloud": row.get("cloud_oktas", ""),
        "RainSince9am": row.get("rain_trace") or row.get("rain_trace_or_stats", ""),
        **winds(row.get("wind_dir", ""), speed),
    }


def readings(
    looks: Mapping[Place, Sequence[Look]],
    label: str,
    issued: datetime | None,
    name: str,
    aside: Sequence[Remark] = (),
) -> list[Readings]:
    """The day's readings of each station of the network.

    Args:
        aside: rows of the file that cannot be read.

    Raises:
        BadFile: there is none.
    """
    places = {place: place.station() for place in looks}
    parts = {
        place: _of_station(station, looks[place], label, issued, name)
        for place, station in places.items()
        if station is not None
    }
    found = [one for one in parts.values() if one is not None]
    if not found:
        raise _nothing(looks, aside, name)
    first = replace(found[0], set_aside=(*aside, *found[0].set_aside))
    unknown = [str(place) for place, station in places.items() if station is None]
    if unknown:
        first = replace(first, warnings=(_strangers(name, unknown),))
    return [first, *found[1:]]


def _strangers(name: str, unknown: Sequence[str]) -> str:
    some = ", ".join(unknown[:3]) + (", …" if len(unknown) > 3 else "")
    return (
        f"{name}: found stations that are not in the network: {len(unknown)} ({some}); they"
        " are left out; `wmo`, `gauges` or `site` of an entry in stations.toml name one"
    )


def _nothing(looks: Mapping[Place, Sequence[Look]], aside: Sequence[Remark], name: str) -> BadFile:
    """What was found and expected in a feed without a reading."""
    if not looks and aside:
        first = aside[0]
        return BadFile(name, first.found, first.expected, line=first.line, field=first.field)
    ours = {station.location for place in looks if (station := place.station())}
    if not ours:
        said = ", ".join(str(place) for place in list(looks)[:3]) or "no station"
        expected = "a station of the network: `wmo`, `gauges` or `site` of stations.toml name it"
        return NothingHere(name, said, expected)
    at = sorted(look.at for seen in looks.values() for look in seen)
    ends = [f"{one:%Y-%m-%d %H:%M}" for one in at[:1] + at[-1:]]
    span = f"looks from {' to '.join(dict.fromkeys(ends))} UTC" if at else "no look"
    whose = ", ".join(sorted(ours)[:3])
    expected = "one at 9 am or 3 pm by the station's clock, or the rain of 24 hours to 9 am"
    return NothingHere(name, f"the half-hourly feed with {span} at {whose}", expected)


def _of_station(
    station: Station, looks: Iterable[Look], label: str, issued: datetime | None, name: str
) -> Readings | None:
    agreed, aside = _agreed(looks)
    rows = _rows(station, agreed, issued)
    if not rows and not aside:
        return None
    return day_rows.readings(
        station, rows, name, label=label, channel=FEED, prepared_at=issued, aside=aside
    )


def _agreed(looks: Iterable[Look]) -> tuple[list[Look], list[Remark]]:
    """Looks of one instant as one: what they say differently of a field is set aside, since nobody
    can tell which is right.
    """
    by_instant: dict[datetime, list[Look]] = {}
    for look in looks:
        by_instant.setdefault(look.at, []).append(look)
    found: list[Look] = []
    aside: list[Remark] = []
    for same in by_instant.values():
        texts, differ = _alike([look.cells for look in same])
        daily, others = _alike([look.daily for look in same])
        found.append(same[0]._replace(cells=texts, daily=daily))
        told = differ | {field: said for (field, _), said in others.items()}
        expected = f"one value of {same[0].at:%Y-%m-%d %H:%M} UTC"
        aside += [
            Remark(same[-1].line, field, " and ".join(said)[:60], expected)
            for field, said in told.items()
        ]
    return found, aside


def _alike(told: Sequence[Mapping[K, str]]) -> tuple[dict[K, str], dict[K, list[str]]]:
    """The values of which all who have one say the same, and what they say of the others."""
    said: dict[K, list[str]] = {}
    for texts in told:
        for name, text in texts.items():
            if text.strip() not in cells.NOTHING and text not in said.setdefault(name, []):
                said[name].append(text)
    return (
        {name: found[0] for name, found in said.items() if len(found) == 1},
        {name: found for name, found in said.items() if len(found) > 1},
    )


def _rows(
    station: Station, looks: Iterable[Look], issued: datetime | None
) -> dict[date, tuple[int, dict[str, str]]]:
    """By day: a line, and the texts by field. The look nearest to the hour counts."""
    rows: dict[date, tuple[int, dict[str, str]]] = {}
    zone = ZoneInfo(station.time_zone)
    for look in sorted(looks, key=lambda one: one.at):
        if issued is not None and look.at > issued:
            continue  # nobody knows what is still to come
        local = look.at.astimezone(zone)
        for (field, day), text in look.daily.items():
            _put(rows, look, day, {field: text})
        for hour, clock in _HOURS_OF_DAY.items():
            late = local - datetime.combine(local.date(), clock, zone)
            if timedelta(0) <= late <= LATE:
                _put(
                    rows, look, local.date(), {f"{f}{hour}": look.cells.get(f, "") for f in HOURLY}
                )
            if hour == "9am" and not late:
                _put(rows, look, local.date(), {"Rainfall": look.cells.get("RainSince9am", "")})
    return rows


def _put(
    rows: dict[date, tuple[int, dict[str, str]]], look: Look, day: date, told: Mapping[str, str]
) -> None:
    """Puts values that belong together into the day's row, unless an earlier look has some."""
    if not _any(told):
        return
    row = rows.setdefault(day, (look.line, {}))[1]
    if not _any({field: row.get(field, "") for field in told}):
        row.update(told)


def _any(row: Mapping[str, str]) -> bool:
    return any(text.strip() not in cells.NOTHING for text in row.values())
