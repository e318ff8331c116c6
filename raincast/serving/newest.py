"""The Bureau's newest rows for callers of the API, who share fetches and wait beside the desk."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime

from raincast.errors import NotPublished, SourceUnavailable
from raincast.forecasts.request import Request
from raincast.loop import latest
from raincast.loop.contexts import Contexts
from raincast.loop.ingest import GIVE_UP_AFTER
from raincast.observations.stations import Station, find
from raincast.settings import Settings
from raincast.sources.bureau import Bureau


class Newest:
    """Fetches into the archive, and gives what can be forecast from it."""

    def __init__(
        self, bureau: Bureau, settings: Settings, contexts: Contexts, clock: Callable[[], datetime]
    ) -> None:
        self._bureau, self._settings, self._contexts, self._clock = (
            bureau,
            settings,
            contexts,
            clock,
        )
        self._fetching: dict[str, asyncio.Task[None]] = {}

    async def of(self, name: str) -> Request:
        """The newest row of a station, fetched now; callers who ask at the same time share the
        fetch.

        Raises:
            NotPublished: the Bureau has nothing new enough.
            SourceUnavailable: it cannot be reached.
        """
        station = find(name)
        task = self._fetching.get(station.location)
        if task is None:
            task = asyncio.create_task(asyncio.to_thread(self._fetch, station))
            self._fetching[station.location] = task
            task.add_done_callback(lambda _: self._fetching.pop(station.location))
        await asyncio.shield(task)
        return await asyncio.to_thread(latest.newest, self._contexts, name, self._clock())

    async def of_each(self, names: Sequence[str]) -> list[Request | SourceUnavailable]:
        """For each station its newest row, or why there is none; after a few failures in a row no
        more are asked.
        """
        found: list[Request | SourceUnavailable] = []
        failures = 0
        for name in names:
            outcome = await self._outcome(name, failures)
            failures = failures + 1 if _unreachable(outcome) else 0
            found.append(outcome)
        return found

    async def _outcome(self, name: str, failures: int) -> Request | SourceUnavailable:
        if failures >= GIVE_UP_AFTER:
            return SourceUnavailable(
                f"{name}: not asked for after {GIVE_UP_AFTER} failures in a row"
            )
        try:
            return await self.of(name)
        except SourceUnavailable as error:
            return error

    def _fetch(self, station: Station) -> None:
        latest.fetch(self._bureau, self._settings, station, self._clock())
        self._contexts.refresh()


def _unreachable(outcome: Request | SourceUnavailable) -> bool:
    return isinstance(outcome, SourceUnavailable) and not isinstance(outcome, NotPublished)
