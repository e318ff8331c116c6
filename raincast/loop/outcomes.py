"""Many messages in few lines: those of one cause stand together, the cause first. Pure."""

import re
from collections.abc import Iterable, Mapping

MOST_NAMED = 5
_WHERE = re.compile(r"^(\S+?)(, line \d+(?:, field '[^']*')?)?: ")


def grouped(lines: Iterable[str]) -> list[str]:
    """One line for each cause, in the order in which it first came: what it is, and where."""
    places: dict[str, list[str]] = {}
    for line in lines:
        found = _WHERE.match(line)
        cause = line[found.end() :] if found else line
        places.setdefault(cause, []).append("".join(filter(None, found.groups())) if found else "")
    return [f"{cause}{_at([place for place in where if place])}" for cause, where in places.items()]


def _at(places: list[str]) -> str:
    if not places:
        return ""
    more = len(places) - MOST_NAMED
    rest = f", and {more} more" if more > 0 else ""
    return f" ({', '.join(places[:MOST_NAMED])}{rest})"


def of_steps(failed: Mapping[str, str]) -> list[str]:
    """One line for each cause of what failed of a round: its steps, then the cause."""
    steps: dict[str, list[str]] = {}
    for step, why in failed.items():
        steps.setdefault(why, []).append(step)
    return [f"{', '.join(names)}: {cause}" for cause, names in steps.items()]


def by_cause(failed: Mapping[str, str]) -> list[str]:
    """One line for each cause of what failed at stations: the cause, then whose it is."""
    stations: dict[str, list[str]] = {}
    for station, why in failed.items():
        found = _WHERE.match(why)
        stations.setdefault(why[found.end() :] if found else why, []).append(station)
    return [f"{cause}: {', '.join(names)}" for cause, names in stations.items()]
