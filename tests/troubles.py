"""What goes wrong in the fortnights: the files of a station, each in its way, at a moment."""

import gzip
import re
from collections.abc import Callable
from datetime import datetime, timedelta

from raincast.loop import ask
from tests import feeds
from tests.dwo_files import BARE
from tests.places import find
from tests.slots import Spoil, shelf

Lines = list[bytes]


def always(change: Callable[[bytes], bytes]) -> Spoil:
    return lambda content, _: change(content)


def instead(made: bytes | int | str) -> Spoil:
    return lambda _, __: made


def by_line(change: Callable[[Lines], Lines]) -> Spoil:
    return always(lambda content: b"\r\n".join(change(content.split(b"\r\n"))))


def header(lines: Lines) -> int:
    return next(i for i, line in enumerate(lines) if line.count(b",") > 15)


def column(lines: Lines, words: bytes) -> int:
    names = lines[header(lines)].split(b",")
    return next(i for i, name in enumerate(names) if words in name)


def cell(words: bytes, value: bytes) -> Spoil:
    """The first row has another value there."""

    def change(lines: Lines) -> Lines:
        place = header(lines)
        cells = lines[place + 1].split(b",")
        cells[column(lines, words)] = value
        return [*lines[: place + 1], b",".join(cells), *lines[place + 2 :]]

    return by_line(change)


def dashes(lines: Lines) -> Lines:
    """A dash for what is missing."""
    place = header(lines)
    rows = [re.sub(rb",(?=,)", b",-", row) if row else row for row in lines[place + 1 :]]
    return [*lines[: place + 1], *rows]


def other_order(lines: Lines) -> Lines:
    """The last column stands first behind the date."""
    place = header(lines)
    moved = [
        b",".join([cells[0], cells[1], cells[-1], *cells[2:-1]])
        for cells in (line.split(b",") for line in lines[place:] if line)
    ]
    return [*lines[:place], *moved]


def shifted(lines: Lines) -> Lines:
    """The first row's cells stand one too far to the right, where it is not the only row."""
    place = header(lines)
    rows = [line for line in lines[place + 1 :] if line]
    if len(rows) > 1:
        cells = rows[0].split(b",")
        rows[0] = b",".join([*cells[:2], b"", *cells[2:-1]])
    return [*lines[: place + 1], *rows]


def of_tomorrow(lines: Lines) -> Lines:
    """A last row of a day that nobody has seen."""
    last = next(line for line in reversed(lines) if line)
    cells = last.split(b",")
    return [*lines, b",".join([cells[0], b"2099-01-1", *cells[2:]])]


def exchanged(lines: Lines) -> Lines:
    """The lowest temperature stands under the highest's name, and the other way round."""
    names = lines[header(lines)].split(b",")
    low, high = column(lines, b"Minimum temp"), column(lines, b"Maximum temp")
    names[low], names[high] = names[high], names[low]
    return [*lines[: header(lines)], b",".join(names), *lines[header(lines) + 1 :]]


def another_body(name: str) -> Spoil:
    """Another station's file."""

    def made(_: bytes, now: datetime) -> bytes:
        page = shelf().page(find(name), now.date().replace(day=1), now)
        return page.content if page else b""

    return made


def in_local_time(content: bytes) -> bytes:
    """The time of writing as Canberra's clock has it."""
    said = re.search(rb"(\d\d:\d\d) UTC on \w+ +(\d+ \w+ \d{4})", content)
    assert said
    utc = datetime.strptime(f"{said[1].decode()} {said[2].decode()}", "%H:%M %d %B %Y")
    local = utc + timedelta(hours=10)
    return content.replace(said[0], f"{local:%H:%M} AEST on {local:%A %d %B %Y}".encode())


def former(name: str) -> Spoil:
    """The label of former years."""
    now, then = find(name).product.encode(), find(name).former_product.encode()
    assert then
    return always(lambda content: content.replace(now, then))


def of_another_age(content: bytes, now: datetime) -> bytes:
    """A month that nobody has seen."""
    return content.replace(str(now.year).encode(), b"2999")


_LOOK = feeds.look("2024-05-01 09:00")
OTHER_FORMS = (
    feeds.as_axf([("94868", "Melbourne", _LOOK)]),
    feeds.as_xml([feeds.element("air_temperature", 11.5)]),
    b"Product code,Bureau of Meteorology station number,Year\nIDCJAC0010,086338,2024\n",
    b"MIN TEMP 19100101 20240520 missing_value=99999.9 MELBOURNE\n",
    b"station,YYYY-MM-DD,daily_rain,daily_rain_source\n86338,2024-05-20,0.0,25\n",
    BARE.replace(",", ";").encode("cp1252"),
    b"PK\x03\x04" + bytes(40),
    gzip.compress(b"x" * 1_000_001),
)
"""Files of the half-hourly feed, of the climate's records, of spreadsheets; one without measure."""


def another_form(_: bytes, now: datetime) -> bytes:
    """Another form in each slot."""
    return OTHER_FORMS[int(ask.slot(now).timestamp()) // 43_200 % len(OTHER_FORMS)]
