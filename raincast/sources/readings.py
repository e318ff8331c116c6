"""What every form of file gives: stations' rows, and what was set aside of them; and what a form
is. Pure.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from raincast.observations.precedence import DAILY
from raincast.observations.stations import Station
from raincast.sources import cells
from raincast.sources.cells import Remark

EARLIEST = date(1990, 1, 1)
"""Daily Weather Observations are younger; a row before this is a damaged date, or older than what
anything here looks at.
"""


@dataclass(frozen=True, kw_only=True)
class Readings:
    """What one file says of one station.

    Attributes:
        station: whose rows they are.
        label: the file as its publisher calls it (`IDCJDW2002.202405`).
        month: the first day of the month that it is about, or begins with.
        prepared_at: when the file says that it was written (UTC): since then its values count as
            known. None if it does not say so.
        columns: those of an observations frame of that station, by name, each (rows,); rows may be
            0.
        lines: (rows,) the line of each row.
        set_aside: cells and rows that are no values, and were left out.
        read_as: cells that are a value in other words.
        warnings: what a reader should look at.
        channel: which kind of source it is (`precedence.ORDER`).
        covers: (rows,) how many days each row's rain covers; empty where one each.
    """

    station: Station
    label: str
    month: date
    prepared_at: datetime | None
    columns: dict[str, npt.NDArray[Any]]
    lines: tuple[int, ...] = ()
    set_aside: tuple[Remark, ...] = ()
    read_as: tuple[Remark, ...] = ()
    warnings: tuple[str, ...] = ()
    channel: str = DAILY
    covers: tuple[int, ...] = ()

    @cached_property
    def frame(self) -> pd.DataFrame:
        """The columns as an observations frame."""
        return cells.frame(self.columns)

    @property
    def days(self) -> npt.NDArray[np.datetime64]:
        """(rows,) the day of each row, datetime64[D]."""
        return self.columns["Date"].astype("datetime64[D]")


class FileForm(NamedTuple):
    """A form of file that is read: one member of `known_forms.FORMS`.

    Attributes:
        name: as a sentence has it.
        ending: how such files are named (`.csv`).
        recognises: whether a file is of this form, by how its text begins.
        parse: the readings of a file, one for each station of the network in it, from its bytes and
            its name. What is no value is set aside, with its place. Raises BadFile where there is
            nothing to read, and says what was found, what was expected, and what to do.
    """

    name: str
    ending: str
    recognises: Callable[[str], bool]
    parse: Callable[[bytes, str], Sequence[Readings]]
