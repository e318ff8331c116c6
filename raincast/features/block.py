"""Features of station-days as they were known at an issue instant: one path for training, serving
and scoring.

A block holds all stations of one (feature date, issue instant). Values not yet known at the instant
are absent (NaN). Nothing after the feature date is read, and no figure depends on how many blocks
are asked for at once.
"""

from collections.abc import Sequence
from datetime import date

import numpy as np

from raincast.features.context import LOOKBACK_DAYS, Array, Context, context, picked
from raincast.features.derived import variables
from raincast.features.names import (
    CHANGED,
    CONTRASTED,
    FIELD,
    NAMES,
    NAMES_SHA256,
    OWN,
    PAST,
    PLACE,
    RAIN_DAYS,
)
from raincast.features.surroundings import Rows
from raincast.features.withheld import (
    by_themselves,
    own_row_only,
    unknown,
    without_field,
    without_others,
)
from raincast.observations.availability import Instants
from raincast.observations.event import RAIN_TODAY
from raincast.observations.panel import RAINFALL, Panel

__all__ = [
    "FIELD",
    "LOOKBACK_DAYS",
    "NAMES",
    "NAMES_SHA256",
    "OWN",
    "PAST",
    "PLACE",
    "Array",
    "Context",
    "block",
    "by_themselves",
    "context",
    "inputs",
    "own_row_only",
    "rows",
    "surrounded",
    "unknown",
    "without_field",
    "without_others",
]
"""All that models, steps and recipes ask of the features."""


def rows(known: Context, own: Array) -> Array:
    """(…, K) float32 features in the order of `NAMES` of (…, observation fields) own rows in their
    context.

    The own rows may be other than the context's: a caller may have observations that the archive
    has not.
    """
    now, rain = variables(own), own[..., RAINFALL]
    fallen = [np.nan_to_num(rain), np.nan_to_num(RAIN_TODAY.occurred(rain)).astype(np.float32)]
    today = np.stack(fallen * len(RAIN_DAYS), axis=-1)
    change, contrast = (
        now[..., picked(CHANGED)] - known.yesterday,
        now[..., picked(CONTRASTED)] - known.middle,
    )
    return np.concatenate(
        [known.place, now, known.past, change, today + known.rain_before, known.around, contrast],
        axis=-1,
    )


def block(panel: Panel, days: Sequence[date], issued_at: Instants) -> Array:
    """(n, stations, K) features of every station for n pairs of feature date and issue instant; see
    `context`.
    """
    known = context(panel, days, issued_at)
    return rows(known, known.own)


def inputs(known: Context, own: Array) -> Rows:
    """What a model is given of own rows in their context: `rows`, and the stations around them."""
    station = known.place[..., 0].astype(np.intp)
    return Rows(rows(known, own), own, known.field, station)


def surrounded(panel: Panel, days: Sequence[date], issued_at: Instants) -> Rows:
    """(n, stations) inputs of every station; see `block`."""
    known = context(panel, days, issued_at)
    return inputs(known, known.own)
