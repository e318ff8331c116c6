"""The loop's rounds, slot by slot, against a mirror on loopback that can be spoilt or shut down."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from starlette.responses import Response

from raincast.errors import BadFile
from raincast.loop import round as rounds
from raincast.mirror.app import create_mirror
from raincast.mirror.clock import Clock
from raincast.mirror.faults import Fault, Faults
from raincast.mirror.server import running
from raincast.mirror.shelf import NEVER, Shelf
from raincast.observations.availability import newest_feature_date
from raincast.settings import Settings
from raincast.simulator import simulate
from raincast.sources import dwo
from tests import served
from tests.places import LOCATIONS, find

LAST = date(2024, 6, 5)
STATIONS = (
    "Adelaide", "Albury", "AliceSprings", "Brisbane", "Cairns", "Canberra", "Darwin", "Hobart",
    "Launceston", "Melbourne", "Nuriootpa", "Perth", "Richmond", "Sydney", "Townsville", "Uluru",
)  # fmt: skip
Spoil = Callable[[bytes, datetime], bytes | int | str]
"""Makes, of the right bytes at a moment, others, a status, or a kind of the mirror's faults."""


@cache
def shelf() -> Shelf:
    frame = simulate(served.FIRST, LAST, 3)
    return Shelf([(frame, np.full(len(frame), NEVER))])


def build(root: Path) -> None:
    """A folder whose model forecasts the sixteen."""
    served.build(root, untrained=[name for name in LOCATIONS if name not in STATIONS])


@dataclass
class Mirror:
    """The mirror, with the products whose files are spoilt; everybody's under ``."""

    clock: Clock
    shelf: Shelf
    spoils: dict[str, Spoil] = field(default_factory=dict)
    url: str = ""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        whole = create_mirror(self.shelf, self.clock, Faults())
        if scope["type"] != "http":
            await whole(scope, receive, send)
            return
        name = scope["path"].rpartition("/")[2]
        spoil = self.spoils.get(name.partition(".")[0]) or self.spoils.get("")
        if spoil is None:
            await whole(scope, receive, send)
            return
        product, month, _ = name.split(".")
        now = self.clock.now()
        page = self.shelf.page(_of(product), _first(month), now)
        made = 404 if page is None else spoil(page.content, now)
        if isinstance(made, str):
            await create_mirror(self.shelf, self.clock, Faults([Fault(made)]))(scope, receive, send)
            return
        answer = Response(status_code=made) if isinstance(made, int) else Response(made)
        await answer(scope, receive, send)

    def has_row(self, name: str) -> bool:
        """Whether the right file has anything of the row of the feature date that is due."""
        now, station = self.clock.now(), find(name)
        day = newest_feature_date(LOCATIONS.index(name), now)
        page = self.shelf.page(station, day.replace(day=1), now)
        if page is None:
            return False
        try:
            frame = dwo.parse(page.content, "page").frame.set_index("Date")
        except BadFile:
            return False
        return bool(
            np.datetime64(day) in frame.index
            and frame.loc[np.datetime64(day)].drop("Location").notna().any()
        )


def _of(product: str) -> Any:
    return next(find(name) for name in LOCATIONS if find(name).product == product)


def _first(month: str) -> date:
    return date(int(month[:4]), int(month[4:]), 1)


@contextmanager
def mirror(at: datetime, weather: Shelf | None = None) -> Iterator[Mirror]:
    """A mirror on loopback, whose clock stands; its `url` is where it listens."""
    made = Mirror(Clock(at, 0.0, lambda: 0.0), weather or shelf())
    with running(made) as url:  # type: ignore[arg-type]
        made.url = url
        yield made


def settings(root: Path, url: str) -> Settings:
    """A loop that never searches, so that a slot takes a second."""
    return Settings(
        root=root,
        bureau_url=url,
        fetch_per_second=1000.0,
        fetch_tries=1,
        fetch_timeout_seconds=5.0,
        recall_threshold=0.0,
    )


def slots(first: datetime, days: int) -> list[datetime]:
    """06:00 and 18:00 UTC of each day, from `first`, a quarter of an hour after the hour."""
    return [first + timedelta(hours=12 * i, minutes=15) for i in range(2 * days)]


def live(here: Settings, mirror: Mirror, at: datetime) -> rounds.Round:
    """One round at that moment."""
    mirror.clock.move(at)
    return rounds.run(here, at, lambda _: None)


def away(here: Settings) -> Settings:
    """The same with a Bureau that nobody reaches."""
    return replace(here, bureau_url="http://127.0.0.1:9")
