"""Looks every now and then whether something has changed, beside the requests."""

import logging
from collections.abc import Callable
from threading import Event, Thread

_log = logging.getLogger(__name__)


class Watch:
    """Calls each look at an interval in seconds, from `start` to `close`. One that fails is logged
    and tried again.
    """

    def __init__(self, seconds: float, *looks: Callable[[], None]) -> None:
        self._seconds, self._looks = seconds, looks
        self._over = Event()
        self._thread = Thread(target=self._run, name="watch", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._over.wait(self._seconds):
            for look in self._looks:
                try:
                    look()
                except Exception:
                    _log.exception("could not look after %s", look)
