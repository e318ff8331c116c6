"""When a policy wants the model mended. Pure."""

import re
from typing import NamedTuple

from raincast.decisions.decided import TRIGGER, Verdict
from raincast.errors import BadInput

EXPECTED = (
    "never, or specification, interval, watch, every:DAYS, ladder or remedy, each also with +search"
)
_SEARCH = "+search"
_BY_RULE = {"specification": "specification", "interval": "interval", "ladder": "interval"}

_BY_WATCH = {"watch": "watch", "remedy": "watch"}
"""`remedy` lets the watch's finding choose what is tried, as CHEAPEST_FIRST does."""
_CHEAPEST_FIRST = ("ladder", "remedy")


class Policy(NamedTuple):
    """Attributes:
    name: as it was asked for.
    rule: the decision rule that it follows; None where it follows the calendar or nothing.
    days: between two retrainings, where it follows the calendar.
    cheapest_first: whether it tries cheaper cures before a retraining.
    searches: whether a search for parameters goes before a retraining.
    """

    name: str
    rule: str | None
    days: int | None
    cheapest_first: bool
    searches: bool

    @property
    def folder(self) -> str:
        """The name of its folder."""
        return self.name.replace(":", "-")


def parse(name: str) -> Policy:
    """A policy by its name.

    Raises:
        BadInput: there is no such policy.
    """
    plain = name.removesuffix(_SEARCH)
    every = re.fullmatch(r"every:([1-9]\d*)", plain)
    rules = _BY_RULE | _BY_WATCH
    if not every and plain not in rules and name != "never":
        raise BadInput(f"--policy: found {name!r}, expected {EXPECTED}")
    days = int(every[1]) if every else None
    cheapest = plain in _CHEAPEST_FIRST
    return Policy(name, rules.get(plain), days, cheapest, name.endswith(_SEARCH))


def wants(policy: Policy, verdict: Verdict, days_since: float, new_rows_asked: int) -> bool:
    """Whether the policy acts now.

    Args:
        verdict: on the live quality; its evidence says what either rule would do.
        days_since: since the last action, or since the replay began.
        new_rows_asked: fewest new rows under the calendar.
    """
    if policy.days is not None:
        return days_since >= policy.days and verdict.evidence.new_rows >= new_rows_asked
    return policy.rule is not None and verdict.evidence.rules[policy.rule] == TRIGGER
