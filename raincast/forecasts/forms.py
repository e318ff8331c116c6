"""The forms in which a journal comes back from its users, put into the form it is written in.

UTF-16, gzip, Windows letters, CR line ends; and what a French or German spreadsheet makes of it:
semicolons or tabs, decimal commas, VRAI and FAUX, dates as day/month/year. What can mean two things
is left as it is, so that the reader refuses it with its reason.
"""

import codecs
import csv
import re
import zlib
from collections.abc import Iterable
from datetime import date, timedelta
from itertools import zip_longest
from typing import NamedTuple

from raincast.forecasts.row import OLDER

MOST_BYTES = 1_000_000_000
"""Of what a packed journal may become."""
_GZIP = b"\x1f\x8b"
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_SEPARATORS = (";", "\t")
_NUMBERS = ("rain_probability", "threshold")
_TIMES = ("logged_at_utc", "issued_at_utc", "feature_date", "target_date")
_TRUTHS = {"vrai": "True", "faux": "False", "wahr": "True", "falsch": "False"}
_SLASHED = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})(?:[ T](\d{1,2}:\d{2}(?::\d{2})?))?")
_UNSAFE = re.compile(r"[\s,\"]+")


class _Order(NamedTuple):
    """Which of a date's first two numbers is the day, and which the month."""

    day: int
    month: int


_ORDERS = (_Order(1, 2), _Order(2, 1))


def plain(data: bytes) -> bytes:
    """The same rows as UTF-8 with commas and LF line ends; what is in that form already is handed
    back as it is.
    """
    text = _text(data)
    head = text[: text.find(b"\n")] if b"\n" in text else text
    separator = next((s for s in _SEPARATORS if _is_header(head, s)), None)
    if separator is None and (b"/" not in text or not _is_header(head, ",")):
        return text
    return _rewritten(text.decode(), separator or ",")


def _text(data: bytes) -> bytes:
    if data.startswith(_GZIP):
        data = _unpacked(data)
    if data.startswith(_UTF16):
        data = data.decode("utf-16", "replace").encode()
    elif not data.isascii():
        data = _utf8(data)
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return data


def _unpacked(data: bytes) -> bytes:
    """Of a file that is cut short, what can be had."""
    unpacker = zlib.decompressobj(wbits=31)
    try:
        return unpacker.decompress(data, MOST_BYTES)
    except zlib.error:
        return data


def _utf8(data: bytes) -> bytes:
    try:
        return data.decode("utf-8-sig").encode()
    except UnicodeDecodeError:
        return b"\n".join(_letters(line) for line in data.split(b"\n"))


def _letters(line: bytes) -> bytes:
    """A line that is no UTF-8 is Windows's Western letters, or has some that are none."""
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return line.decode(encoding).encode()
        except UnicodeDecodeError:
            continue
    return line.decode("utf-8", "replace").encode()


def _is_header(head: bytes, separator: str) -> bool:
    names = {name.strip(' "') for name in head.decode("utf-8", "replace").split(separator)}
    return set(OLDER) <= names


def _rewritten(text: str, separator: str) -> bytes:
    lines = text.split("\n")
    rows = [next(csv.reader([line], delimiter=separator), []) if line else [] for line in lines]
    names = [name.strip() for name in rows[0]]
    order = _order(names, rows[1:])
    cells = (_line(names, row, order, separator != ",") for row in rows[1:])
    return "\n".join([",".join(names), *cells]).encode()


def _line(names: list[str], row: list[str], order: _Order | None, foreign: bool) -> str:
    if foreign and len(row) > len(names):  # more separators than columns: it stays torn
        return ",".join(_UNSAFE.sub(" ", cell) for cell in row)
    if not foreign and len(row) != len(names):  # of another age, which the reader knows
        return ",".join(_UNSAFE.sub(" ", cell) for cell in row)
    pairs = zip_longest(names, row, fillvalue="")
    return ",".join(_cell(name, cell.strip(), order) for name, cell in pairs) if row else ""


def _cell(name: str, cell: str, order: _Order | None) -> str:
    if name in _NUMBERS:
        cell = cell.replace(",", ".")
    elif name in _TIMES and order is not None:
        cell = _as_iso(cell, order)
    return _UNSAFE.sub(" ", _TRUTHS.get(cell.lower(), cell))


def _day(cell: str, order: _Order) -> date | None:
    found = _SLASHED.fullmatch(cell.strip())
    if found is None:
        return None
    try:
        return date(int(found[3]), int(found[order.month]), int(found[order.day]))
    except ValueError:
        return None


def _as_iso(cell: str, order: _Order) -> str:
    found, day = _SLASHED.fullmatch(cell), _day(cell, order)
    if found is None or day is None:
        return cell
    return f"{day}T{found[4]:0>5}" if found[4] else str(day)


def _order(names: list[str], rows: Iterable[list[str]]) -> _Order | None:
    """The one order in which every such date of the file is a date, and targets follow features;
    None where there are two or none.
    """
    dated = [dict(zip(names, row, strict=False)) for row in rows]
    fitting = [order for order in _ORDERS if all(_fits(row, order) for row in dated)]
    return fitting[0] if len(fitting) == 1 else None


def _fits(row: dict[str, str], order: _Order) -> bool:
    cells = {name: row.get(name, "").strip() for name in _TIMES}
    days = {name: _day(cell, order) for name, cell in cells.items() if _SLASHED.fullmatch(cell)}
    if None in days.values():
        return False
    feature, target = days.get("feature_date"), days.get("target_date")
    return not (feature and target) or target - feature == timedelta(days=1)
