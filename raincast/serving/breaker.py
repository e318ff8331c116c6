"""A circuit breaker: what has failed again and again is left alone for a while."""

import time
from collections.abc import Callable

MOST_FAILURES = 3
REST_SECONDS = 60.0


class Breaker:
    """Open after a number of failures in a row; after the rest one attempt may show that it is
    over.

    For one thread at a time.
    """

    def __init__(
        self,
        most: int = MOST_FAILURES,
        rest_seconds: float = REST_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._most, self._rest, self._clock = most, rest_seconds, clock
        self._failures, self._until = 0, 0.0

    def wait_seconds(self) -> float:
        """How long not to try yet; 0 where one may. Whoever is let in keeps the others out until
        it is known how it went.
        """
        if self._failures < self._most:
            return 0.0
        left = self._until - self._clock()
        if left <= 0:
            self._until = self._clock() + self._rest
        return max(0.0, left)

    def succeeded(self) -> None:
        self._failures = 0

    def failed(self) -> None:
        self._failures += 1
        self._until = self._clock() + self._rest
