"""A month of simulated weather, and mirrors of it for tests."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

import httpx
import numpy as np
import pandas as pd

from raincast.mirror.app import create_mirror
from raincast.mirror.clock import Clock
from raincast.mirror.faults import Faults, parse
from raincast.mirror.shelf import NEVER, Page, Shelf, Version
from raincast.simulator import Climate, simulate
from raincast.sources import dwo
from tests.places import find
from tests.served import listening

FIRST, LAST = date(2024, 4, 1), date(2024, 5, 31)
NOW = datetime(2024, 5, 20, 6, tzinfo=UTC)
"""An issue time: 4 pm in Brisbane, 2 pm in Perth."""


@cache
def weather() -> pd.DataFrame:
    """Two months without a hole."""
    return simulate(FIRST, LAST, 5, Climate(gaps=0))


def todays(frame: pd.DataFrame) -> list[Version]:
    return [(frame, np.full(len(frame), NEVER))]


@cache
def shelf() -> Shelf:
    return Shelf(todays(weather()))


def read(shelf: Shelf, name: str, at: datetime, month: date | None = None) -> pd.DataFrame:
    """The rows of the station's page of that month, the running one if not said."""
    page = page_of(shelf, name, at, month)
    return dwo.parse(page.content, "a page").frame


def page_of(shelf: Shelf, name: str, at: datetime, month: date | None = None) -> Page:
    page = shelf.page(find(name), month or at.date(), at)
    assert page is not None
    return page


def row(frame: pd.DataFrame, name: str, day: str) -> pd.Series:
    return frame[(frame["Location"] == name) & (frame["Date"] == pd.Timestamp(day))].iloc[0]


def still(at: datetime = NOW, rate: float = 0.0) -> Clock:
    return Clock(at, rate, lambda: 0.0)


@contextmanager
def mirroring(
    shelf: Shelf, clock: Clock, faults: Iterable[str] = (), statuses: list[int] | None = None
) -> Iterator[httpx.Client]:
    """A mirror on loopback, and a client of it; the statuses of its answers are noted as they
    begin.
    """
    app = create_mirror(shelf, clock, Faults(map(parse, faults)))
    noted = [] if statuses is None else statuses

    async def noting(scope: Any, receive: Any, send: Any) -> None:
        async def sent(message: Any) -> None:
            noted.extend([message["status"]] if "status" in message else [])
            await send(message)

        await app(scope, receive, sent)

    with listening(noting, "none") as client:
        yield client
