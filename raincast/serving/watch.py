"""Looks every now and then whether something has changed, beside the requests."""

import logging
from collections.abc import Callable
from threading import Event, Thread

from raincast.errors import RaincastError

_log = logging.getLogger(__name__)


class Watch:
    """Calls each look at an interval in seconds, from `start` to `close`. One that fails is tried
    again; what is in its way is logged once, as long as it is the same.
    """

    def __init__(self, seconds: float, *looks: Callable[[], None]) -> None:
        self._seconds, self._looks = seconds, looks
        self._said: dict[Callable[[], None], str] = {}
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
                self._try(look)

    def _try(self, look: Callable[[], None]) -> None:
        try:
            look()
            self._said.pop(look, None)
        except Exception as error:
            if self._said.get(look) == str(error):
                return
            self._said[look] = str(error)
            if isinstance(error, RaincastError):
                _log.warning("%s", error)
            else:
                _log.exception("could not look after %s", look)
