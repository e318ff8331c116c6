"""The Bureau's newest rows for callers of the API, who share fetches and wait beside the desk."""

import asyncio
import math
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime

from raincast.errors import BadAnswer, NotPublished, SourceUnavailable
from raincast.forecasts.request import Request
from raincast.loop import latest
from raincast.loop.contexts import Contexts
from raincast.loop.ingest import GIVE_UP_AFTER
from raincast.observations.network import find
from raincast.observations.stations import Station
from raincast.serving.breaker import Breaker
from raincast.serving.lanes import Lanes
from raincast.settings import Settings
from raincast.sources.bureau import Bureau

LONGEST_SECONDS = 90.0
"""How long a caller waits for a station's fetch, whatever the Bureau does."""


class Newest:
    """Fetches into the archive, and gives what can be forecast from it."""

    def __init__(
        self,
        bureau: Bureau,
        settings: Settings,
        contexts: Contexts,
        clock: Callable[[], datetime],
        lanes: Lanes,
    ) -> None:
        self._bureau, self._settings, self._contexts = bureau, settings, contexts
        self._clock, self._lanes, self._breaker = clock, lanes, Breaker()
        self._fetching: dict[str, asyncio.Task[None]] = {}

    async def of(self, name: str) -> Request:
        """The newest row of a station, fetched now; callers who ask at the same time share the
        fetch.

        Raises:
            NotPublished: the Bureau has nothing new enough.
            SourceUnavailable: it cannot be reached, takes too long, or has failed so often that it
                is left alone for a while.
        """
        await self._fetched(name)
        return await self._lanes.contexts(
            lambda: latest.newest(self._contexts, name, self._clock())
        )

    async def due(self, name: str) -> Request:
        """The forecast that is due at a station, after a fetch; where the Bureau has nothing new
        enough, from what the archive knows.

        Raises:
            SourceUnavailable: the Bureau cannot be reached, as `of` has it.
        """
        with suppress(*_ANSWERED):
            await self._fetched(name)
        return latest.due(name, self._clock())

    async def _fetched(self, name: str) -> None:
        """Fetches a station's newest files; raises as `of` does."""
        station = find(name)
        task = self._fetching.get(station.location) or self._begun(station)
        try:
            await asyncio.wait_for(asyncio.shield(task), LONGEST_SECONDS)
        except TimeoutError as error:
            raise SourceUnavailable(
                f"{name}: the Bureau has not answered within {LONGEST_SECONDS:g} s; try again later"
            ) from error

    def _begun(self, station: Station) -> "asyncio.Task[None]":
        wait = self._breaker.wait_seconds()
        if wait:
            raise SourceUnavailable(
                f"{station.location}: the Bureau failed {GIVE_UP_AFTER} times in a row and is left"
                f" alone; try again in {math.ceil(wait)} s"
            )
        task = asyncio.create_task(self._lanes.fetch(lambda: self._fetch(station)))
        self._fetching[station.location] = task
        task.add_done_callback(lambda _: self._ended(station, task))
        return task

    def _ended(self, station: Station, task: "asyncio.Task[None]") -> None:
        self._fetching.pop(station.location)
        error = None if task.cancelled() else task.exception()
        if error is None or isinstance(error, _ANSWERED):
            self._breaker.succeeded()
        elif isinstance(error, SourceUnavailable):
            self._breaker.failed()

    async def of_each(self, names: Sequence[str]) -> list[tuple[Request, SourceUnavailable | None]]:
        """For each station the forecast that is due, and why its newest row could not be had; after
        a few failures in a row no more are asked.
        """
        found: list[tuple[Request, SourceUnavailable | None]] = []
        failures = 0
        for name in names:
            problem = await self._problem(name, failures)
            failures = failures + 1 if _unreachable(problem) else 0
            found.append((latest.due(name, self._clock()), problem))
        return found

    async def _problem(self, name: str, failures: int) -> SourceUnavailable | None:
        if failures >= GIVE_UP_AFTER:
            return SourceUnavailable(
                f"{name}: not asked for after {GIVE_UP_AFTER} failures in a row"
            )
        try:
            await self._fetched(name)
        except SourceUnavailable as error:
            return error
        return None

    def _fetch(self, station: Station) -> None:
        latest.fetch(self._bureau, self._settings, station, self._clock())
        self._contexts.refresh()


def _unreachable(outcome: SourceUnavailable | None) -> bool:
    return isinstance(outcome, SourceUnavailable) and not isinstance(outcome, _ANSWERED)


_ANSWERED = (NotPublished, BadAnswer)
"""The Bureau is there: what is wrong is wrong with one station's file."""
