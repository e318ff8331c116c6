"""The Bureau's newest rows for callers of the API, who share fetches and wait beside the desk."""

import asyncio
import math
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime

from raincast.errors import BadAnswer, NotPublished, SourceUnavailable
from raincast.forecasts.request import Request
from raincast.loop import lacking, latest
from raincast.loop.asking import NOT_ASKED_FOR, BothEnds
from raincast.loop.contexts import Contexts
from raincast.observations.network import find
from raincast.observations.stations import Station
from raincast.serving.breaker import MOST_FAILURES, Breaker
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
        await self._let_in(name)
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
            await self._let_in(name)
        return latest.due(name, self._clock())

    async def lack(self, asked: Request) -> str:
        """What a forecast that was fetched for lacks, and why."""
        archive = self._contexts.archive
        return await self._lanes.contexts(lambda: lacking.lack(archive, asked))

    async def _let_in(self, name: str) -> None:
        """Fetches a station's newest files, unless the Bureau has failed so often that it is left
        alone; raises as `of` does.
        """
        station = find(name)
        wait = 0.0 if station.location in self._fetching else self._breaker.wait_seconds()
        if wait:
            raise SourceUnavailable(
                f"{station.location}: the Bureau failed {MOST_FAILURES} times in a row and is left"
                f" alone; try again in {math.ceil(wait)} s"
            )
        await self._fetched(name)

    async def _fetched(self, name: str) -> None:
        """The same, whatever the others met."""
        station = find(name)
        task = self._fetching.get(station.location) or self._begun(station)
        try:
            await asyncio.wait_for(asyncio.shield(task), LONGEST_SECONDS)
        except TimeoutError as error:
            raise SourceUnavailable(
                f"{name}: the Bureau has not answered within {LONGEST_SECONDS:g} s; try again later"
            ) from error

    def _begun(self, station: Station) -> "asyncio.Task[None]":
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
        a few failures in a row, from both ends, no more are asked. What single callers met does not
        keep it from asking: it is the slot's one call for all stations.
        """
        problems: dict[str, SourceUnavailable | None] = {}
        ends = BothEnds(dict.fromkeys(names))
        while ends:
            name = ends.next()
            if ends.given_up:
                problems[name] = SourceUnavailable(f"{name}: {NOT_ASKED_FOR}")
            else:
                problems[name] = await self._problem(name)
                ends.tell(failed=_unreachable(problems[name]))
        return [(latest.due(name, self._clock()), problems[name]) for name in names]

    async def _problem(self, name: str) -> SourceUnavailable | None:
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
