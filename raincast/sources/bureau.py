"""The only thing that goes out: the Bureau's files, and the historical file.

It says who it is, asks seldom, asks only for what has changed, and tries again where that may help.
"""

import logging
import math
from hashlib import md5
from pathlib import Path
from types import TracebackType
from typing import Self

from hishel import CacheOptions, SqliteStorage
from hishel.httpx import CacheTransport
from pyrate_limiter import Limiter, Rate
from pyrate_limiter.extras.httpx_limiter import RateLimiterTransport

from raincast.errors import BadAnswer, BadFile
from raincast.observations.stations import Station
from raincast.settings import Settings
from raincast.sources import dwo, forms, history, web
from raincast.store.files import replacing

HISTORY_MD5 = "a65cf8b8719b1a65db4f361eeec18457"
"""Of the edition of 2017; the file has grown since."""
HISTORY_ROWS = 145_460
HISTORY_PATIENCE = 60
"""How many times longer than one of the Bureau's files the historical file may take."""
MOST_BYTES = 1_000_000
MOST_HISTORY_BYTES = 200_000_000
_HISTORY_REMEDY = "set HISTORY_URL to the address of a copy"
_log = logging.getLogger(__name__)


class Bureau:
    """The Bureau's server, for as long as a `with` block lasts. May be used by several threads.

    Asks at most `fetch_per_second` times a second and keeps answers under `settings.fetch_cache`.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._limiter = Limiter(Rate(1, math.ceil(1000 / settings.fetch_per_second)), buffer_ms=1)
        self._kept = SqliteStorage(database_path=settings.fetch_cache / "http.sqlite")
        asking = RateLimiterTransport(limiter=self._limiter)
        keeping = CacheTransport(asking, self._kept, rfc=CacheOptions(shared=False))
        self._client = web.open_client(settings, keeping)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._client.close()
        self._limiter.close()

    def month(self, station: Station, year: int, month: int) -> bytes:
        """The station's file of that month, one that `dwo.parse` can read.

        Raises:
            NotPublished: the server has no such file.
            SourceUnavailable: it cannot be reached, refuses, or sends something else.
        """
        when = f"{year:04}{month:02}"
        url = f"{self._settings.bureau_url}/climate/dwo/{when}/text/{station.product}.{when}.csv"
        content = web.get(
            self._client, url, self._settings, MOST_BYTES, self._settings.fetch_timeout_seconds
        )
        try:
            if dwo.parse(content, url).set_aside:  # the next look may find it whole
                self._forget(url)
        except BadFile as error:
            self._forget(url)
            if error.found == forms.PAGE.name:  # the server refuses us, not this file
                raise web.unavailable(url, error) from error
            raise BadAnswer(f"{error}; {web.REMEDY}") from error
        return content

    def _forget(self, url: str) -> None:
        """A file that is not what it should be must not be confirmed as unchanged for ever."""
        for entry in self._kept.get_entries(url):
            self._kept.remove_entry(entry.id)


def fetch_history(settings: Settings, at_least: int = HISTORY_ROWS) -> Path:
    """Fetch the historical file and put it, whole, at `settings.raw_history`.

    Args:
        at_least: how many rows it must have.

    Raises:
        SourceUnavailable: it cannot be had, or is not the historical file.
    """
    url, patience = settings.history_url, HISTORY_PATIENCE * settings.fetch_timeout_seconds
    with web.open_client(settings) as client:
        content = web.get(client, url, settings, MOST_HISTORY_BYTES, patience)
    rows = _history_rows(content, url)
    if rows < at_least:
        raise web.unavailable(url, f"{rows} rows where there should be {at_least}", _HISTORY_REMEDY)
    with replacing(settings.raw_history) as part:
        part.write_bytes(content)
    digest = md5(content, usedforsecurity=False).hexdigest()
    if digest != HISTORY_MD5:
        _log.warning(
            "%s has %d rows and MD5 %s, not the edition of 2017 (%s)",
            url,
            rows,
            digest,
            HISTORY_MD5,
        )
    return settings.raw_history


def _history_rows(content: bytes, url: str) -> int:
    try:
        return len(history.parse(content, url))
    except BadFile as error:
        raise web.unavailable(url, error, _HISTORY_REMEDY) from error
