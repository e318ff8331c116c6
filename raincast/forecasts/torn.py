"""Lines that a writer left unfinished, told apart from rows that a person wrote wrongly.

A writer that is killed leaves the beginning of a row, and the next one may have gone on behind it
in the same line. A person's mistake stays where it is, so that it goes on being reported.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd

from raincast.forecasts import reader
from raincast.forecasts.basis import BASES
from raincast.forecasts.row import COLUMNS, WITHOUT_BASIS, WITHOUT_EXCEEDANCE

_TIME = rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00"
_OURS = re.compile(_TIME)
_WRITTEN = re.compile(_TIME + rb"(?:,[^,]*){13},[0-9a-f]{32},(?:%s)" % "|".join(BASES).encode())
"""A whole row of ours: a journal that has no other line is spared the reader, which is slower."""
_BEGIN = re.compile(rb"^|(?=\d{4}-\d\d-\d\d[T ]\d\d:\d\d)")
_END = re.compile(rb"(?:^|.*,)[0-9a-f]{32}(?:,[a-z]*)?,*")
_ID = re.compile("[0-9a-f]{32}")
_PART_OF_A_TIME = re.compile(r"[\d:T.+-]+")


class Mended(NamedTuple):
    """Lines of a journal.

    Attributes:
        lines: those that are whole, and those that a person has to mend.
        torn: what was taken out of them.
    """

    lines: bytes
    torn: list[bytes]


def mended(header: Sequence[str], body: bytes) -> Mended:
    """The lines under a header of today's form without what is torn. A whole row behind torn text
    in the same line is kept.
    """
    lines = body.splitlines(keepends=True)
    if all(_WRITTEN.fullmatch(line.rstrip(b"\r\n")) for line in lines):
        return Mended(body, [])
    wrong = _unreadable(header, lines)
    torn = []
    for place, end in zip(wrong, _torn_ends(header, [lines[i] for i in wrong]), strict=True):
        torn.append(lines[place][:end])
        lines[place] = lines[place][end:]
    return Mended(b"".join(lines), [piece for piece in torn if piece])


def _unreadable(header: Sequence[str], lines: Sequence[bytes]) -> list[int]:
    """The places of the lines that cannot be read."""
    rows = (line.rstrip(b"\r\n") for line in lines)
    reading = reader.parse(b"\n".join([",".join(header).encode(), *rows]))
    return [number - 2 for number in reading.unreadable.index]


def _torn_ends(header: Sequence[str], lines: Sequence[bytes]) -> list[int]:
    """How much of each unreadable line is torn: nothing, all, or what stands before a whole row."""
    tails = [(i, m.start()) for i, line in enumerate(lines) for m in _BEGIN.finditer(line)]
    texts = [lines[i][start:] for i, start in tails]
    unreadable = set(_unreadable(header, texts))
    ends = [len(line) if _is_piece(line) else 0 for line in lines]
    for (i, _), stops in zip(tails, _stop_early(texts), strict=True):
        if stops:
            ends[i] = len(lines[i])
    for place, (i, start) in enumerate(tails):
        if place not in unreadable and not _is_half(texts[place]):
            ends[i] = start
    return ends


def _is_half(text: bytes) -> bool:
    """Whether a row that can be read is one of ours that was cut behind the eighth cell, before its
    id.
    """
    cells = text.count(b",") + 1
    return bool(_OURS.match(text)) and cells < len(COLUMNS) and not _END.fullmatch(text.strip())


def _is_piece(line: bytes) -> bool:
    """Whether a line that cannot be read has the end of a row of ours alone, no more than a part of
    its first cell, or what a disk leaves where nothing was written.
    """
    text = line.strip()
    short = text.count(b",") + 1 < len(WITHOUT_BASIS)
    part = _PART_OF_A_TIME.fullmatch(text.decode("utf-8", "replace"))
    return bool(part) or b"\0" in text or (short and bool(_END.fullmatch(text)))


def _stop_early(texts: Sequence[bytes]) -> list[bool]:
    """Whether every cell of a row but its last is as we write it."""
    rows = [_in_columns(text.decode("utf-8", "replace").strip().split(",")) for text in texts]
    whole = [row + [""] * (len(COLUMNS) - len(row)) for row in rows]
    faults = reader.faults(pd.DataFrame([row[: len(COLUMNS)] for row in whole], columns=COLUMNS))
    return [
        row[0] != "" and 1 < len(row) <= len(COLUMNS) and not wrong[: len(row) - 1].any()
        for row, wrong in zip(rows, faults, strict=True)
    ]


def _in_columns(row: list[str]) -> list[str]:
    """The beginning of a row in today's columns; one of before there were amounts is known by its
    id.
    """
    place = WITHOUT_EXCEEDANCE.index("forecast_id")
    if len(row) == len(WITHOUT_EXCEEDANCE) and _ID.fullmatch(row[place]):
        return [*row[:place], "", *row[place:]]
    return row
