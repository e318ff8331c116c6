"""The tables IDCKWCDEA0 of the Bureau's FTP server: a site's month of evapotranspiration, and the
rain from 9 am to 9 am. Of it the rain alone is read: to 9 am of the row's day. Pure.
"""

import csv
import re
from collections.abc import Sequence
from datetime import date, datetime

from raincast.errors import BadFile
from raincast.observations.precedence import TABLE
from raincast.sources import rain_about, rain_rows, text
from raincast.sources.cells import Remark
from raincast.sources.preamble import moment
from raincast.sources.rain_rows import Rain
from raincast.sources.readings import FileForm, Readings

_MINE = re.compile(r"(?s:.{0,400})\bIDCKWCD|(?s:.{0,600})daily evapotranspiration for ", re.I)
_LABEL = re.compile(r"IDCKWCD[A-Z0-9]+")
_ISSUED = re.compile(
    r"Issued at ([0-9]{1,2}:[0-9]{2}) +([A-Z]+) +on +\w+,? +([0-9]{1,2} \w+ [0-9]{4})", re.I
)
_DAY = re.compile(r"([0-9]{2})/([0-9]{2})/([0-9]{4})")
_PERIOD = "0900-0900"


def parse(content: bytes, name: str) -> Sequence[Readings]:
    """The rain of the file's site."""
    told = text.decoded(text.unwrapped(content, name))
    table = [[cell.strip() for cell in next(csv.reader([line]), [])] for line in text.lines(told)]
    at, column = _header(table, name)
    about = rain_about.read(told)
    sites: dict[str, list[Rain]] = {}
    aside: list[Remark] = []
    for number, row in enumerate(table[at + 1 :], at + 2):
        if not any(row[2:]) or row[0].casefold().startswith("totals"):
            continue  # blank, or the line of units has no number either
        found = _DAY.fullmatch(row[1])
        day = _day(found) if found else None
        if day is None or len(row) != len(table[at]):
            if any(cell.startswith("(") for cell in row):
                _require_millimetres(row, column, name, number)
                continue
            expected = f"{len(table[at])} cells with a day such as 01/08/2026"
            aside.append(Remark(number, None, ",".join(row)[:60], expected))
            continue
        if not about.covers(day):  # a spreadsheet may exchange day and month
            expected = f"a day of {about.month:%Y-%m}, day/month/year"
            aside.append(Remark(number, "Date", row[1], expected))
            continue
        sites.setdefault(row[0], []).append(Rain(number, day, row[column]))
    return _of_sites(sites, aside, told, name)


def _require_millimetres(units: Sequence[str], column: int, name: str, line: int) -> None:
    if (found := "".join(units[column : column + 1])) not in ("(mm)", ""):
        raise BadFile(name, found, "rain in (mm)", line=line)


def _of_sites(
    sites: dict[str, list[Rain]], aside: Sequence[Remark], told: str, name: str
) -> list[Readings]:
    label = _LABEL.search(told)
    state = rain_about.read(told).state
    known = [(site, found) for site in sites if (found := rain_about.station(site, state))]
    if not known:
        if not sites and aside:
            first = aside[0]
            raise BadFile(name, first.found, first.expected, line=first.line, field=first.field)
        said = ", ".join(list(sites)[:3]) or "no row"
        where = f" in {state}" if state else ""
        expected = f"the site of a station{where}: `site` in stations.toml names it"
        raise BadFile(name, said, expected)
    return [
        rain_rows.readings(
            station,
            sites[site],
            name,
            label=label[0] if label else "IDCKWCDEA0",
            channel=TABLE,
            prepared_at=_issued_at(told),
            aside=aside if i == 0 else (),
        )
        for i, (site, station) in enumerate(known)
    ]


def _header(table: Sequence[Sequence[str]], name: str) -> tuple[int, int]:
    """The line of the header, from 0, and the column of the rain. The words above it say what each
    column is.
    """
    for at, row in enumerate(table):
        if len(row) > 2 and [cell.casefold() for cell in row[:2]] == ["station name", "date"]:
            rain = [
                column
                for column, period in enumerate(row)
                if period == _PERIOD
                and any(
                    above[column : column + 1] == ["Rain"] for above in table[max(at - 2, 0) : at]
                )
            ]
            if len(rain) == 1:
                return at, rain[0]
            raise BadFile(name, ",".join(row)[:60], f"one column Rain {_PERIOD}", line=at + 1)
    raise BadFile(name, ",".join(table[0])[:60], "a header of Station Name, Date and the rest")


def _day(found: re.Match[str]) -> date | None:
    try:
        return date(int(found[3]), int(found[2]), int(found[1]))
    except ValueError:
        return None


def _issued_at(told: str) -> datetime | None:
    found = _ISSUED.search(told)
    return moment(found[1], found[3], found[2]) if found else None


FORM = FileForm(
    "the tables IDCKWCDEA0 of the Bureau's FTP server, of which the rain",
    ".csv",
    lambda start: bool(_MINE.match(start)),
    parse,
)
