"""The weather of a span of days at every station, as the observers wrote it down."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from raincast.observations.frame import conform
from raincast.observations.network import Network, shipped
from raincast.observations.schema import DIRECTIONS, FIELDS, OBSERVATIONS
from raincast.simulator import gaps, observe
from raincast.simulator import sites as places
from raincast.simulator.air import air
from raincast.simulator.climate import STATIONARY, Climate, season
from raincast.simulator.rain import amount
from raincast.simulator.sites import Sites
from raincast.simulator.wind import wind

Array = npt.NDArray[Any]

_WHOLE = ("Humidity", "Wind", "Cloud")
_NEXT_ROW = ("MinTemp", "Rainfall", "Evaporation")
"""Read at 9 am of the 24 hours before: they stand in the row of the day after the one that brought
them.
"""


def _days(first: date, last: date) -> Array:
    return np.arange(np.datetime64(first, "D"), np.datetime64(last, "D") + 1)


def _weather(days: Array, seed: int, climate: Climate, sites: Sites) -> dict[str, Array]:
    """Every field, (days, stations), unrounded, each day from its 9 am to the next."""
    normal, state = season(days, climate, sites), air(seed, len(days), sites)
    sky = observe.cover(seed, state, sites)
    sun = observe.sunshine(seed, sky, normal, sites)
    temperatures = observe.temperature(seed, state, sky, normal, sites)
    winds = wind(seed, state, normal, sites)
    return {
        **temperatures,
        **winds,
        **observe.humidity(seed, state, sky, normal, sites),
        **observe.pressure(seed, state, normal, sites),
        **observe.cloud(sky, normal),
        "Sunshine": sun,
        "Evaporation": observe.evaporation(sun, temperatures, winds["WindSpeed3pm"], normal),
        "Rainfall": amount(seed, state.wetness, normal.wet, sites),
    }


def _written(name: str, values: Array) -> Array:
    """The values as an observer writes them: in the field's range, to its last digit."""
    if name in DIRECTIONS:
        return values
    inside = np.clip(values, FIELDS[name].low, FIELDS[name].high)
    if name == "Evaporation":
        return np.asarray(np.round(np.round(inside / 0.2) * 0.2, 1))
    return np.asarray(np.round(inside, 0 if name.startswith(_WHOLE) else 1))


def simulate(
    first: date,
    last: date,
    seed: int,
    climate: Climate = STATIONARY,
    network: Network | None = None,
) -> pd.DataFrame:
    """An observations frame of `first` to `last`, day by day and station by station.

    The same seed and first day give the same weather however long the span is. Stations report from
    the day on which
    they entered the historical file: none before 2007-11, 46 from 2009-01, all 49 from 2013-03.

    Args:
        first: the first day.
        last: the last day, inclusive.
        seed: of all that is random.
        climate: what is changed about the climate.
        network: whose stations; the shipped ones if none is given. Their weather is the same in
            any network, and every other station's fits it (`sites`).
    """
    sites = places.of(network or shipped())
    whole = _weather(_days(first - timedelta(days=1), last), seed, climate, sites)
    readings = {n: whole[n][:-1] if n in _NEXT_ROW else whole[n][1:] for n in OBSERVATIONS}
    days = _days(first, last)
    drifted = np.where(climate.changed(days), climate.humidity_bias, 0.0)
    readings |= {name: readings[name] + drifted for name in ("Humidity9am", "Humidity3pm")}
    kept, written = gaps.apply(
        days, seed, climate, {n: _written(n, readings[n]) for n in OBSERVATIONS}, sites
    )
    keys = {
        "Location": np.tile(np.array(sites.network.locations, dtype=object), len(days)),
        "Date": days.repeat(len(sites)),
    }
    frame = pd.DataFrame(keys | {name: values.ravel() for name, values in written.items()})
    return conform(frame[kept.ravel()])
