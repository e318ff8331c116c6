"""What the instruments read in that air: pressure, cloud, sun, temperature, humidity, evaporation.

A reading shows the air at its own time and noise of its own, so it tells as much of the rain to
come as the air does. Arrays are (days, stations) or (days, steps, stations); a day runs from its 9
am to the next.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import expit, logit, ndtri

from raincast.simulator.air import Air
from raincast.simulator.climate import Season
from raincast.simulator.sites import Sites
from raincast.simulator.zones import RIDGE

Array = npt.NDArray[Any]

MORNING, AFTERNOON, EVENING, NIGHT = range(4)

_NORTHWARD = (-43.0, -38.0, -34.0, -27.0, -20.0, -12.0)
_SEA_LEVEL = (1014.4, 1017.7, 1018.4, 1018.0, 1015.2, 1011.8)
_STORMINESS = (9.7, 7.6, 6.5, 4.6, 2.7, 1.9)
_CONTINENTAL = (3.4, 3.6, 3.4, 2.6, 1.8, 1.2)
_OKTAS = ndtri(np.array([0.08, 0.25, 0.33, 0.40, 0.46, 0.53, 0.63, 0.845, 0.9995]))
_USUAL_CHANCE = 0.22


def pressure(seed: int, air: Air, season: Season, sites: Sites) -> dict[str, Array]:
    """Mean sea level pressure, hPa: the season's ridge, the fronts' wave, blocking highs, the lows
    that bring rain.
    """
    swell = 0.64 * air.fronts.real + 0.70 * air.blocking - 0.32 * air.systems
    sea_level, storminess = (
        np.interp(sites.latitude, _NORTHWARD, of) for of in (_SEA_LEVEL, _STORMINESS)
    )
    level = sea_level - RIDGE[sites.near] * season.summer
    noise = 0.4 * sites.drawn(seed, "pressure", (len(level), 2))
    return {
        "Pressure9am": level + storminess * swell[:, MORNING] + noise[:, 0],
        "Pressure3pm": level + storminess * swell[:, AFTERNOON] + noise[:, 1] - 2.4,
    }


def warmth(air: Air) -> Array:
    """Air mass against the normal, variance 1: northerlies before the trough are warm, and heat
    lingers.
    """
    return -0.58 * air.fronts.imag + 0.75 * air.heat - 0.32 * air.fronts.real


def cover(seed: int, air: Air, sites: Sites) -> Array:
    """(days, steps, stations) cloud against the usual, variance 1: what the sky shows of the
    wetness, and noise.
    """
    noise = sites.drawn(seed, "cloud", air.unrest.shape[:2])
    return 0.70 * air.unrest + 0.20 * air.local[:, None] + 0.68 * noise


def usual_cover(season: Season) -> Array:
    """How cloudy the place and season are, on the scale of `cover`."""
    return np.asarray(0.6 * (ndtri(season.wet) - ndtri(_USUAL_CHANCE)))


def cloud(sky: Array, season: Season) -> dict[str, Array]:
    """Oktas."""
    oktas = np.searchsorted(_OKTAS, sky[:, :EVENING] + usual_cover(season)[:, None]).astype(float)
    return {"Cloud9am": oktas[:, MORNING], "Cloud3pm": oktas[:, AFTERNOON]}


def sunshine(seed: int, sky: Array, season: Season, sites: Sites) -> Array:
    """Hours of bright sunshine in the day."""
    noise = 0.35 * sites.drawn(seed, "sunshine", (len(sky),))
    dull = 0.42 * sky[:, MORNING] + 0.58 * sky[:, AFTERNOON] + usual_cover(season) + noise
    return np.asarray(np.clip(1.12 * expit(0.8 - 1.6 * dull) - 0.09, 0, 0.94) * season.daylight)


def temperature(seed: int, air: Air, sky: Array, season: Season, sites: Sites) -> dict[str, Array]:
    """°C. Cloud and rain cool the day and keep the night warm; `MinTemp` is that of the night that
    follows the day.
    """
    inland = np.sqrt(sites.normal("range") / 11)
    warm = np.interp(sites.latitude, _NORTHWARD, _CONTINENTAL) * inland * warmth(air)
    noise = sites.drawn(seed, "temperature", (len(warm), 4))
    dull = 0.5 * sky[:, MORNING] + 0.5 * sky[:, AFTERNOON] + 0.2 * air.local
    half = season.range / 2
    high = (
        season.temperature
        + half * (1 - 0.26 * dull)
        + 1.10 * warm[:, AFTERNOON]
        + 0.7 * noise[:, 0]
    )
    low = (
        season.temperature
        - half * (1 - 0.24 * sky[:, NIGHT])
        + 0.80 * warm[:, NIGHT]
        + 0.9 * noise[:, 1]
    )
    before = np.minimum(np.concatenate([low[:1], low[:-1]]), high - 0.5)
    morning = before + (0.42 + 0.06 * noise[:, 2]) * (high - before)
    afternoon = high - 0.4 - np.abs(1.3 * noise[:, 3])
    return {
        "MinTemp": np.concatenate([before[1:], low[-1:]]),
        "MaxTemp": high,
        "Temp9am": np.clip(morning, before, high),
        "Temp3pm": np.maximum(afternoon, before),
    }


def humidity(seed: int, air: Air, sky: Array, season: Season, sites: Sites) -> dict[str, Array]:
    """Percent. Additive in log-odds: damp air and cloud raise it, warm air lowers it."""
    warm = warmth(air)
    noise = sites.drawn(seed, "humidity", (len(warm), 2))
    found = {}
    for name, usual, step, wet in (
        ("Humidity9am", "rh9", MORNING, 0.38),
        ("Humidity3pm", "rh3", AFTERNOON, 0.48),
    ):
        normal = logit(np.clip((sites.normal(usual) + season.damp) / 100, 0.05, 0.95))
        damp = (
            wet * air.unrest[:, step]
            + 0.15 * sky[:, step]
            + 0.15 * air.moisture[:, step]
            - 0.30 * warm[:, step]
        )
        found[name] = 100 * expit(normal + damp + 0.35 * noise[:, step])
    return found


def evaporation(
    sun: Array, temperatures: dict[str, Array], wind_kmh: Array, season: Season
) -> Array:
    """Class A pan evaporation of the day, mm, after Hargreaves and Samani (1985), with the day's
    own sun and wind.
    """
    high, low = temperatures["MaxTemp"], temperatures["MinTemp"]
    warm, wide = np.maximum((high + low) / 2, -10) + 17.8, np.maximum(high - low, 1)
    reference = 0.0023 * season.radiation * warm * np.sqrt(wide)
    return np.asarray(reference * (0.35 + 0.65 * sun / season.daylight) * (0.9 + 0.055 * wind_kmh))
