"""The header of a DWO file, found by its words: the prose above it varies in length, the degree
sign in its bytes. Pure.
"""

import csv
import re
from collections.abc import Sequence
from typing import NamedTuple

from raincast.errors import BadFile
from raincast.observations.schema import OBSERVATIONS
from raincast.sources import forms

_HOURLY = {
    "temperature c": "Temp",
    "relative humidity %": "Humidity",
    "cloud amount oktas": "Cloud",
    "wind direction": "WindDir",
    "wind speed km/h": "WindSpeed",
    "msl pressure hpa": "Pressure",
}
WORDS = {
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
FEWEST_COLUMNS = 8
"""With fewer of the 19 observations in its header a file is something else."""


class Header(NamedTuple):
    """Which line it is, from 0; where each field stands; how many fields a row has; and what is
    missing.
    """

    at: int
    places: dict[str, int]
    width: int
    warnings: tuple[str, ...]


def not_read(form: forms.Form, name: str) -> BadFile:
    return BadFile(name, form.name, form.instead)


def split(line: str) -> list[str]:
    """The cells of a line, without blanks around them."""
    return [cell.strip() for cell in next(csv.reader([line]), [])]


def _words(cell: str) -> str:
    return " ".join(re.sub(r"[^a-z0-9/%]+", " ", cell.casefold()).split())


def find(lines: Sequence[str], name: str) -> Header:
    """The header among the lines of a file.

    Raises:
        BadFile: there is none, and it says what the file is instead; or most columns are missing.
    """
    for at, line in enumerate(lines):
        if len(line) <= LONGEST_LINE and "rainfall" in line.casefold():
            words = [_words(cell) for cell in split(line)]
            if words.count("date") == 1 and words.count("rainfall mm") == 1:
                return _places(words, name, at)
    form = forms.of_text("\n".join(line[:LONGEST_LINE] for line in lines[:200]))
    if form is not None:
        raise not_read(form, name)
    found = "\n".join(line[:60] for line in lines[:5])[:60]
    raise BadFile(name, found, "a DWO file, with a header of Date, Rainfall (mm) and the rest")


def _places(words: Sequence[str], name: str, at: int) -> Header:
    """Where each field stands. One that is not there once is left out, and said."""
    places = {
        field: words.index(wanted) for wanted, field in WORDS.items() if words.count(wanted) == 1
    }
    absent = [wanted for wanted, field in WORDS.items() if field not in places]
    if len(places) - 1 < FEWEST_COLUMNS:
        found = f"{len(places) - 1} of its {len(OBSERVATIONS)} columns"
        raise BadFile(name, found, f"one column '{absent[0]}' and the rest", line=at + 1)
    warnings = tuple(
        f"{name}, line {at + 1}: found {words.count(wanted)} columns '{wanted}', expected one;"
        f" {WORDS[wanted]} is left out"
        for wanted in absent
    )
    return Header(at, places, len(words), warnings)
