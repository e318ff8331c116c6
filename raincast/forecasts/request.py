"""What is asked of a model: one station-day, with its observations, as of an instant."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from raincast.observations import event
from raincast.observations.availability import canonical, day_instants, instant
from raincast.observations.network import find, in_force
from raincast.observations.schema import COMPASS, DEGREES, DIRECTIONS, FIELDS, OBSERVATIONS, SLOTS

Row = npt.NDArray[np.float32]

_POSITION = {name: i for i, name in enumerate(OBSERVATIONS)}
_OF_SLOT = {
    slot: frozenset(name for name in OBSERVATIONS if FIELDS[name].slot == slot) for slot in SLOTS
}
_SPEED_OF = {_POSITION[name]: _POSITION[name.replace("Dir", "Speed")] for name in DIRECTIONS}
_MIDNIGHT, _NEXT_9AM = SLOTS.index("midnight"), SLOTS.index("next9am")


class Request(NamedTuple):
    """A forecast that is asked for.

    Attributes:
        station: its position in `in_force().stations`.
        feature_date: the day of the observations.
        issued_at: the instant whose knowledge counts, seconds since 1970.
        regime: what is due of the station's own row.
        station_name: the station as it was asked for.
        own: (observation fields,) the station's own row as the caller has it, directions in
            degrees, NaN where absent; None for the row that the archive has.
    """

    station: int
    feature_date: date
    issued_at: int
    regime: str
    station_name: str
    own: Row | None = None


def row(values: Mapping[str, Any]) -> Row:
    """(observation fields,) from values by name, directions as compass points; what is not there is
    NaN.
    """
    found = [values.get(name) for name in OBSERVATIONS]
    return np.array([np.nan if v is None else DEGREES.get(v, v) for v in found], dtype=np.float32)


def values(own: Row) -> dict[str, float | str]:
    """What a row holds, by name, directions as compass points; the opposite of `row`."""
    held = ((name, own[i].item()) for name, i in _POSITION.items() if not np.isnan(own[i]))
    return {
        name: COMPASS[round(v / 22.5) % 16] if name in DIRECTIONS else round(v, 4)
        for name, v in held
    }


def regime_of(given: frozenset[str]) -> str:
    """The regime in which these observations are known: what they show of the day."""
    if given & _OF_SLOT["next9am"]:
        return "complete"
    return "3pm" if given & (_OF_SLOT["midnight"] | _OF_SLOT["3pm"]) else "9am"


def of_values(station_name: str, day: date, given: Mapping[str, Any], now: datetime) -> Request:
    """A request with the caller's own observations.

    It counts as issued at the instant that stands for its regime, or now where that is still to
    come. A caller who
    has the day's gust or sunshine is past its midnight.

    Args:
        given: observations by name; None where absent.

    Raises:
        UnknownStation: no station has that name.
    """
    station = in_force().index[find(station_name).location]
    known = frozenset(name for name, value in given.items() if value is not None)
    at = min(usual_instant(station, day, known), instant(now))
    return Request(station, day, at, regime_of(known), station_name, row(given))


def usual_instant(station: int, day: date, known: frozenset[str]) -> int:
    """When observations of a day count as issued if nobody says: at the instant that stands for
    their regime, or at the midnight that ends the day where they have what is known by then.
    """
    at = canonical(regime_of(known), day)
    if known & _OF_SLOT["midnight"]:
        return max(at, int(day_instants(day)[station, _MIDNIGHT]))
    return at


def missing(own: Row) -> tuple[str, ...]:
    """The observations that a row does not have; a calm needs no direction."""
    absent = np.isnan(own)
    for direction, speed in _SPEED_OF.items():
        absent[direction] &= own[speed] != 0
    return _names(absent.tobytes())


@cache
def _names(absent: bytes) -> tuple[str, ...]:
    return tuple(
        name
        for name, gone in zip(OBSERVATIONS, np.frombuffer(absent, dtype=bool), strict=True)
        if gone
    )


def hours_left(station: int, feature_date: date, issued_at: int) -> float:
    """Hours of the event's 24 that were still to come at the instant, 0 to 24."""
    ends = int(day_instants(event.target_date(feature_date))[station, 0])
    return min(max((ends - issued_at) / 3600, 0.0), 24.0)
