"""What each kind of observation moved a network's log-odds: one kind after the other becomes known.

From nothing observed to all that was observed, kinds are let in in one order and in its reverse,
and each kind's two changes are averaged: Shapley values estimated with an antithetic pair of orders
(Strumbelj and Kononenko 2014, Knowledge and Information Systems 41, 647-665). The changes add up to
the whole way exactly, and what was not observed changes nothing.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from raincast.features.derived import VARIABLES
from raincast.features.kinds import QUANTITIES, Kind, quantity
from raincast.features.surroundings import Field, Rows
from raincast.learning.attention.ensemble import Ensemble
from raincast.observations.schema import OBSERVATIONS

_SCOPES = ("around", "before", "here")
_ORDER: tuple[Kind, ...] = tuple((q, s) for s in _SCOPES for q in QUANTITIES if q != "place")
_OF_FIELD = np.array([quantity(name) for name in OBSERVATIONS])
_OF_VARIABLE = np.array([quantity(name) for name in VARIABLES])


def network_reasons(networks: Ensemble, row: Rows) -> tuple[float, dict[Kind, float]]:
    """The mean log-odds of one row with nothing observed, and what each kind adds on the way to
    all.

    What other stations know of this one's row counts as seen around.
    """
    parts: dict[Kind, float] = dict.fromkeys(_ORDER, 0.0)
    begin = 0.0
    for order in (_ORDER, _ORDER[::-1]):
        way = _way(networks, row, order)
        begin = way[0]
        for kind, change in zip(order, np.diff(way), strict=True):
            parts[kind] += float(change) / 2
    return begin, parts


def _way(networks: Ensemble, row: Rows, order: Sequence[Kind]) -> list[float]:
    """Log-odds after 0, 1, … kinds of the order are known."""
    field, known, found = row.field[0], set[Kind](), []
    around = networks.encode(_seen(field, known, "around"))
    for kind in (None, *order):
        if kind:
            known.add(kind)
        if kind and kind[1] == "around":
            around = networks.encode(_seen(field, known, "around"))
        own, before = _only(row.own, _OF_FIELD, known, "here"), _seen(field, known, "before")
        given = networks.given(before, own, row.station)
        told = networks.decode(given, row.station, field.network, around)
        found.append(float(told[:, 0].mean(dtype=np.float64)))
    return found


def _only(
    values: npt.NDArray[np.float32], about: npt.NDArray[np.str_], known: set[Kind], scope: str
) -> npt.NDArray[np.float32]:
    kept = np.array([(name, scope) in known for name in about])
    return np.where(kept, values, np.float32(np.nan))


def _seen(field: Field, known: set[Kind], scope: str) -> Field:
    rain = (
        field.rain_before if ("rain", scope) in known else np.full_like(field.rain_before, np.nan)
    )
    own = _only(field.own, _OF_FIELD, known, scope)
    before = _only(field.before, _OF_VARIABLE, known, scope)
    return Field(own, before, rain, field.season, field.network)
