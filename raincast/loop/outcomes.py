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
    return [f"{', '.join(steps)}: {cause}" for cause, steps in _whose(failed.items()).items()]


def by_cause(failed: Mapping[str, str]) -> list[str]:
    """One line for each cause of what failed at stations: the cause, then whose it is."""
    causes = ((name, _WHERE.sub("", why, count=1)) for name, why in failed.items())
    return [f"{cause} ({', '.join(names)})" for cause, names in _whose(causes).items()]


def _whose(causes: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Names by cause, in the order in which the causes first came."""
    found: dict[str, list[str]] = {}
    for name, cause in causes:
        found.setdefault(cause, []).append(name)
    return found
