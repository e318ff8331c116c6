"""The rows of a DWO file: what is whole is taken, what is not is set aside, line by line. Pure."""

import re
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from raincast.sources.cells import Remark
from raincast.sources.dwo_header import LONGEST_LINE, Header, split

_ANOTHER = re.compile(r"Daily Weather Observations for |\bIDCJDW[0-9]{4}\.[0-9]{6}\b", re.I)
"""How the prose above a file's header is known."""
_DAY = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")


class Rows(NamedTuple):
    """Rows of cells, the line of each, its day, and what was left out."""

    cells: list[list[str]]
    lines: list[int]
    days: list[date]
    set_aside: list[Remark]


def read(lines: Sequence[str], header: Header, month: date) -> Rows:
    """The rows under the header, blank lines left out; a row that is not whole or has no day of the
    month of its own is set aside. So is another file that was put behind this one.
    """
    rows = Rows([], [], [], [])
    for line, told in enumerate(lines[header.at + 1 :], header.at + 2):
        if not told.strip():
            continue
        if _ANOTHER.search(told[:LONGEST_LINE]):
            expected = "the end of the file: what follows is another one, to be read by itself"
            rows.set_aside.append(Remark(line, None, told[:60], expected))
            break
        found = split(told) if len(told) <= LONGEST_LINE else []
        if len(found) != header.width:
            expected = f"{header.width} fields, not {len(found)}: is it cut off?"
            rows.set_aside.append(Remark(line, None, told[:60], expected))
            continue
        _take(rows, line, found, found[header.places["Date"]], month)
    return _without_clashes(rows)


def _take(rows: Rows, line: int, found: list[str], cell: str, month: date) -> None:
    day = _day(cell, month)
    if day is None:
        expected = f"a date of {month:%Y-%m}, such as {month:%Y-%m}-1"
        rows.set_aside.append(Remark(line, "Date", cell[:60], expected))
    elif day not in rows.days:
        rows.cells.append(found)
        rows.lines.append(line)
        rows.days.append(day)
    elif rows.cells[rows.days.index(day)] != found:
        _clash(rows, line, cell, day)


def _clash(rows: Rows, line: int, cell: str, day: date) -> None:
    """Two rows of one day that differ: nobody can say which is right, so both are set aside."""
    at = rows.days.index(day)
    for one, other in ((rows.lines[at], line), (line, rows.lines[at])):
        expected = f"each date once; line {other} has it too"
        rows.set_aside.append(Remark(one, "Date", cell[:60], expected))
    rows.cells[at] = []


def _day(cell: str, month: date) -> date | None:
    found = _DAY.fullmatch(cell)
    try:
        day = date(*map(int, found.groups())) if found else None
    except ValueError:
        return None
    return day if day is not None and day.replace(day=1) == month else None


def _without_clashes(rows: Rows) -> Rows:
    kept = [i for i, found in enumerate(rows.cells) if found]
    return rows._replace(
        cells=[rows.cells[i] for i in kept],
        lines=[rows.lines[i] for i in kept],
        days=[rows.days[i] for i in kept],
    )
