"""Simulated weather that several tests look at, made once."""

from datetime import date
from functools import cache

import numpy as np
import numpy.typing as npt
import pandas as pd

from raincast.observations.event import DEFAULT
from raincast.simulator import Climate, simulate
from tests.places import LOCATIONS

FIRST, LAST = date(2013, 3, 1), date(2021, 2, 28)
"""Eight years in which all stations report."""

SEED = 7


@cache
def whole() -> pd.DataFrame:
    """Eight years without a hole."""
    return simulate(FIRST, LAST, SEED, Climate(gaps=0))


@cache
def holed() -> pd.DataFrame:
    """The same weather as the record has it."""
    return simulate(FIRST, LAST, SEED)


def by_station(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    """One field of a frame, days by stations."""
    return frame.pivot(index="Date", columns="Location", values=name).reindex(
        columns=list(LOCATIONS)
    )


@cache
def wet() -> pd.DataFrame:
    """Whether each day of the whole record was wet, days by stations, 1.0 or 0.0."""
    rain = by_station(whole(), "Rainfall")
    return pd.DataFrame(DEFAULT.occurred(rain), index=rain.index, columns=rain.columns)


def correlation(a: npt.NDArray[np.float64], b: npt.NDArray[np.float64]) -> float:
    return float(np.corrcoef(a, b)[0, 1])
