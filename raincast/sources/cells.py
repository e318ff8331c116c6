"""Cells of text as observations, each checked against its field's physical range. Pure."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from raincast.errors import BadFile
from raincast.observations.schema import COLUMNS, COMPASS, DIRECTIONS, FIELDS, OBSERVATIONS, Field

NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
MARKED = re.compile(rf"({NUMBER.pattern}) ?[*#^~?]{{1,2}}")
"""A number with a quality mark behind it."""

NOTHING = frozenset(
    {"", "-", "--", "–", "—", "NA", "N/A", "NaN", "nan", "null", "-9999", "-9999.0"}
)
"""How files say that there is no value: the Bureau's, and those who save its files again."""

TRACES = frozenset({"tce", "trace", "tr", "t"})
TRACE_MM = 0.05
"""A trace is rain too little to measure, which is below 0.1 mm (the Bureau's glossary): half of
that stands for it, and is no event.
"""
_LONGEST = 60


class Remark(NamedTuple):
    """One place of a file that is not as its form has it.

    Attributes:
        line: counted from 1.
        field: the column; None where it is the whole row.
        found: what stands there.
        expected: what should, or how it was read.
    """

    line: int
    field: str | None
    found: str
    expected: str

    def __str__(self) -> str:
        field = f", field '{self.field}'" if self.field else ""
        return f"line {self.line}{field}: found {self.found!r}, expected {self.expected}"


@dataclass(frozen=True)
class Table:
    """A file's cells, and where they stand so that an error can say it.

    Attributes:
        file: the file's name.
        lines: line of each row, counted from 1.
        cells: for each observation, its text in each row.
        missing: the texts by which the file says that it has no value.
    """

    file: str
    lines: Sequence[int]
    cells: Mapping[str, Any]
    missing: Collection[str]


@dataclass(frozen=True)
class Observed:
    """A table's 19 observations, typed as in an observations frame.

    Attributes:
        columns: by name, (rows,) each; a cell that is no value is missing.
        set_aside: those cells, by row, each with the row's position.
        read_as: cells that are a value in other words, and the value.
    """

    columns: dict[str, npt.NDArray[Any]]
    set_aside: list[tuple[int, Remark]]
    read_as: list[Remark]


def _number(cell: str, field: Field) -> float:
    if field.name == "Rainfall" and cell.casefold().removesuffix(".") in TRACES:
        return TRACE_MM
    marked = MARKED.fullmatch(cell)
    number = marked[1] if marked else cell
    if not NUMBER.fullmatch(number) or not field.low <= float(number) <= field.high:
        raise ValueError(f"a number from {field.low} to {field.high} {field.unit}")
    return float(number)


def _point(cell: str, field: Field) -> str:
    if cell.upper() not in COMPASS:
        raise ValueError(f"a {field.unit} such as N, NNE or NE")
    return cell.upper()


def _column(table: Table, name: str) -> Observed:
    """Of one column. Every distinct cell is read once: a file of 145,000 rows has a few hundred of
    them in a column.
    """
    cells = list(table.cells[name])
    read, nothing = (_point, None) if name in DIRECTIONS else (_number, np.nan)
    values: dict[str, object] = {}
    offences: dict[str, str] = {}
    for cell in dict.fromkeys(cells):
        bare = cell.strip()
        try:
            values[cell] = nothing if bare in table.missing else read(bare, FIELDS[name])
        except ValueError as error:
            values[cell], offences[cell] = nothing, str(error)
    dtype = object if name in DIRECTIONS else np.float64
    column = {name: np.array([values[c] for c in cells], dtype=dtype)}
    words = {c: v for c, v in values.items() if isinstance(v, float) and _in_words(c.strip(), v)}
    aside = [(i, _remark(table, i, name, offences[c])) for i, c in _which(cells, offences)]
    read_as = [_remark(table, i, name, f"read as {words[c]:g}") for i, c in _which(cells, words)]
    return Observed(column, aside, read_as)


def _in_words(cell: str, value: float) -> bool:
    return value == value and not NUMBER.fullmatch(cell)


def _which(cells: Sequence[str], wanted: Collection[str]) -> list[tuple[int, str]]:
    return [(i, cell) for i, cell in enumerate(cells) if cell in wanted] if wanted else []


def _remark(table: Table, row: int, name: str, expected: str) -> Remark:
    return Remark(table.lines[row], name, table.cells[name][row][:_LONGEST], expected)


def read(table: Table) -> Observed:
    """The 19 observations of a table; a cell that is neither missing nor in its field's range is
    set aside.
    """
    parts = [_column(table, name) for name in OBSERVATIONS]
    return Observed(
        {name: column for part in parts for name, column in part.columns.items()},
        sorted((aside for part in parts for aside in part.set_aside), key=lambda one: one[0]),
        [remark for part in parts for remark in part.read_as],
    )


def observations(table: Table) -> dict[str, npt.NDArray[Any]]:
    """The 19 observations of a table in which every cell must be a value.

    Raises:
        BadFile: the first cell, by row, that is neither missing nor in its field's range.
    """
    found = read(table)
    if found.set_aside:
        first = found.set_aside[0][1]
        raise BadFile(table.file, first.found, first.expected, line=first.line, field=first.field)
    return found.columns


def frame(columns: Mapping[str, npt.NDArray[Any]]) -> pd.DataFrame:
    """The observations frame of its columns: `Location`, `Date`, and
    what `observations` has read.
    """
    return pd.DataFrame(
        {name: pd.Series(columns[name], dtype=columns[name].dtype) for name in COLUMNS}
    )


def joined(parts: Sequence[Mapping[str, npt.NDArray[Any]]]) -> pd.DataFrame:
    """The observations frame of several files' columns, one after the other."""
    return frame({name: np.concatenate([part[name] for part in parts]) for name in COLUMNS})
