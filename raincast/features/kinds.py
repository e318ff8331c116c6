"""What a feature or an observation is about: a quantity, and where and when it was seen."""

from raincast.features.block import FIELD, OWN, PLACE
from raincast.features.neighbours import SECTORS

Kind = tuple[str, str]
"""A quantity and a scope."""

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
