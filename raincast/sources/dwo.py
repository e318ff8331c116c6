"""The Bureau's Daily Weather Observations (DWO): one station's month as a CSV file. Pure.

A few lines of prose, then a header, then a row a day. The header is found by its words: the prose
varies in length, the degree sign in its bytes.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from raincast.errors import BadFile
from raincast.observations.schema import OBSERVATIONS
from raincast.sources import cells, dwo_header, dwo_rows, forms, preamble, text
from raincast.sources.cells import Remark
from raincast.sources.dwo_header import Header
from raincast.sources.dwo_rows import Rows
from raincast.sources.readings import FileForm, Readings

MOST_BYTES = 1_000_000
"""A month's file has 3,000 bytes."""
MOST_BAD_CELLS = 2
"""A row with more cells that are no values than this is set aside whole: it is damaged or shifted,
and what happens to fit a field need not belong there.
"""
_MOST_BAD_SHARE, _FEWEST_BAD = 1 / 3, 4
"""With so many of a column's cells no values, the columns are not what the header says."""
_WINDS = (
    ("WindGustSpeed", "WindGustDir"),
    ("WindSpeed9am", "WindDir9am"),
    ("WindSpeed3pm", "WindDir3pm"),
)


@dataclass(frozen=True, kw_only=True)
class DwoFile(Readings):
    """What one file says of its station and month.

    Attributes:
        product: the Bureau's label of the station's files (`IDCJDW2002`).
    """

    product: str


def _lines(content: bytes, name: str) -> list[str]:
    content = text.unwrapped(content, name, MOST_BYTES)
    form = forms.of_bytes(content)
    if form is not None:
        raise dwo_header.not_read(form, name)
    return text.lines(text.decoded(content))


def _calmed(columns: Mapping[str, Sequence[str]]) -> dict[str, Sequence[str]]:
    """Calm as the historical file has it: a speed of 0 and no direction."""
    out = dict(columns)
    for speed, direction in _WINDS:
        calm = [cell.casefold() == "calm" for cell in columns[speed]]
        out[speed] = [
            "0" if still else cell for still, cell in zip(calm, columns[speed], strict=True)
        ]
        out[direction] = [
            "" if still else cell for still, cell in zip(calm, columns[direction], strict=True)
        ]
    return out


def _table(rows: Rows, header: Header, name: str) -> cells.Table:
    """The cells by field; a column that the file does not have is empty."""
    nothing = [""] * len(rows.cells)
    columns = {
        field: [row[header.places[field]] for row in rows.cells]
        if field in header.places
        else nothing
        for field in OBSERVATIONS
    }
    return cells.Table(name, rows.lines, _calmed(columns), cells.NOTHING)


def _refuse_exchanged(observed: cells.Observed, name: str) -> None:
    bad = Counter(str(remark.field) for _, remark in observed.set_aside)
    for field, count in bad.items():
        told = count + int(pd.notna(observed.columns[field]).sum())
        if count >= _FEWEST_BAD and count > _MOST_BAD_SHARE * told:
            first = next(remark for _, remark in observed.set_aside if remark.field == field)
            expected = f"{first.expected}; {count} of {told} are none: are columns exchanged?"
            raise BadFile(name, first.found, expected, line=first.line, field=field)


def _whole(observed: cells.Observed, rows: Rows) -> tuple[npt.NDArray[np.bool_], list[Remark]]:
    """(rows,) which rows are taken, and what is set aside: single cells, or a row with many."""
    bad = np.bincount([i for i, _ in observed.set_aside], minlength=len(rows.cells))
    taken = bad <= MOST_BAD_CELLS
    single = [remark for i, remark in observed.set_aside if taken[i]]
    rest = [
        Remark(
            rows.lines[i],
            None,
            ",".join(rows.cells[i])[:60],
            f"a row of values; {bad[i]} are none, so it is damaged or shifted",
        )
        for i in np.flatnonzero(~taken)
    ]
    return taken, single + rest


def begins(start: bytes) -> bool:
    """Whether a file's first bytes have the header of a daily file."""
    try:
        return bool(dwo_header.find(text.lines(text.decoded(start)), "the beginning"))
    except BadFile:
        return False


def parse(content: bytes, name: str) -> DwoFile:
    """What a DWO file says. What is no value is set aside alone: a cell, or a row that is not
    whole.

    Args:
        content: the file's bytes: cp1252, UTF-8 or UTF-16, as they are or as gzip.
        name: the file's name, for errors; it tells product and month where the file itself does
            not.

    Raises:
        BadFile: it is another form, another station's, or no row of it can be read; says what was
            found, what was expected, and what to do.
    """
    lines = _lines(content, name)
    header = dwo_header.find(lines, name)
    said = preamble.read("\n".join(lines[: header.at]), name)
    rows = dwo_rows.read(lines, header, said.month)
    observed = cells.read(_table(rows, header, name))
    _refuse_exchanged(observed, name)
    taken, aside = _whole(observed, rows)
    set_aside = sorted([*rows.set_aside, *aside], key=lambda remark: remark.line)
    if set_aside and not taken.any():
        raise _nothing_left(set_aside, name)
    days = np.array(rows.days, dtype="datetime64[s]")
    keys = {"Location": np.full(len(days), said.station.location, dtype=object), "Date": days}
    columns = {field: column[taken] for field, column in (keys | observed.columns).items()}
    return DwoFile(
        station=said.station,
        label=f"{said.product}.{said.month:%Y%m}",
        product=said.product,
        month=said.month,
        prepared_at=said.prepared_at,
        columns=columns,
        lines=tuple(np.array(rows.lines, dtype=int)[taken].tolist()),
        set_aside=tuple(set_aside),
        read_as=tuple(observed.read_as),
        warnings=said.warnings + header.warnings,
    )


def _nothing_left(set_aside: Sequence[Remark], name: str) -> BadFile:
    first = set_aside[0]
    return BadFile(name, first.found, first.expected, line=first.line, field=first.field)


FORM = FileForm(
    "the Bureau's Daily Weather Observations",
    ".csv",
    lambda _: True,
    lambda content, name: [parse(content, name)],
)
