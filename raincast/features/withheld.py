"""Rows where less is known: nothing of the other stations, of the days before, or of the day."""

import numpy as np
import numpy.typing as npt

from raincast.features.derived import VARIABLES
from raincast.features.names import NAMES, OWN, PAST, RAIN_DAYS
from raincast.features.surroundings import Field, Rows
from raincast.observations.network import in_force
from raincast.observations.schema import OBSERVATIONS

Array = npt.NDArray[np.float32]

_FIELD_START, _PAST_START = len(OWN) + len(PAST), len(OWN)


def without_field(X: Array) -> Array:
    """(…, K) features as they are where nothing is known of the other stations."""
    return np.concatenate(
        [X[..., :_FIELD_START], np.full_like(X[..., _FIELD_START:], np.nan)], axis=-1
    )


def own_row_only(X: Array) -> Array:
    """(…, K) features as they are where nothing is known but the station's own row."""
    return np.concatenate(
        [X[..., :_PAST_START], np.full_like(X[..., _PAST_START:], np.nan)], axis=-1
    )


def without_others(given: Rows | Array) -> Rows | Array:
    """The same rows where nothing is known of the other stations."""
    if not isinstance(given, Rows):
        return without_field(given)
    return given.with_table(without_field(given.table), past=True)


def by_themselves(given: Rows | Array) -> Rows | Array:
    """The same rows where nothing is known but the stations' own rows."""
    if not isinstance(given, Rows):
        return own_row_only(given)
    return given.with_table(own_row_only(given.table), past=False)


def unknown(count: int) -> Rows:
    """So many rows of which nothing is known, in a field of which nothing is known either."""
    network, fields = in_force(), len(OBSERVATIONS)
    parts = (fields, len(VARIABLES), 2 * len(RAIN_DAYS))
    own, before, rain = (np.full((len(network), n), np.nan, dtype=np.float32) for n in parts)
    around = np.empty(count, dtype=object)
    around[:] = Field(own, before, rain, np.zeros(2, dtype=np.float32), network)
    table = np.full((count, len(NAMES)), np.nan, dtype=np.float32)
    rows_own = np.full((count, fields), np.nan, dtype=np.float32)
    return Rows(table, rows_own, around, np.zeros(count, dtype=np.intp))
