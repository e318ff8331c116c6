"""In which order a server is asked for many things, and when it is left alone."""

from collections import deque
from collections.abc import Iterable
from typing import Generic, TypeVar

GIVE_UP_AFTER = 3
"""Failures in a row from the one end of the list, and then from the other, after which the server
is left alone.
"""
NOT_ASKED_FOR = f"not asked for after {2 * GIVE_UP_AFTER} failures in a row"

Thing = TypeVar("Thing")


class BothEnds(Generic[Thing]):
    """Things to ask for from the front of a list, and after a few failures in a row from its back:
    a few that hang, at the one end, keep no other from being asked for.
    """

    def __init__(self, things: Iterable[Thing]) -> None:
        self._waiting, self._failures = deque(things), 0

    def __len__(self) -> int:
        return len(self._waiting)

    def next(self) -> Thing:
        """The next one; once given up, the rest in some order."""
        first = self._failures < GIVE_UP_AFTER
        return self._waiting.popleft() if first else self._waiting.pop()

    @property
    def given_up(self) -> bool:
        """Whether the server is to be left alone."""
        return self._failures >= 2 * GIVE_UP_AFTER

    def tell(self, failed: bool) -> None:
        """How the last one went."""
        self._failures = self._failures + 1 if failed else 0
