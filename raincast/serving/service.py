"""What the API does, below HTTP: from what was asked to forecasts that are written down."""

import asyncio
import gc
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from threadpoolctl import threadpool_limits

from raincast.forecasts.request import Request
from raincast.forecasts.row import Forecast
from raincast.learning.knowledge import is_unseen
from raincast.loop.contexts import Contexts
from raincast.loop.forecast import Desk
from raincast.observations.availability import moment
from raincast.observations.stations import Station
from raincast.serving import answers, asked, ready
from raincast.serving.desk import SharedDesk
from raincast.serving.exchange import ModelExchange
from raincast.serving.lanes import Lanes
from raincast.serving.newest import Newest
from raincast.serving.watch import Watch
from raincast.settings import Settings
from raincast.sources.bureau import Bureau
from raincast.store import stores

LOOK_SECONDS = 0.5
"""How often the model's files and the archive are looked at."""

ARCHIVE_SECONDS = 5.0
"""How long a caller waits where another process has locked the archive."""

Clock = Callable[[], datetime]


class Service:
    """Objects that share the API's lifetime. `newest` has the Bureau's rows."""

    def __init__(
        self,
        settings: Settings,
        clock: Clock,
        bureau: Bureau,
        count: Callable[[list[Forecast]], None],
    ) -> None:
        self._count = count
        self._clock = clock
        held = stores.of(settings)
        self._model = ModelExchange(held.registry())
        self._archive = held.archive(ARCHIVE_SECONDS)
        self._contexts = Contexts(self._archive)
        self._desk = SharedDesk(Desk(self._contexts, held.journal(), self._model.serving, clock))
        self._watch = Watch(LOOK_SECONDS, self._model.look, self._contexts.refresh)
        self._lanes = Lanes()
        self.newest = Newest(bureau, settings, self._contexts, clock, self._lanes)
        self._journal = held.journal()

    def start(self) -> None:
        # A request's products are so small that threads would only wait for each other.
        threadpool_limits(1)
        self._model.look()
        gc.collect()
        # What is here stays: looking through it again and again would make requests wait.
        gc.freeze()
        self._desk.start()
        self._watch.start()

    def close(self) -> None:
        """Answers those who wait, then ends."""
        self._desk.close()
        self._watch.close()
        self._lanes.close()

    def health(self, in_detail: bool) -> dict[str, Any]:
        """See `ready.health`."""
        return ready.health(self._model, in_detail)

    async def readiness(self, in_detail: bool) -> dict[str, Any]:
        """See `ready.readiness`."""
        checks: ready.Checks = {
            "model": (self._model.serving, ready.NO_MODEL),
            "journal": (self._journal.require_writable, "the journal cannot be written"),
            "archive": (self._archive.revision, "the archive cannot be read"),
        }
        return await ready.readiness(checks, self._lanes, in_detail)

    def trained(self, name: str, field: str) -> Station:
        """See `asked.trained`."""
        return asked.trained(name, field, self._model.serving)

    def request(self, row: Mapping[str, Any], issued_at: datetime | None = None) -> Request:
        """See `asked.of_row`."""
        return asked.of_row(row, self._model.serving, self._clock(), issued_at)

    async def forecast(self, requests: Sequence[Request]) -> list[Forecast]:
        """See `Desk.forecast`. What must be read from the archive first is read beside the desk."""
        keys = {(r.feature_date, r.issued_at) for r in requests}
        unread = [key for key in keys if not self._contexts.has(*key)]
        if unread:
            await self._lanes.contexts(lambda: [self._contexts.of(*key) for key in unread])
        made = await self._desk.forecast(requests)
        self._count(made)
        return made

    def answer(self, made: Forecast) -> dict[str, Any]:
        """As `messages.Answer` has it."""
        return answers.answer(made, is_unseen(self._model.serving(), made.location))

    async def explain(self, wanted: Request) -> dict[str, Any]:
        """As `messages.Reasons` has it; computed beside the desk, so that nobody waits for it.

        Raises:
            NoModel: no model serves.
        """
        model, contexts = self._model.serving(), self._contexts_at(wanted)
        return await self._lanes.explain(lambda: answers.reasons(wanted, model, contexts()))

    def _contexts_at(self, wanted: Request) -> Callable[[], Contexts]:
        """What is known to date for a caller's row; for the archive's, what was known when it was
        forecast.
        """
        if wanted.own is not None:
            return lambda: self._contexts
        return lambda: Contexts(self._archive, moment(wanted.issued_at))

    async def weather(self, name: str) -> dict[str, Any]:
        """As `messages.Weather` has it.

        Raises:
            SourceUnavailable: see `Newest.of`.
        """
        newest = await self.newest.of(name)
        row = self._contexts.of(newest.feature_date, newest.issued_at).own[newest.station]
        return answers.weather(newest, row)


@asynccontextmanager
async def opened(
    settings: Settings, clock: Clock, count: Callable[[list[Forecast]], None]
) -> AsyncIterator[Service]:
    """A service that is at work as long as the block lasts; `count` is given what it forecasts."""
    with Bureau(settings) as bureau:
        service = Service(settings, clock, bureau, count)
        await asyncio.to_thread(service.start)
        try:
            yield service
        finally:
            await asyncio.to_thread(service.close)
