"""Cells of text as observations, each checked against its field's physical range. Pure."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from raincast.errors import BadFile
from raincast.observations.schema import COLUMNS, COMPASS, DIRECTIONS, FIELDS, OBSERVATIONS, Field

NUMBER = re.compile(r"-?\d+(\.\d+)?")


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


def _number(cell: str, field: Field) -> float:
    if not NUMBER.fullmatch(cell) or not field.low <= float(cell) <= field.high:
        raise ValueError(f"a number from {field.low} to {field.high} {field.unit}")
    return float(cell)


def _point(cell: str, field: Field) -> str:
    if cell not in COMPASS:
        raise ValueError(f"a {field.unit} such as N, NNE or NE")
    return cell


def _column(table: Table, name: str) -> tuple[npt.NDArray[Any], list[tuple[int, BadFile]]]:
    """The column's values, and the first row that holds each cell that it may not hold.

    Every distinct cell is read once: a file of 145,000 rows has a few hundred of them in a column.
    """
    cells = list(table.cells[name])
    read, nothing = (_point, None) if name in DIRECTIONS else (_number, np.nan)
    values: dict[str, object] = {}
    offences = []
    for cell in dict.fromkeys(cells):
        try:
            values[cell] = nothing if cell in table.missing else read(cell, FIELDS[name])
        except ValueError as error:
            row = cells.index(cell)
            offences.append(
                (row, BadFile(table.file, cell, str(error), line=table.lines[row], field=name))
            )
            values[cell] = nothing
    return (
        np.array([values[c] for c in cells], dtype=object if name in DIRECTIONS else np.float64),
        offences,
    )


def observations(table: Table) -> dict[str, npt.NDArray[Any]]:
    """The 19 observations of a table, typed as in an observations frame.

    Raises:
        BadFile: the first cell, by row, that is neither missing nor in its field's range.
    """
    columns, offences = {}, []
    for name in OBSERVATIONS:
        columns[name], found = _column(table, name)
        offences += found
    if offences:
        raise min(offences, key=lambda offence: offence[0])[1]
    return columns


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
