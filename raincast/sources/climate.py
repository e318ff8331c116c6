"""Climate Data Online: the daily rain of one gauge, with quality and the days that each reading
covers. Pure.
"""

import csv
import re
from collections.abc import Sequence
from datetime import date

from raincast.errors import BadFile
from raincast.observations.network import in_force
from raincast.observations.precedence import CHECKED, CLIMATE
from raincast.observations.stations import Station
from raincast.sources import cells, day_rows, rain_rows, text
from raincast.sources.cells import Remark
from raincast.sources.rain_rows import Rain
from raincast.sources.readings import FileForm, Readings

_MINE = re.compile(r"\W*product code,[^\n]*\bYear,Month,Day,Rainfall amount", re.IGNORECASE)
_FIELDS = {
    "product": "product code",
    "gauge": "station number",
    "year": "year",
    "month": "month",
    "day": "day",
    "rain": "rainfall amount (millimetres)",
    "period": "period over which",
    "quality": "quality",
}


def parse(content: bytes, name: str) -> Sequence[Readings]:
    """The gauge's rain: readings that are checked, and the others with the days without one."""
    lines = text.lines(text.decoded(text.unwrapped(content, name)))
    places = _places(lines[0], name)
    checked: list[Rain] = []
    others: list[Rain] = []
    gauges: dict[tuple[str, str], int] = {}
    aside: list[Remark] = []
    for number, line in enumerate(lines[1:], 2):
        if not line.strip():
            continue
        found = [cell.strip() for cell in next(csv.reader([line]), [])]
        if len(found) < len(_FIELDS):
            aside.append(Remark(number, None, line[:60], f"{len(_FIELDS)} cells: is it cut off?"))
            continue
        row = {field: found[at] for field, at in places.items() if at < len(found)}
        rain = _rain(number, row)
        if isinstance(rain, Remark):
            aside.append(rain)
            continue
        gauges[row["product"], row["gauge"]] = number
        (checked if row["quality"] == "Y" else others).append(rain)
    (product, gauge), station = _whose(gauges, aside, name)
    every = rain_rows.with_covered_days([*checked, *others])
    others += every[len(checked) + len(others) :]
    label = f"{product} {gauge}"
    parts = [(rows, channel) for rows, channel in ((checked, CHECKED), (others, CLIMATE)) if rows]
    return [
        rain_rows.readings(
            station, rows, name, label=label, channel=channel, aside=aside if i == 0 else ()
        )
        for i, (rows, channel) in enumerate(parts)
    ]


def _places(header: str, name: str) -> dict[str, int]:
    words = [cell.strip().casefold() for cell in next(csv.reader([header]), [])]
    places = {
        field: at
        for field, wanted in _FIELDS.items()
        for at, cell in enumerate(words)
        if (cell == wanted if field in ("year", "month", "day") else wanted in cell)
    }
    if len(places) < len(_FIELDS) or len(set(places.values())) < len(_FIELDS):
        expected = f"the columns {', '.join(_FIELDS.values())}, each once"
        raise BadFile(name, header[:60], expected, line=1)
    return places


def _rain(line: int, row: dict[str, str]) -> Rain | Remark:
    """The reading of a row, or why it is none."""
    try:
        day = date(*(int(row[field]) for field in ("year", "month", "day")))
    except ValueError:
        found = "-".join(row[field] for field in ("year", "month", "day"))[:60]
        return Remark(line, "Day", found, "a date as three numbers")
    if row["rain"] in cells.NOTHING:
        return Rain(line, day, "")
    if row["quality"] not in ("Y", "N", ""):
        return Remark(line, "Quality", row["quality"][:60], "Y (checked) or N (not yet)")
    period = row["period"] or ("1" if row["rain"] in ("0", "0.0") else "")
    if not period.isdecimal() or not 1 <= int(period[:4]) <= day_rows.MOST_DAYS:
        expected = f"the days that the reading covers, 1 to {day_rows.MOST_DAYS}"
        return Remark(line, "Period", row["period"][:60], expected)
    return Rain(line, day, row["rain"], int(period[:4]))


def _whose(
    gauges: dict[tuple[str, str], int], aside: Sequence[Remark], name: str
) -> tuple[tuple[str, str], Station]:
    """The one gauge of the file, and its station."""
    if not gauges:
        first = aside[0] if aside else Remark(2, None, "", "a row a day")
        raise BadFile(name, first.found, first.expected, line=first.line, field=first.field)
    if len(gauges) > 1:
        (_, first_gauge), (_, gauge) = list(gauges)[:2]
        raise BadFile(
            name, f"gauge {gauge}", f"one gauge, {first_gauge}", line=max(gauges.values())
        )
    (key,) = gauges
    station = in_force().of_rain_gauge(key[1])
    if station is None:
        expected = "the rain gauge of a station: the first of its `gauges` in stations.toml"
        raise BadFile(name, f"gauge {key[1]}", expected)
    return key, station


FORM = FileForm(
    "Climate Data Online, daily rain of one gauge",
    ".csv",
    lambda start: bool(_MINE.match(start)),
    parse,
)
