"""What a forecast rests on, the strongest basis first.

today        the station's own row of the feature date, or a caller's values
alone        the same, where no other station's row of that day is known
yesterday    its own row of the day before
neighbours   only other stations' values
climatology  nothing at all: the model's climatology answers in its stead
"""

from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from raincast.features.block import Array, Context
from raincast.features.surroundings import Field
from raincast.learning import climatology
from raincast.learning.metadata import ModelMetadata

TODAY, ALONE, YESTERDAY, NEIGHBOURS, CLIMATOLOGY = BASES = (
    "today",
    "alone",
    "yesterday",
    "neighbours",
    "climatology",
)


def of(known: Context, own: Array) -> list[str]:
    """The basis of each of (n,) station-days in their context, with the own rows that they have."""
    station = known.place[..., 0].astype(np.intp).tolist()
    rows, others = _any(own).tolist(), _any(known.around).tolist()
    return [
        _of_day(around, i, row, heard)
        for around, i, row, heard in zip(known.field, station, rows, others, strict=True)
    ]


def _of_day(around: Field, station: int, row: bool, heard: bool) -> str:
    """The basis of a station that has its own row or not, and is told of others or not."""
    if row:
        return ALONE if around.alone[station] else TODAY
    if _any(around.before[station]):
        return YESTERDAY
    return NEIGHBOURS if heard else CLIMATOLOGY


def chance(rests_on: str, model: float, about: ModelMetadata, location: str, day: date) -> float:
    """The model's chance on that basis; that of its climatology where nothing is known, of which no
    model has learned anything.
    """
    if rests_on != CLIMATOLOGY or not about.climatology:
        return model
    return climatology.of_day(about.climatology, location, day)


def has_own_row(one: str | None) -> bool:
    """Whether a forecast on that basis rests on the station's own row of the day."""
    return one in (TODAY, ALONE)


def _any(values: Array) -> npt.NDArray[np.bool_]:
    """(…,) whether anything is known, from (…, values)."""
    return np.asarray(~np.isnan(values).all(axis=-1))


def rank(bases: "pd.Series[str]") -> "pd.Series[int]":
    """0 for the strongest basis to 4 for the weakest; older rows, which name none, have 0."""
    code = pd.Categorical(bases, categories=BASES).codes
    return pd.Series(np.maximum(code, 0), bases.index)


def is_better(one: str, held: str | None) -> bool:
    """Whether a forecast on one basis is worth more than what is held, if anything is."""
    return held is None or BASES.index(one) < BASES.index(held)


def name_of(one: object) -> str:
    """The basis in a journal's cell; `unknown` where an older row names none."""
    return str(one) if one in BASES else "unknown"
