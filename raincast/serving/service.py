"""What the API does, below HTTP: from what was asked to forecasts that are written down."""

import asyncio
import gc
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, time
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from threadpoolctl import threadpool_limits

from raincast import __version__
from raincast.errors import NoModel, RaincastError, UnknownStation
from raincast.features import block
from raincast.forecasts import request
from raincast.forecasts.request import Request
from raincast.forecasts.row import Forecast
from raincast.learning import explanation
from raincast.learning.blend import Forecaster
from raincast.learning.knowledge import is_unseen, require_known
from raincast.loop.contexts import Contexts
from raincast.loop.forecast import Desk
from raincast.observations.availability import instant, moment, regimes
from raincast.observations.network import find, in_force
from raincast.observations.stations import Station
from raincast.serving import replies
from raincast.serving.desk import SharedDesk
from raincast.serving.exchange import ModelExchange
from raincast.serving.lanes import Lanes
from raincast.serving.newest import Newest
from raincast.serving.questions import FIRST_DATE
from raincast.serving.replies import Refused, fault
from raincast.serving.watch import Watch
from raincast.settings import Settings
from raincast.sources.bureau import Bureau
from raincast.store import stores

LOOK_SECONDS = 0.5
"""How often the model's files and the archive are looked at."""

ARCHIVE_SECONDS = 5.0
"""How long a caller waits where another process has locked the archive."""
_PROBLEM = "the newest model files are not in use; the service's log says why"
_NO_MODEL = "no model serves: `raincast train` makes the first one; the service's log says more"
_FIRST_MOMENT = datetime.combine(FIRST_DATE, time(), UTC)

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
        threadpool_limits(
            1
        )  # a request's products are so small that threads would only wait for each other
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
        """As `messages.Health` has it; without details it names neither files nor hashes."""
        problem = self._model.problem
        about = {
            "model_version": None,
            "trained_to": None,
            "problem": problem if in_detail or problem is None else _PROBLEM,
            "raincast": __version__,
        }
        try:
            model = self._model.serving()
        except NoModel as error:
            problem = str(error) if in_detail else _NO_MODEL
            return about | {"status": "no model", "problem": problem}
        trained_to = str(model.metadata.rows.last) if model.metadata.rows else None
        return about | {"status": "ok", "model_version": model.version, "trained_to": trained_to}

    async def readiness(self, in_detail: bool) -> dict[str, Any]:
        """As `messages.Ready` has it; without details it names neither files nor hashes."""
        checks = {
            "model": (self._model.serving, _NO_MODEL),
            "journal": (self._check_journal, "the journal cannot be written"),
            "archive": (self._archive.revision, "the archive cannot be read"),
        }
        found = {
            name: await self._lanes.contexts(partial(_problem, check, None if in_detail else short))
            for name, (check, short) in checks.items()
        }
        reasons = [reason for reason in found.values() if reason]
        return {"ready": not reasons, "detail": "; ".join(reasons) or None} | found

    def _check_journal(self) -> None:
        self._journal.require_writable()

    def trained(self, name: str, field: str) -> Station:
        """The station of that name, of which the model can say something.

        Raises:
            Refused: no station has that name, or a former model was not trained on it.
            NoModel: no model serves.
        """
        try:
            station = find(name)
            require_known(self._model.serving(), station.location)
        except UnknownStation as error:
            raise Refused(fault(field, name, str(error))) from error
        return station

    def request(self, row: Mapping[str, Any], issued_at: datetime | None = None) -> Request:
        """The request that a caller's row makes; its fields are each within their range.

        Args:
            issued_at: take the archive's row as known at that moment instead; UTC where it has no
                zone.

        Raises:
            Refused: it has no date or station, its day is still to come, or the model does not know
                its station.
            NoModel: no model serves.
        """
        gone = [fault(field, None) for field in ("Date", "Location") if row[field] is None]
        if gone:
            raise Refused(*gone)
        station, now = self.trained(row["Location"], "Location"), self._clock()
        if row["Date"] > now.astimezone(ZoneInfo(station.time_zone)).date():
            raise Refused(fault("Date", str(row["Date"])))
        if issued_at is not None:
            return _archived(station, row["Date"], _moment(issued_at, now))
        return request.of_values(row["Location"], row["Date"], row, now)

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
        return replies.answer(made, is_unseen(self._model.serving(), made.location))

    async def explain(self, asked: Request) -> dict[str, Any]:
        """As `messages.Reasons` has it; computed beside the desk, so that nobody waits for it.

        Raises:
            NoModel: no model serves.
        """
        model = self._model.serving()
        return await self._lanes.explain(lambda: self._explained(asked, model))

    def _explained(self, asked: Request, model: Forecaster) -> dict[str, Any]:
        known = self._contexts_at(asked).of(asked.feature_date, asked.issued_at).at([asked.station])
        row = block.inputs(known, known.own if asked.own is None else asked.own[None])
        found = explanation.reasons(model, row)
        about = {
            "location": in_force().stations[asked.station].location,
            "model_version": model.version,
            "regime": asked.regime,
        }
        when = {"feature_date": asked.feature_date, "issued_at_utc": moment(asked.issued_at)}
        return about | when | found._asdict() | {"parts": [part._asdict() for part in found.parts]}

    def _contexts_at(self, asked: Request) -> Contexts:
        """What is known to date for a caller's row; for the archive's, what was known when it was
        forecast.
        """
        return (
            self._contexts
            if asked.own is not None
            else Contexts(self._archive, moment(asked.issued_at))
        )

    async def weather(self, name: str) -> dict[str, Any]:
        """As `messages.Weather` has it.

        Raises:
            SourceUnavailable: see `Newest.of`.
        """
        asked = await self.newest.of(name)
        row = self._contexts.of(asked.feature_date, asked.issued_at).own[asked.station]
        return {
            "location": in_force().stations[asked.station].location,
            "feature_date": asked.feature_date,
            "issued_at_utc": moment(asked.issued_at),
            "regime": asked.regime,
            "observations": request.values(row),
            "missing": request.missing(row),
        }


def _problem(check: Callable[[], object], short: str | None) -> str | None:
    """Why a check fails, in short where that is given; None where it does not."""
    try:
        check()
    except (RaincastError, OSError) as error:
        return short or str(error)
    return None


def _moment(given: datetime, now: datetime) -> datetime:
    """An issue time in UTC, which it is where it has no zone.

    Raises:
        Refused: it lies before all dates, or after now.
    """
    aware = given if given.tzinfo else given.replace(tzinfo=UTC)
    if not _FIRST_MOMENT <= aware <= now:  # compared as it is: the ends of time have no UTC
        raise Refused(fault("issued_at_utc", given.isoformat()))
    return aware.astimezone(UTC)


def _archived(station: Station, day: date, issued_at: datetime) -> Request:
    """The request for the row that the archive had at that moment.

    Raises:
        Refused: the station's 9 am of that day was still to come.
    """
    at = instant(issued_at)
    regime = regimes(day, at)[in_force().index[station.location]]
    if regime is None:
        raise Refused(
            fault(
                "issued_at_utc",
                issued_at.isoformat(),
                f"is before 9 am of {day} at {station.location}",
            )
        )
    return Request(in_force().index[station.location], day, at, regime, station.location)


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
