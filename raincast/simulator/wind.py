"""Wind at 9 am, at 3 pm and the day's strongest gust: what prevails, what the pressure waves drive,
and eddies.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from raincast.observations.schema import COMPASS
from raincast.simulator.air import Air
from raincast.simulator.climate import Season
from raincast.simulator.sites import Sites
from raincast.simulator.zones import WINDS

Array = npt.NDArray[Any]

KNOT = 1.852
"""km/h; the instruments read whole knots."""

_DRIVEN = (-43, -34, -27, -18, -12), (13.0, 11.0, 8.0, 4.0, 2.5)
"""By latitude, how strong the wind is that the pressure waves drive, km/h."""
_EDDIES = 6.0
_POINTS = np.array(COMPASS, dtype=object)

# Hour, the station's normal, factor, and the km/h below which the air seems still: the night's calm
# reaches into 9 am.
_HOURS = (("9am", "w9", 1.39, 4.6), ("3pm", "w3", 1.17, 2.2))


def _prevailing(season: Season, sites: Sites) -> Array:
    """(days, hours, components, stations) km/h towards the east and the north."""
    july = (0.5 - season.summer / 2)[:, None, None]
    january, midyear = WINDS[..., sites.near]
    return np.asarray(january * (1 - july) + midyear * july)


def _driven(air: Air, strength: Array) -> Array:
    """(days, hours, components, stations) km/h: westerly in the trough, northerly before it."""
    wave = air.fronts[:, : len(_HOURS)]
    east = (
        -0.7 * wave.real
        - 0.45 * air.blocking[:, : len(_HOURS)]
        + 0.3 * air.systems[:, : len(_HOURS)]
    )
    return np.stack([east, wave.imag], axis=2) * strength


def whole_knots(speed: Array) -> Array:
    """km/h as the instruments give them: whole knots, rounded to whole km/h."""
    return np.asarray(np.round(np.round(speed / KNOT) * KNOT))


def points(east: Array, north: Array) -> Array:
    """The compass points from which a wind blows that moves towards (east, north)."""
    return np.asarray(
        _POINTS[np.round(np.degrees(np.arctan2(-east, -north)) / 22.5).astype(int) % len(COMPASS)]
    )


def wind(seed: int, air: Air, season: Season, sites: Sites) -> dict[str, Array]:
    """(days, stations) speeds in km/h and points of 9 am, 3 pm and the strongest gust; a calm has
    no point.
    """
    eddies = _EDDIES * sites.drawn(seed, "wind", (len(air.fronts), len(_HOURS), 2))
    prevailing, driven = _prevailing(season, sites), np.interp(sites.latitude, *_DRIVEN)
    vector = prevailing + _driven(air, driven) + eddies
    usual = np.sqrt((prevailing**2).sum(axis=2) + 1.3 * driven**2 + 2 * _EDDIES**2)
    strength = np.hypot(vector[:, :, 0], vector[:, :, 1]) / usual
    found: dict[str, Array] = {}
    for i, (hour, normal, factor, still) in enumerate(_HOURS):
        speed = sites.normal(normal) * factor * strength[:, i] ** 0.75 - still
        found["WindSpeed" + hour] = whole_knots(np.maximum(speed, 0))
        found["WindDir" + hour] = points(*vector[:, i].swapaxes(0, 1))
        found["WindDir" + hour][found["WindSpeed" + hour] == 0] = None
    strongest = np.maximum(found["WindSpeed9am"], found["WindSpeed3pm"])
    return found | _gust(seed, air, strength, vector[:, 1], strongest, sites)


def _gust(
    seed: int, air: Air, strength: Array, afternoon: Array, strongest: Array, sites: Sites
) -> dict[str, Array]:
    """The strongest gust: more than the wind's in troughs, before fronts and in showers; from about
    where 3 pm's is.
    """
    noise = sites.drawn(seed, "gust", (len(air.fronts), 2))
    squall = 0.05 * (air.unrest[:, 1] + air.local) - 0.10 * (
        air.fronts.imag[:, 2] + air.fronts.real[:, 1]
    )
    blow = 0.62 + 0.13 * strength[:, 0] + 0.29 * strength[:, 1] + squall + 0.10 * noise[:, 0]
    turned = (afternoon[:, 0] + 1j * afternoon[:, 1]) * np.exp(0.44j * noise[:, 1])
    speed = whole_knots(np.maximum(sites.normal("gust") * blow, strongest + 2 * KNOT))
    return {"WindGustSpeed": speed, "WindGustDir": points(turned.real, turned.imag)}
