"""The lines of a journal of any age, put into columns as text.

Each line is read by itself and by its own number of cells, so that neither a torn line nor an older
header spoils another.
"""

import csv
import re
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.csv

from raincast.forecasts import forms
from raincast.forecasts.row import COLUMNS, FIXED, OLDER, WITHOUT_BASIS, WITHOUT_EXCEEDANCE

_LINE_BREAKS = re.compile(r"[\s,]+")


class Text(NamedTuple):
    """A journal taken apart.

    Attributes:
        header: the names in its first line; empty where that is no header.
        cells: str, one column per name, "" where a line has none; indexed by line number (from 1).
        torn: number and text of every line whose number of cells fits no layout.
    """

    header: tuple[str, ...]
    cells: pd.DataFrame
    torn: dict[int, str]


def header_of(line: bytes) -> tuple[str, ...]:
    """The column names in a journal's first line; empty when it is no header."""
    names = [name.strip() for name in _split(line.decode("utf-8-sig", "replace"))]
    distinct = (
        name if name and name not in names[:i] else f"{name}_{i + 1}"
        for i, name in enumerate(names)
    )
    return tuple(distinct) if set(OLDER) <= set(names) else ()


def take_apart(data: bytes, skipped: int = 0) -> Text:
    """The cells of a journal, as text, in whatever form it comes (`forms`).

    Args:
        skipped: how many lines stand between its header and the first that is given.
    """
    data = forms.plain(data)
    first, _, rest = data.partition(b"\n")
    header = header_of(first)
    return _laid_out(header, rest, 2 + skipped) if header else _laid_out((), data, 1)


def _laid_out(header: tuple[str, ...], data: bytes, number: int) -> Text:
    """The lines put into columns, each by its own number of cells; the first one has that line
    number.
    """
    if b'"' in data:
        data = b"\n".join(_unquoted(line) if b'"' in line else line for line in data.splitlines())
    body = data.splitlines()
    former: tuple[tuple[str, ...], ...] = (OLDER, FIXED)
    former += () if header else (WITHOUT_BASIS, WITHOUT_EXCEEDANCE)
    layouts = {len(names): names for names in (*former, COLUMNS, header) if names}
    widths = np.array(
        [line.count(b",") + 1 if line.strip(b" ,") else 0 for line in body], dtype=np.intp
    )
    names = [*COLUMNS, *(name for name in header if name not in COLUMNS)]
    parts = [pd.DataFrame(columns=names, dtype="str")]
    torn: dict[int, str] = {}
    for width in set(widths.tolist()) - {0}:
        rows = np.flatnonzero(widths == width)
        if width in layouts:
            text = data if len(rows) == len(body) else b"\n".join(body[i] for i in rows)
            parts.append(_table(text, layouts[width], rows + number))
        else:
            torn |= {int(i) + number: body[i].decode() for i in rows}
    return Text(header, pd.concat(parts).fillna("").sort_index(), torn)


def _split(line: str) -> list[str]:
    try:
        return next(csv.reader([line]), [])
    except csv.Error:  # a line of other ends, or longer than any row
        return []


def _unquoted(line: bytes) -> bytes:
    cells = _split(line.decode())
    return ",".join(_LINE_BREAKS.sub(" ", cell) for cell in cells).replace('"', "'").encode()


def _table(text: bytes, names: tuple[str, ...], numbers: npt.NDArray[np.intp]) -> pd.DataFrame:
    """Lines of equal width as columns."""
    table = pyarrow.csv.read_csv(
        pa.BufferReader(text),
        read_options=pyarrow.csv.ReadOptions(column_names=list(names), block_size=1 << 24),
        parse_options=pyarrow.csv.ParseOptions(quote_char=False),
        convert_options=pyarrow.csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string())),
    )
    return pd.DataFrame(table.to_pandas().set_index(pd.Index(numbers, name="line")))
