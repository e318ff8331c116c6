"""A mirror, and the product beside it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import httpx
import pytest

from raincast.errors import SourceUnavailable
from raincast.loop.batch import IngestReport
from raincast.loop.ingest import ingest_from
from raincast.mirror.clock import Clock
from raincast.mirror.shelf import Shelf
from raincast.settings import Settings
from raincast.sources.bureau import Bureau
from raincast.store.archive import Archive
from tests.mirrors import NOW, mirroring, shelf, still
from tests.places import find

ALBURY, CAIRNS = find("Albury"), find("Cairns")
ADDRESS = "/climate/dwo/202405/text/IDCJDW2002.202405.csv"


@dataclass
class World:
    """A mirror, the product beside it, and what was answered to it."""

    settings: Settings
    bureau: Bureau
    clock: Clock
    client: httpx.Client
    statuses: list[int]

    def month(self, station=ALBURY) -> bytes:
        return self.bureau.month(station, 2024, 5)

    def ingest(self, *stations) -> IngestReport:
        return ingest_from(
            self.bureau, self.settings, stations or (ALBURY,), self.clock.now(), [date(2024, 5, 1)]
        )

    def refused(self) -> str:
        with pytest.raises(SourceUnavailable) as error:
            self.month()
        assert type(error.value) is SourceUnavailable
        assert f"{ADDRESS}: found " in str(error.value)
        return str(error.value)

    @property
    def archive(self) -> Archive:
        return Archive(self.settings.archive)


@contextmanager
def beside(folder: Path) -> Iterator[Callable[..., World]]:
    """Starts a mirror with faults and points the product at it."""
    with ExitStack() as running:

        def started(
            *faults: str, at: datetime = NOW, of: Shelf | None = None, **settings: float
        ) -> World:
            clock, statuses = still(at), list[int]()
            client = running.enter_context(mirroring(of or shelf(), clock, faults, statuses))
            quick = {
                "fetch_per_second": 200,
                "fetch_timeout_seconds": 0.5,
                "fetch_tries": 3,
            } | settings
            chosen = Settings(root=folder, bureau_url=str(client.base_url).rstrip("/"), **quick)
            bureau = running.enter_context(Bureau(chosen))
            return World(chosen, bureau, clock, client, statuses)

        yield started
