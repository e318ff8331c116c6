"""Why a forecast is what it is: how far each kind of observation moved the log-odds of rain.

The trees' log-odds are taken apart exactly, by SHAP values for trees (Lundberg et al. 2020, Nature
Machine Intelligence 2, 56-67), and added up by quantity and by where and when it was seen. The
perceptrons are not taken
apart: what they add to the trees is one part of its own. All parts and the base make the forecast's
log-odds.

A part says what the model made of an observation beside the others; it is no cause.
"""

from typing import NamedTuple

import numpy as np
import xgboost

from raincast.errors import BadInput
from raincast.features.block import FIELD, NAMES, OWN, PLACE, Array
from raincast.features.neighbours import SECTORS
from raincast.learning.blend import Blend, Forecaster

QUANTITIES = (
    "rain",
    "humidity",
    "pressure",
    "cloud",
    "sunshine",
    "wind",
    "temperature",
    "evaporation",
    "place",
)
SCOPES = ("here", "before", "around", *SECTORS, "always")
"""Seen here on the day, here on the days before, at other stations, at those of one direction; or
nothing seen.
"""

_OF_NAME = {
    "rain": ("Rain", "Wet"),
    "humidity": ("Humidity", "Dew", "Depression", "Drying"),
    "pressure": ("Pressure",),
    "cloud": ("Cloud",),
    "sunshine": ("Sunshine",),
    "wind": ("Wind", "Gust"),
    "evaporation": ("Evaporation",),
    "temperature": ("Temp", "MinTemp", "MaxTemp", "Warming"),
}


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
        base: the trees' log-odds before anything is known.
        parts: the strongest first.
        perceptrons: what the perceptrons add to the trees; 0 in a model that has none.
    """

    base: float
    parts: tuple[Part, ...]
    perceptrons: float


def quantity(name: str) -> str:
    """Which of `QUANTITIES` a feature is about."""
    if name in PLACE:
        return "place"
    return next(of for of, beginnings in _OF_NAME.items() if name.startswith(beginnings))


def scope(name: str) -> str:
    """Which of `SCOPES` a feature was seen in."""
    if name in PLACE:
        return "always"
    if name in FIELD:
        return next((sector for sector in SECTORS if name.endswith(f"_{sector}")), "around")
    return "here" if name in OWN else "before"


_KIND = [(quantity(name), scope(name)) for name in NAMES]


def reasons(forecaster: Forecaster, X: Array) -> Reasons:
    """The reasons of one forecast, from its (K,) features in the order of `features.NAMES`.

    Raises:
        BadInput: the model is not one that can be taken apart.
    """
    blend = forecaster.pipeline[-1]
    if not isinstance(blend, Blend):
        raise BadInput(
            f"model {forecaster.version}: expected boosted trees and perceptrons, found"
            f" {type(blend).__name__}"
        )
    row = np.ascontiguousarray(X, dtype=np.float32)[None]
    *moved, base = (
        blend.trees_.get_booster().predict(xgboost.DMatrix(row), pred_contribs=True)[0].tolist()
    )
    share = 0.5 if blend.nets_ else 1.0
    rest = float(blend.log_odds(row)[0]) - base - share * sum(moved)
    return Reasons(base, _added([share * value for value in moved]), rest if blend.nets_ else 0.0)


def _added(moved: list[float]) -> tuple[Part, ...]:
    total: dict[tuple[str, str], float] = {}
    for kind, value in zip(_KIND, moved, strict=True):
        total[kind] = total.get(kind, 0.0) + value
    parts = (Part(*kind, value) for kind, value in total.items())
    return tuple(sorted(parts, key=lambda part: -abs(part.log_odds)))
