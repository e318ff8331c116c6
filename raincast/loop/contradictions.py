"""Files of one station that were written at one moment and do not say the same: neither corrects
the other, so somebody has to look.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from raincast.observations.schema import OBSERVATIONS


class Said(NamedTuple):
    """One file's rows of a station.

    Attributes:
        file: its name.
        channel: which kind of source it is.
        known_at: since when they count as known, seconds since 1970.
        columns: those of an observations frame, at least one row.
    """

    file: str
    channel: str
    known_at: int
    columns: Mapping[str, npt.NDArray[Any]]


def warnings(files: Sequence[Said]) -> list[str]:
    """A line for each pair of files that contradict each other, with the first reading in which
    they do.
    """
    alike: dict[tuple[str, int, str], list[Said]] = {}
    for said in files:
        key = said.channel, said.known_at, str(said.columns["Location"][0])
        alike.setdefault(key, []).append(said)
    pairs = (pair for group in alike.values() for pair in combinations(group, 2))
    return [line for one, other in pairs for line in _first(one, other)]


def _first(one: Said, other: Said) -> Iterator[str]:
    days, mine, theirs = np.intersect1d(
        one.columns["Date"], other.columns["Date"], return_indices=True
    )
    for field in OBSERVATIONS:
        told, too = one.columns[field][mine], other.columns[field][theirs]
        differ = np.flatnonzero(pd.notna(told) & pd.notna(too) & (told != too))
        if len(differ):
            at = differ[0]
            yield (
                f"{other.file}: found {field} {too[at]} on {days[at].astype('datetime64[D]')},"
                f" expected {told[at]} as in {one.file}, which was written at the same time: both"
                " are kept and one of them counts; take out the wrong one (`raincast withdraw`)"
            )
            return
