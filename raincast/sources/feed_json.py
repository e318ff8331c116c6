"""The half-hourly feed as JSON: one station, 72 hours of looks. Pure."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from raincast.errors import BadFile
from raincast.sources import feed, text
from raincast.sources.cells import Remark
from raincast.sources.feed import Look, Place
from raincast.sources.readings import FileForm, Readings

_MINE = re.compile(r'\s*\{\s*"observations"\s*:')
_EXPECTED = "the half-hourly feed as JSON: observations with a header and data"


def parse(content: bytes, name: str) -> Sequence[Readings]:
    """The readings of the file's station; see `feed`."""
    told = text.decoded(text.unwrapped(content, name, feed.MOST_BYTES))
    header, rows = _parts(_document(told, name), name)
    lines = [told.count("\n", 0, m.start()) + 1 for m in re.finditer(r'"aifstime_utc"', told)]
    looks: dict[Place, list[Look]] = {}
    aside: list[Remark] = []
    for i, row in enumerate(rows):
        line = lines[i] if i < len(lines) == len(rows) else i + 1
        at = feed.utc(row.get("aifstime_utc", ""))
        if at is None:
            found = row.get("aifstime_utc", "")[:60]
            aside.append(Remark(line, "aifstime_utc", found, "a time such as 20260928230000"))
            continue
        place = Place(wmo=row.get("wmo", "").removesuffix(".0"), name=row.get("name", ""))
        looks.setdefault(place, []).append(Look(line, at, feed.cells_of(row)))
    label = f"{header.get('ID', '')} {rows[0].get('wmo', '') if rows else ''}".strip() or "feed"
    return feed.readings(
        looks, label, feed.issued_at(header.get("refresh_message", "")), name, aside
    )


def _document(told: str, name: str) -> Any:
    try:
        return json.loads(told)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", None)
        raise BadFile(name, str(error)[:80], f"{_EXPECTED}, whole", line=line) from error


def _parts(document: Any, name: str) -> tuple[Mapping[str, str], list[dict[str, str]]]:
    """The header and the rows, all as text."""
    inside = document.get("observations") if isinstance(document, dict) else None
    inside = inside if isinstance(inside, dict) else {}
    data = inside.get("data")
    if not isinstance(data, list) or not all(isinstance(row, dict) for row in data):
        raise BadFile(name, str(document)[:60], _EXPECTED)
    header = inside.get("header")
    first = header[0] if isinstance(header, list) and header else {}
    return _texts(first if isinstance(first, dict) else {}), [_texts(row) for row in data]


def _texts(row: Mapping[str, Any]) -> dict[str, str]:
    return {key: "" if value is None else str(value) for key, value in row.items()}


FORM = FileForm(
    "the Bureau's half-hourly feed as JSON",
    ".json",
    lambda start: bool(_MINE.match(start)),
    parse,
)
