"""The half-hourly feed as AXF: sections of comma-separated lines, a state's stations. Pure."""

import csv
import re
from collections.abc import Iterator, Sequence

from raincast.errors import BadFile
from raincast.sources import feed, text
from raincast.sources.cells import Remark
from raincast.sources.feed import Look, Place
from raincast.sources.readings import FileForm, Readings

_MINE = re.compile(r"\s*\[(notice|header|data)\]", re.IGNORECASE)
_END = "[$]"
_SIZE = re.compile(r"\[[0-9]+\]$")


def parse(content: bytes, name: str) -> Sequence[Readings]:
    """The readings of the file's stations; see `feed`."""
    told = text.lines(text.decoded(text.unwrapped(content, name, feed.MOST_BYTES)))
    header = {
        _SIZE.sub("", key.strip()): value.strip().strip('"')
        for _, line in _section(told, "header")
        for key, _, value in [line.partition("=")]
    }
    table = [(number, next(csv.reader([line]), [])) for number, line in _section(told, "data")]
    if not table:
        raise BadFile(name, "no data", "the half-hourly feed as AXF, with a section [data]")
    names = [_SIZE.sub("", cell.strip()) for cell in table[0][1]]
    looks: dict[Place, list[Look]] = {}
    aside: list[Remark] = []
    if not _is_closed(told):
        number, found = table.pop()
        aside.append(
            Remark(number, None, ",".join(found)[:60], "[$] behind the last row: cut off?")
        )
    for number, found in table[1:]:
        row = dict(zip(names, (cell.strip() for cell in found), strict=False))
        at = feed.utc(row.get("aifstime_utc", ""))
        if len(found) != len(names) or at is None:
            expected = f"{len(names)} cells with a time such as 20201226040400"
            aside.append(Remark(number, None, ",".join(found)[:60], expected))
            continue
        place = Place(wmo=row.get("wmo", ""), name=row.get("name", ""))
        looks.setdefault(place, []).append(Look(number, at, feed.cells_of(row)))
    issued = feed.issued_at(header.get("refresh_message", ""))
    return feed.readings(looks, header.get("ID", "") or "feed", issued, name, aside)


def _is_closed(lines: Sequence[str]) -> bool:
    """Whether the last section has its end, without which the last row may lack letters."""
    return next((line.strip() == _END for line in reversed(lines) if line.strip()), False)


def _section(lines: Sequence[str], wanted: str) -> Iterator[tuple[int, str]]:
    """The lines of a section that are not blank, each with its number."""
    inside = False
    for number, line in enumerate(lines, 1):
        if line.strip().startswith("[") and line.strip().endswith("]"):
            inside = line.strip().casefold() == f"[{wanted}]"
        elif inside and line.strip():
            yield number, line


FORM = FileForm(
    "the Bureau's half-hourly feed as AXF",
    ".axf",
    lambda start: bool(_MINE.match(start)),
    parse,
)
