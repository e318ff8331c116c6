"""What the stations of a day offer each other's attention, and who of them is there."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from raincast.learning.attention.arithmetic import Array, copies
from raincast.learning.attention.places import Places

ABSENT = np.float32(-1e9)
"""Added to the attention to a station that has nothing to tell."""


class Encoded(NamedTuple):
    """What the core of a day offers: by layer, (networks, heads, core, head) keys and values;
    (core,) 0 where a station has anything to tell, else a very low number.
    """

    keys: tuple[Array, ...]
    values: tuple[Array, ...]
    absent: Array


def offered(
    known: Encoded, n: int, places: Places, station: npt.NDArray[np.intp]
) -> tuple[Array, Array, Array]:
    """(networks, n, heads, heard, head) keys and values that a layer offers each of some stations,
    copied, and (n or 1, heard) who of them is absent.
    """
    if places.heard is None:
        keys, values = (copies(p[n], len(station)) for p in (known.keys, known.values))
        return keys, values, known.absent[None]
    heard = places.heard[station]
    keys, values = (
        np.ascontiguousarray(part[n][:, :, heard].swapaxes(1, 2))
        for part in (known.keys, known.values)
    )
    return keys, values, known.absent[heard]


def opened(absent: Array, own: npt.NDArray[np.intp]) -> Array:
    """(n, heard) 0 for whom each may attend to: who is there, and always itself; from (n or 1,
    heard).
    """
    closed = np.repeat(absent, len(own), axis=0) if len(absent) == 1 else absent.copy()
    closed[np.arange(len(own)), own] = 0
    return closed
