"""A mirror's clock: it stands, runs, or is moved."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Lock

from raincast.errors import BadInput


class Clock:
    """Tells an instant; may be used by several threads.

    Args:
        at: what it shows first (aware).
        rate: its seconds per second; 0 stands, 1 runs as ours.
        monotonic: seconds that never go back, by which it runs.
    """

    def __init__(self, at: datetime, rate: float, monotonic: Callable[[], float]) -> None:
        self._lock, self._monotonic = Lock(), monotonic
        self._at, self._rate, self._since = at.astimezone(UTC), rate, monotonic()

    def now(self) -> datetime:
        """What it shows: an aware moment, UTC."""
        with self._lock:
            return self._shown(self._monotonic())

    @property
    def rate(self) -> float:
        """Its seconds per second."""
        return self._rate

    def move(
        self, at: datetime | None = None, by: timedelta = timedelta(0), rate: float | None = None
    ) -> datetime:
        """Put it to an instant (None: where it is) and on from there, and change its rate (None: as
        it is).

        Raises:
            BadInput: there is no such moment in our calendar.
        """
        with self._lock:
            since = self._monotonic()
            try:
                moved = (at.astimezone(UTC) if at else self._shown(since)) + by
            except OverflowError as error:
                raise BadInput(
                    f"found {at or by}, expected a moment of the years 1 to 9999"
                ) from error
            self._at, self._since = moved, since
            self._rate = self._rate if rate is None else rate
            return moved

    def _shown(self, seconds: float) -> datetime:
        return self._at + timedelta(seconds=self._rate * (seconds - self._since))
