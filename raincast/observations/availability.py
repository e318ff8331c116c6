"""When each value of a row becomes known, and the regimes that follow from it.

Slots are local clock times at the station: 9 am and 3 pm on the feature date, the midnight that
ends it, and 9 am of the day after. Instants are whole seconds since 1970-01-01 UTC.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from raincast.observations.network import Network, in_force
from raincast.observations.schema import FIELDS, OBSERVATIONS, SLOTS

Instants = npt.NDArray[np.int64]

REGIMES = ("9am", "3pm", "complete")
"""What a forecast had of its station's own row: the morning, the afternoon too, or everything."""

_AT = {
    "9am": (timedelta(0), time(9)),
    "3pm": (timedelta(0), time(15)),
    "midnight": (timedelta(days=1), time(0)),
    "next9am": (timedelta(days=1), time(9)),
}
_CANONICAL_UTC = {
    "9am": timedelta(hours=1),
    "3pm": timedelta(hours=7),
    "complete": timedelta(hours=25),
}

FIELD_SLOT: npt.NDArray[np.intp] = np.array(
    [SLOTS.index(FIELDS[name].slot) for name in OBSERVATIONS]
)
"""(fields,) position in `SLOTS` at which each field becomes known."""


def instant(moment: datetime) -> int:
    """Seconds since 1970 of an aware moment."""
    return int(moment.timestamp())


def moment(seconds: int) -> datetime:
    """The aware UTC moment of an instant."""
    return datetime.fromtimestamp(int(seconds), UTC)


def canonical(regime: str, day: date) -> int:
    """A UTC instant at which every station has exactly this regime's observations; none has
    more. So where clocks are 8 to 13 hours ahead of UTC, as in Australia and New Zealand.

    01:00 UTC is 9 am or later there and before 3 pm; 07:00 UTC is 3 pm or later and before
    midnight; 01:00 UTC
    of the next day is 9 am or later.
    """
    return instant(datetime.combine(day, time(0), UTC) + _CANONICAL_UTC[regime])


@cache
def _zone_instants(zone: str, day: date) -> tuple[int, ...]:
    place = ZoneInfo(zone)
    return tuple(
        instant(datetime.combine(day + days, clock, place)) for days, clock in _AT.values()
    )


def day_instants(day: date, network: Network | None = None) -> Instants:
    """(stations, slots) when each slot of that feature date comes, in seconds since 1970.

    Args:
        network: whose stations, here and below; the one in force if none is given.
    """
    return _instants(day, network or in_force())


@cache
def _instants(day: date, network: Network) -> Instants:
    found = np.array([_zone_instants(s.time_zone, day) for s in network.stations], dtype=np.int64)
    found.flags.writeable = False
    return found


def known(day: date, issued_at: int, network: Network | None = None) -> npt.NDArray[np.bool_]:
    """(stations, fields) whether a value of that day's row could be known at the instant."""
    return (day_instants(day, network) <= issued_at)[:, FIELD_SLOT]


def regimes(day: date, issued_at: int) -> list[str | None]:
    """Each station's regime for that feature date at the instant; None before its 9 am."""
    due = day_instants(day) <= issued_at
    names = np.full(len(due), None, dtype=object)
    for slot, name in (("9am", "9am"), ("3pm", "3pm"), ("next9am", "complete")):
        names[due[:, SLOTS.index(slot)]] = name
    return list(names)


def newest_feature_date(station_index: int, at: datetime) -> date:
    """The feature date of a forecast issued at that moment: the newest whose 9 am has come at the
    station.
    """
    local = at.astimezone(ZoneInfo(in_force().stations[station_index].time_zone))
    return local.date() if local.time() >= time(9) else local.date() - timedelta(days=1)
