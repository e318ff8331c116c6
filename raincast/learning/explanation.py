"""Why a forecast is what it is: how far each kind of observation moved the log-odds of rain.

The trees' log-odds are taken apart exactly, by SHAP values for trees (Lundberg et al. 2020, Nature
Machine Intelligence 2, 56-67), and added up by quantity and by where and when it was seen; the
networks' by letting one kind after the other be known (`attention.reasons`). Each counts with its
weight in the blend. Perceptrons, which former models have, are not taken apart: what they add is
one part of its own. All parts and the base make the forecast's log-odds.

A part says what the model made of an observation beside the others; it is no cause.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import xgboost

from raincast.errors import BadInput
from raincast.features.block import NAMES
from raincast.features.kinds import QUANTITIES, SCOPES, Kind, quantity, scope
from raincast.features.surroundings import Rows
from raincast.learning.attention.network import ensemble
from raincast.learning.attention.reasons import network_reasons
from raincast.learning.blend import NETWORK_SHARE, Blend, Forecaster, Recalibrated
from raincast.learning.classifier import Array, table_of

__all__ = ["QUANTITIES", "SCOPES", "Part", "Reasons", "quantity", "reasons", "scope"]


class Part(NamedTuple):
    """How far one quantity, seen at one place or time, moved the
    log-odds; above 0 is towards rain.
    """

    quantity: str
    scope: str
    log_odds: float


class Reasons(NamedTuple):
    """A forecast taken apart: `base` + sum of `parts` + `perceptrons` is its log-odds.

    Attributes:
        base: the log-odds before anything is observed.
        parts: the strongest first.
        perceptrons: what the perceptrons add to the trees; 0 in a model that has none.
    """

    base: float
    parts: tuple[Part, ...]
    perceptrons: float


_KIND = [(quantity(name), scope(name)) for name in NAMES]


def reasons(forecaster: Forecaster, row: Rows | Array) -> Reasons:
    """The reasons of one forecast, from its one row or its (K,) features alone.

    Raises:
        BadInput: the model is not one that can be taken apart.
    """
    if isinstance(forecaster.pipeline, Recalibrated):
        return _stretched(forecaster, forecaster.pipeline, row)
    blend = forecaster.pipeline[-1]
    if not isinstance(blend, Blend):
        raise BadInput(
            f"model {forecaster.version}: expected boosted trees and networks, found"
            f" {type(blend).__name__}"
        )
    row = blend.numbered(row)
    table = np.atleast_2d(table_of(row))
    *moved, base = (
        blend.trees_.get_booster().predict(xgboost.DMatrix(table), pred_contribs=True)[0].tolist()
    )
    networks = blend.networks_of(row)
    rest = 1 - NETWORK_SHARE if networks else 1.0
    share = rest * (0.5 if blend.nets_ else 1.0)
    parts: dict[Kind, float] = {}
    _add(parts, zip(_KIND, moved, strict=True), share)
    base *= rest
    if networks and isinstance(row, Rows):
        begin, found = network_reasons(ensemble(networks), row)
        base += NETWORK_SHARE * begin
        _add(parts, found.items(), NETWORK_SHARE)
    given = row if isinstance(row, Rows) else table
    left = float(blend.uncalibrated(given)[0]) - base - sum(parts.values()) if blend.nets_ else 0.0
    stretched = {kind: blend.slope_ * value for kind, value in parts.items()}
    return Reasons(blend.slope_ * base + blend.offset_, _sorted(stretched), blend.slope_ * left)


def _stretched(forecaster: Forecaster, outer: Recalibrated, row: Rows | Array) -> Reasons:
    """A recalibration stretches each part, and moves the base."""
    inner = reasons(replace(forecaster, pipeline=outer.pipeline), row)
    slope = outer.slope
    parts = tuple(part._replace(log_odds=slope * part.log_odds) for part in inner.parts)
    return Reasons(slope * inner.base + outer.offset, parts, slope * inner.perceptrons)


def _add(total: dict[Kind, float], moved: Iterable[tuple[Kind, float]], share: float) -> None:
    for kind, value in moved:
        total[kind] = total.get(kind, 0.0) + share * value


def _sorted(total: Mapping[Kind, float]) -> tuple[Part, ...]:
    parts = (Part(*kind, value) for kind, value in total.items())
    return tuple(sorted(parts, key=lambda part: -abs(part.log_odds)))
