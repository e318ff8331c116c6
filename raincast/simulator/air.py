"""The state of the air over the stations: fronts, systems, moisture, regimes, and how wet a day
they make.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from raincast.observations import sphere
from raincast.observations.network import shipped
from raincast.simulator.sites import Sites
from raincast.simulator.streams import lingering, stream
from raincast.simulator.synoptic import STEPS, fronts, systems
from raincast.simulator.zones import LEAD, WEIGHT

Array = npt.NDArray[Any]

_WAVES = {
    "fronts": fronts(),
    "systems": systems(420, memory=1.5, east_km_per_day=550),
    "moisture": systems(800, memory=4.0, east_km_per_day=150),
    "regime": systems(1500, memory=14.0, east_km_per_day=0),
    "blocking": systems(1400, memory=7.0, east_km_per_day=250),
    "heat": systems(900, memory=4.0, east_km_per_day=350),
}
_RAINY = ("fronts", "systems", "moisture", "regime")
_LOCAL_KM = 250.0
_LOCAL_LINGERS = 0.25


@dataclass(frozen=True)
class Air:
    """The drivers of the weather, each of mean 0 and variance 1; day d runs from its 9 am to the
    next.

    Attributes:
        fronts: (days, steps, stations) complex wave; the real part is pressure, the imaginary part
            the southerly wind.
        systems, moisture, regime, blocking, heat: (days, steps, stations).
        local: (days, stations) what is local to the day's rain and shows in the sky only while it
            happens.
        unrest: (days, steps, stations) how much each state adds to the wetness, without what is
            local.
        wetness: (days, stations) of the whole day.
    """

    fronts: Array
    systems: Array
    moisture: Array
    regime: Array
    blocking: Array
    heat: Array
    local: Array
    unrest: Array
    wetness: Array


def _together(places: Array) -> Array:
    """(places, places) what makes independent numbers as alike as those of near places are."""
    alike = np.exp(-sphere.distances(places, places) / _LOCAL_KM)
    return np.linalg.cholesky(alike + 1e-9 * np.eye(len(places)))


def _local(seed: int, days: int, sites: Sites) -> Array:
    home, others = shipped(), sites.network.places[~sites.is_shipped]
    drawn = stream(seed, "local").standard_normal((days, len(home)))

    def elsewhere(count: int) -> Array:
        more = stream(seed, "local elsewhere").standard_normal((days, count))
        near = _together(np.concatenate([home.places, others]))[len(home) :]
        return np.concatenate([drawn, more], axis=1) @ near.T

    fresh = sites.joined(drawn @ _together(home.places).T, elsewhere)
    fresh[1:] *= np.sqrt(1 - _LOCAL_LINGERS**2)
    return np.asarray(lingering(fresh, _LOCAL_LINGERS))


def _mean_of_day(states: Array) -> Array:
    """(days, stations) mean of each day's five states, 9 am to 9 am, from (days + 1, steps,
    stations).
    """
    return np.asarray((states[:-1].sum(axis=1) + states[1:, 0]) / (STEPS + 1))


def air(seed: int, days: int, sites: Sites) -> Air:
    """The air of that many days; each day is the same however many follow."""
    count = (days + 1) * STEPS
    state = {
        n: w.field(stream(seed, n), count, sites).reshape(days + 1, STEPS, -1)
        for n, w in _WAVES.items()
    }
    force = {name: state[name].real for name in _RAINY} | {
        "fronts": -(state["fronts"] * LEAD[sites.near]).real
    }
    local, weight = _local(seed, days, sites), {n: w[sites.near] for n, w in WEIGHT.items()}
    weather = sum(weight[n] / _WAVES[n].spread_of_day() * _mean_of_day(force[n]) for n in _RAINY)
    unrest = sum(weight[n] * force[n][:-1] for n in _RAINY) / np.sqrt(1 - weight["local"] ** 2)
    driven = {name: field.real[:-1] for name, field in state.items()} | {
        "fronts": state["fronts"][:-1]
    }
    return Air(
        **driven, local=local, unrest=np.asarray(unrest), wetness=weather + weight["local"] * local
    )
