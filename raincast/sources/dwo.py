"""The Bureau's Daily Weather Observations (DWO): one station's month as a CSV file. Pure.

A few lines of prose, then a header, then a row a day. The header is found by its words: the prose
varies in length, the degree sign in its bytes.
"""

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from raincast.errors import BadFile
from raincast.observations.stations import Station
from raincast.sources import cells, preamble

_HOURLY = {
    "temperature c": "Temp",
    "relative humidity %": "Humidity",
    "cloud amount oktas": "Cloud",
    "wind direction": "WindDir",
    "wind speed km/h": "WindSpeed",
    "msl pressure hpa": "Pressure",
}
_WORDS = {
    "date": "Date",
    "minimum temperature c": "MinTemp",
    "maximum temperature c": "MaxTemp",
    "rainfall mm": "Rainfall",
    "evaporation mm": "Evaporation",
    "sunshine hours": "Sunshine",
    "direction of maximum wind gust": "WindGustDir",
    "speed of maximum wind gust km/h": "WindGustSpeed",
    **{
        f"{hour} {words}": f"{name}{hour}"
        for hour in ("9am", "3pm")
        for words, name in _HOURLY.items()
    },
}
"""The header's words (ASCII, lower case) and the fields that they name."""

LONGEST_LINE = 10_000
_WINDS = (
    ("WindGustSpeed", "WindGustDir"),
    ("WindSpeed9am", "WindDir9am"),
    ("WindSpeed3pm", "WindDir3pm"),
)
_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")


@dataclass(frozen=True)
class DwoFile:
    """What one file says.

    Attributes:
        station: whose file it is.
        product: the Bureau's label of the station's files (`IDCJDW2002`).
        month: the first day of the file's month.
        prepared_at: when the Bureau wrote it (UTC); None in a file that was saved without its
            prose.
        columns: those of an observations frame of that station and month, by name, each (rows,);
            rows may be 0.
    """

    station: Station
    product: str
    month: date
    prepared_at: datetime | None
    columns: dict[str, npt.NDArray[Any]]

    @cached_property
    def frame(self) -> pd.DataFrame:
        """The columns as an observations frame."""
        return cells.frame(self.columns)


class _Header(NamedTuple):
    at: int
    places: dict[str, int]
    width: int


class _Rows(NamedTuple):
    lines: list[int]
    columns: dict[str, list[str]]


def _text(content: bytes, name: str) -> str:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadFile(name, content[:20], "text in cp1252 or UTF-8")


def _lines(content: bytes, name: str) -> list[str]:
    lines = re.split(r"\r\n|\r|\n", _text(content, name))
    for i, line in enumerate(lines, 1):
        if len(line) > LONGEST_LINE:
            raise BadFile(
                name, f"{len(line)} characters", f"a line of at most {LONGEST_LINE}", line=i
            )
    return lines


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in next(csv.reader([line]), [])]


def _words(cell: str) -> str:
    return " ".join(re.sub(r"[^a-z0-9/%]+", " ", cell.casefold()).split())


def _header(lines: Sequence[str], name: str) -> _Header:
    for at, line in enumerate(lines):
        words = [_words(cell) for cell in _cells(line)] if "rainfall" in line.casefold() else []
        if "date" in words:
            return _Header(at, _places(words, name, at + 1), len(words))
    raise BadFile(
        name, "\n".join(lines)[:60], "a DWO file, with a header of Date, Rainfall (mm) and the rest"
    )


def _places(words: Sequence[str], name: str, line: int) -> dict[str, int]:
    for wanted, field in _WORDS.items():
        if words.count(wanted) != 1:
            raise BadFile(
                name,
                f"{words.count(wanted)} of them",
                f"one column '{wanted}'",
                line=line,
                field=field,
            )
    return {field: words.index(wanted) for wanted, field in _WORDS.items()}


def _rows(lines: Sequence[str], header: _Header, name: str) -> _Rows:
    """The rows under the header, blank lines left out."""
    found = {
        i: _cells(line)
        for i, line in enumerate(lines[header.at + 1 :], header.at + 2)
        if line.strip()
    }
    for i, row in found.items():
        if len(row) != header.width:
            raise BadFile(
                name,
                ",".join(row)[:60],
                f"{header.width} fields, not {len(row)}: is it cut off?",
                line=i,
            )
    return _Rows(
        list(found),
        {f: [row[place] for row in found.values()] for f, place in header.places.items()},
    )


def _day(cell: str, month: date, name: str, line: int) -> date:
    found = _DAY.fullmatch(cell)
    try:
        day = date(*map(int, found.groups())) if found else None
    except ValueError:
        day = None
    if day is None or day.replace(day=1) != month:
        raise BadFile(
            name, cell, f"a date of {month:%Y-%m}, such as {month:%Y-%m}-1", line=line, field="Date"
        )
    return day


def _days(rows: _Rows, month: date, name: str) -> list[date]:
    first: dict[date, int] = {}
    for line, cell in zip(rows.lines, rows.columns["Date"], strict=True):
        day = _day(cell, month, name, line)
        if day in first:
            raise BadFile(
                name, cell, f"each date once; line {first[day]} has it too", line=line, field="Date"
            )
        first[day] = line
    return list(first)


def _calmed(columns: Mapping[str, Sequence[str]]) -> dict[str, Sequence[str]]:
    """Calm as the historical file has it: a speed of 0 and no direction."""
    out = dict(columns)
    for speed, direction in _WINDS:
        calm = [cell == "Calm" for cell in columns[speed]]
        out[speed] = [
            "0" if still else cell for still, cell in zip(calm, columns[speed], strict=True)
        ]
        out[direction] = [
            "" if still else cell for still, cell in zip(calm, columns[direction], strict=True)
        ]
    return out


def parse(content: bytes, name: str) -> DwoFile:
    """What a DWO file says.

    Args:
        content: the file's bytes, cp1252 or UTF-8.
        name: the file's name, for errors; it tells product and month where the file itself does
            not.

    Raises:
        BadFile: names the file, line and field, what was found and what was expected.
    """
    lines = _lines(content, name)
    header = _header(lines, name)
    said = preamble.read("\n".join(lines[: header.at]), name)
    rows = _rows(lines, header, name)
    days = np.array(_days(rows, said.month, name), dtype="datetime64[s]")
    values = cells.observations(cells.Table(name, rows.lines, _calmed(rows.columns), missing=("",)))
    keys = {"Location": np.full(len(days), said.station.location, dtype=object), "Date": days}
    return DwoFile(said.station, said.product, said.month, said.prepared_at, keys | values)
