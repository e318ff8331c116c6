"""GHCN-Daily: rain and temperatures of stations anywhere, as a station's `.dly` or a year's CSV.
Pure.

The readings of Australia's gauges stand under the day whose 9 am ends the rain and the minimum, as
in the daily files. Of another country's station that has to be so too, and whoever states its
number says so. A reading that failed one of GHCN's checks is set aside; so is one that was put
together from synoptic reports, and one at another hour than 9 am, for the event is that of 9 am.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from raincast.errors import BadFile
from raincast.observations.network import in_force
from raincast.observations.precedence import WORLD
from raincast.observations.station_faults import GHCN
from raincast.observations.stations import Station
from raincast.sources import day_rows, text
from raincast.sources.cells import Remark
from raincast.sources.readings import FileForm, Readings

_STATION = GHCN.pattern
_DLY = re.compile(rf"\s*{_STATION}[12][0-9]{{5}}[A-Z0-9]{{4}}[ 0-9-]{{5}}...")
_YEAR = re.compile(rf"\s*(ID,DATE,ELEMENT,|{_STATION},[12][0-9]{{7}},[A-Z0-9]{{4}},-?[0-9]+,)")
_FIELDS = {"PRCP": "Rainfall", "MDPR": "Rainfall", "TMAX": "MaxTemp", "TMIN": "MinTemp"}
_DAYS = "DAPR"
"""How many days an `MDPR` covers."""
_MISSING = "-9999"
_HOUR = "0900"
_SYNOPTIC = "S"
"""GHCN's readme: from the reports of the Global Summary of the Day, which may differ much from the
true values, above all of rain; their day is another.
"""
_DAY_LETTERS, _YEAR_CELLS = 8, 8
_CUT = "a line that is cut off"


class Cell(NamedTuple):
    """One value of a station: tenths of a millimetre or of a degree, with GHCN's flags."""

    line: int
    station: str
    day: str
    element: str
    value: str
    measured: str = ""
    quality: str = ""
    source: str = ""
    hour: str = ""


def parse(content: bytes, name: str) -> Sequence[Readings]:
    """The readings of the file's stations that are in the network.

    Raises:
        BadFile: none of them is.
    """
    lines = text.lines(text.decoded(text.unwrapped(content, name)))
    cells = _of_dly(lines) if _DLY.match("\n".join(lines[:3])) else _of_year(lines)
    known: dict[str, Station | None] = {}
    mine: dict[str, list[Cell]] = {}
    for cell in cells:
        if cell.station not in known:
            known[cell.station] = in_force().of_ghcn(cell.station)
        if known[cell.station] is not None and cell.element in {*_FIELDS, _DAYS}:
            mine.setdefault(cell.station, []).append(cell)
    if not mine:
        said = ", ".join(list(known)[:3]) or "no row"
        expected = "a station of the network: ASN00 and its rain gauge, or `ghcn` in stations.toml"
        raise BadFile(name, said, expected)
    return [
        _of_station(station, found, key, name)
        for key, found in mine.items()
        if (station := known[key]) is not None
    ]


def _of_dly(lines: Sequence[str]) -> Iterator[Cell]:
    """A month of one element a line, eight characters a day."""
    for number, line in enumerate(lines, 1):
        for day in range(1, 32):
            told = line[13 + _DAY_LETTERS * day : 21 + _DAY_LETTERS * day]
            if len(told) >= len(_MISSING) and told[:5].strip() != _MISSING:
                # The last flag is the source, which every value has.
                value = told[:5].strip() if len(told) == _DAY_LETTERS else _CUT
                when = f"{line[11:17]}{day:02}"
                yield Cell(
                    number, line[:11], when, line[17:21], value, told[5:6], told[6:7], told[7:8]
                )


def _of_year(lines: Sequence[str]) -> Iterator[Cell]:
    """A value a line: station, day, element, value, three flags, hour of observation."""
    for number, line in enumerate(lines, 1):
        found = [cell.strip() for cell in line.split(",")]
        if len(found) >= 4 and found[0] != "ID" and found[3] != _MISSING:
            station, day, element, value, *flags = [*found, *[""] * _YEAR_CELLS][:_YEAR_CELLS]
            told = value if len(found) >= _YEAR_CELLS else _CUT  # digits and flags may be lost
            yield Cell(number, station, day, element, told, flags[0], flags[1], flags[2], flags[3])


def _of_station(station: Station, found: Sequence[Cell], key: str, name: str) -> Readings:
    rows: dict[date, tuple[int, dict[str, str]]] = {}
    covers: dict[date, int] = {}
    aside: list[Remark] = []
    clashes: list[tuple[date, Cell]] = []
    for cell in found:
        day, fault = _checked(cell)
        if fault or day is None:
            aside.append(Remark(cell.line, cell.element, cell.value[:60], fault))
        elif cell.element == _DAYS:
            covers[day] = int(cell.value)
        else:
            row = rows.setdefault(day, (cell.line, {}))[1]
            if row.setdefault(_FIELDS[cell.element], _text(cell)) != _text(cell):
                clashes.append((day, cell))
            if cell.element == "MDPR":
                covers.setdefault(day, 2)
    for day, cell in clashes:
        rows[day][1].pop(_FIELDS[cell.element], None)
        aside.append(Remark(cell.line, cell.element, cell.value, f"one value of {day}"))
    known = {day: days for day, days in covers.items() if day in rows}
    for day, blank in day_rows.covered(known).items():
        rows.setdefault(day, blank)
    return day_rows.readings(
        station, rows, name, label=f"GHCN {key}", channel=WORLD, covers=known, aside=aside
    )


def _checked(cell: Cell) -> tuple[date | None, str]:
    """The day of a value, and what was expected where it is none."""
    if not re.fullmatch(r"-?[0-9]{1,5}", cell.value):
        return None, "a whole number of tenths"
    if cell.quality.strip():
        return None, f"a value that passed GHCN's checks, not one with the flag {cell.quality}"
    if cell.source == _SYNOPTIC:
        return None, "a reading of the gauge, not one from synoptic reports (source S)"
    if cell.hour and cell.hour.zfill(len(_HOUR)) != _HOUR:
        return None, f"a reading at {_HOUR}, not at {cell.hour}"
    if cell.measured == "L":
        return None, "a value of its hour, not one that lags behind it"
    if cell.measured == "P":
        return None, "a measured value, not one that is presumed to be zero"
    if cell.element == _DAYS and not 1 <= int(cell.value) <= day_rows.MOST_DAYS:
        return None, f"1 to {day_rows.MOST_DAYS} days"
    try:
        return date(int(cell.day[:4]), int(cell.day[4:6]), int(cell.day[6:])), ""
    except ValueError:
        return None, "a value of a day that the calendar has"


def _text(cell: Cell) -> str:
    if cell.measured == "T" and cell.element == "PRCP":
        return "Trace"
    return f"{int(cell.value) / 10:.1f}"


FORM = FileForm(
    "GHCN-Daily",
    ".dly",
    lambda start: bool(_DLY.match(start) or _YEAR.match(start)),
    parse,
)
