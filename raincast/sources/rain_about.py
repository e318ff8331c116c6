"""What the title of a table IDCKWCDEA0 says: in which state its site lies, and which month it is.
Pure.
"""

import re
from datetime import date, datetime
from typing import NamedTuple

from raincast.observations.network import in_force
from raincast.observations.stations import Station

_TITLE = re.compile(r"daily evapotranspiration for ([^\n]*?) for (\w+ [0-9]{4})", re.IGNORECASE)
_STATES = {
    "new south wales": "NSW",
    "victoria": "VIC",
    "queensland": "QLD",
    "south australia": "SA",
    "western australia": "WA",
    "tasmania": "TAS",
    "northern territory": "NT",
}
_AMONG = {"ACT": "NSW", "NI": "NSW"}
"""Whose sites stand among those of another."""


class About(NamedTuple):
    """The state as a table of stations has it, and the month's first day; neither where unsaid."""

    state: str = ""
    month: date | None = None

    def covers(self, day: date) -> bool:
        return self.month is None or day.replace(day=1) == self.month


def read(told: str) -> About:
    """What the title says, as far as it can be read."""
    found = _TITLE.search(told)
    if found is None:
        return About()
    whose = f" {found[1].casefold()}"
    state = next((short for state, short in _STATES.items() if whose.endswith(f" {state}")), "")
    return About(state, _month(found[2]))


def _month(told: str) -> date | None:
    try:
        return datetime.strptime(told, "%B %Y").date()
    except ValueError:
        return None


def station(site: str, state: str) -> Station | None:
    """The station of that site; None where it is nobody's, or a namesake in another state."""
    found = in_force().named(site)
    if found is None or not state or not found.state:
        return found
    return found if _AMONG.get(found.state, found.state) == state else None
