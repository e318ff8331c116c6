"""What is missing from the record: instruments that a station lacks, days that nobody read, rain
left standing.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from raincast.observations.schema import DIRECTIONS
from raincast.simulator.climate import Climate
from raincast.simulator.instruments import INSTRUMENTS, SINCE
from raincast.simulator.sites import Sites
from raincast.simulator.streams import stream

Array = npt.NDArray[Any]

FIELDS_OF = {
    "rain": ("Rainfall",),
    "air": ("MinTemp", "MaxTemp", "Temp9am", "Temp3pm"),
    "humid": ("Humidity9am", "Humidity3pm"),
    "press": ("Pressure9am", "Pressure3pm"),
    "evap": ("Evaporation",),
    "sun": ("Sunshine",),
    "gust": ("WindGustDir", "WindGustSpeed"),
    "wind": ("WindDir9am", "WindDir3pm", "WindSpeed9am", "WindSpeed3pm"),
    "cloud": ("Cloud9am", "Cloud3pm"),
    "noon": ("Temp3pm", "Humidity3pm", "WindDir3pm", "WindSpeed3pm", "Cloud3pm"),
    "row": (),
}
"""The fields that go missing together; `noon` is a visit that is not made, `row` a day that is not
there at all.
"""

_RUN_DAYS = {
    "rain": 2.2,
    "air": 8,
    "humid": 8,
    "press": 20,
    "evap": 90,
    "sun": 90,
    "gust": 3,
    "wind": 3,
    "cloud": 2,
}
_USUAL_RUN_DAYS = 2.0
_NEVER = 0.97
_EMPTIED_LATE = 0.85
_LONGEST_STANDING = 4
_NOTHING: tuple[Any, Any] = (np.nan, None)
_OBSERVER = ("evap", "sun", "cloud")


def _outages(seed: int, days: int, share: Array, run: Array, sites: Sites) -> Array:
    """(days, ...) what is out: two-state Markov chains, out on that share of the days, in runs of
    that mean length.
    """
    odds = share / (1 - np.minimum(share, _NEVER))
    run = np.maximum(run, odds)
    ends, begins = 1 / run, odds / run
    draws = np.moveaxis(_of_instruments(seed, days, share.shape[1], sites), -1, 1)
    out = np.empty(draws.shape, dtype=bool)
    out[:1] = draws[:1] < share
    for day in range(1, days):
        out[day] = np.where(out[day - 1], draws[day] >= ends, draws[day] < begins)
    return np.asarray(out | (share >= _NEVER))


def _of_instruments(seed: int, days: int, groups: int, sites: Sites) -> Array:
    """(days, groups, stations) from 0 to 1."""

    def drawn(name: str, count: int) -> Array:
        return stream(seed, name).random((days, count, groups)).swapaxes(1, 2)

    home = drawn("outages", len(INSTRUMENTS))
    return sites.joined(home, lambda count: drawn("outages elsewhere", count))


def _lost(seed: int, climate: Climate, sites: Sites) -> Array:
    """(stations,) those that lose their observer when the climate changes."""

    def lost(name: str, count: int) -> Array:
        order = stream(seed, name).permutation(count)
        return np.asarray(order < round(climate.lost_share * count))

    home = lost("lost", len(INSTRUMENTS))
    return sites.joined(home, lambda count: lost("lost elsewhere", count))


def standing(rain: Array, out: Array, emptied_late: Array) -> Array:
    """Readings of a gauge that was not read while `out`: the next one may hold the rain of all the
    days since.

    Args:
        rain: (days, stations) mm of each day.
        out: (days, stations) whether the gauge was not read.
        emptied_late: (days, stations) whether the gauge, if unread, kept its water until that day's
            reading.
    """
    held, since = np.zeros(rain.shape[1]), np.zeros(rain.shape[1], dtype=int)
    readings = np.where(out, np.nan, rain)
    for day in np.flatnonzero(np.logical_or.accumulate(out.any(axis=1))):
        readings[day] += np.where(emptied_late[day] & (since <= _LONGEST_STANDING), held, 0)
        held, since = np.where(out[day], held + rain[day], 0), np.where(out[day], since + 1, 0)
    return np.asarray(np.round(readings, 1))


def apply(
    days: Array, seed: int, climate: Climate, readings: dict[str, Array], sites: Sites
) -> tuple[Array, dict[str, Array]]:
    """(days, stations) which rows there are, and the readings with what is missing taken out of
    them.
    """
    known = INSTRUMENTS[list(FIELDS_OF)].to_numpy()[sites.near]
    share = np.minimum(known / 100 * climate.gaps, 1)
    run = np.array([_RUN_DAYS.get(group, _USUAL_RUN_DAYS) for group in FIELDS_OF])
    out = dict(
        zip(
            FIELDS_OF, np.moveaxis(_outages(seed, len(days), share, run, sites), -1, 0), strict=True
        )
    )
    for group in _OBSERVER:
        out[group] = out[group] | (climate.changed(days) & _lost(seed, climate, sites))
    late = sites.drawn(seed, "emptied", (len(days),), "random") < _EMPTIED_LATE
    found = readings | {"Rainfall": standing(readings["Rainfall"], out["rain"], late)}
    for group, names in FIELDS_OF.items():
        for name in names:
            found[name] = np.where(out[group], _NOTHING[name in DIRECTIONS], found[name])
    return ~out["row"] & (days[:, None] >= SINCE[sites.near]), found
