"""From a day's wetness to rain in the gauge."""

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import gamma, ndtr

from raincast.observations.event import RAIN_TODAY
from raincast.simulator.sites import Sites

Array = npt.NDArray[Any]

TAIL = 0.7
"""Shape of the Weibull tail of a wet day's rain: its 99th percentile is fifteen times the median.
"""

ANY_RAIN = 2.4
"""Days with any drop for each wet day; those below the gauge's step read 0."""

_WET = RAIN_TODAY.threshold_mm
"""The normals count days with more; whatever event a network has, the weather is the same."""
GAUGE_MM = 0.2
LARGEST_MM = 600.0
_READ_BY_EYE = 0.004


def amount(seed: int, wetness: Array, chance: Array, sites: Sites) -> Array:
    """(days, stations) mm: more than 1 mm with exactly the given chance, and a heavy tail above.

    A wetness w is reached with probability u = 1 - Φ(w). Where u is below the chance p the rain r
    solves
    P(R > r) = p exp(-((r - 1) / b)^TAIL), with b such that a wet day brings the station's mean.
    Where it is above,
    the rain falls from 1 mm at u = p to nothing at ANY_RAIN times p. Gauges tip at 0.2 mm; a few
    are read to 0.1.

    Args:
        seed: of the readings by eye.
        wetness: (days, stations) Gaussian of variance 1.
        chance: (days, stations) of a wet day, 0..1.
    """
    rarity = np.maximum(ndtr(-wetness), 1e-12) / chance
    scale = (sites.normal("mm") - _WET) / gamma(1 + 1 / TAIL)
    wet = np.minimum(_WET + scale * np.maximum(-np.log(rarity), 0) ** (1 / TAIL), LARGEST_MM)
    damp = _WET * np.maximum(1 - np.log(np.maximum(rarity, 1)) / np.log(ANY_RAIN), 0) ** 2
    tips = np.where(rarity < 1, np.floor(wet / GAUGE_MM) + 1, np.floor(damp / GAUGE_MM))
    by_eye = (sites.drawn(seed, "by eye", tips.shape[:1], "random") < _READ_BY_EYE) & (rarity < 1)
    return np.asarray(np.round(tips * GAUGE_MM + by_eye * GAUGE_MM / 2, 1))
