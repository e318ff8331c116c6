"""The only thing that goes out: the Bureau's files, and the historical file.

It says who it is, asks seldom, asks only for what has changed, and tries again where that may help.
"""

import logging
import math
import time
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx
from hishel import CacheOptions
from hishel.httpx import CacheTransport
from pyrate_limiter import Limiter, Rate
from pyrate_limiter.extras.httpx_limiter import RateLimiterTransport

from raincast.errors import BadAnswer, BadFile, SourceUnavailable
from raincast.observations.stations import Station
from raincast.settings import Settings
from raincast.sources import deadline, dwo, editions, forms, ftp, history, kept, text, web
from raincast.sources.history import Historical
from raincast.store.files import replacing

HISTORY_ROWS = 100_000
"""Every edition has more: Kaggle's 142,193, that of 2017 145,460, that of 2026 275,410."""
HISTORY_PATIENCE = 60
"""How many times longer than one of the Bureau's files the historical file may take."""
MOST_BYTES = 1_000_000
MOST_FEED_BYTES = 10_000_000
"""One of a whole state has a station's daily file for each of some hundred stations."""
FEED_SECONDS = 600.0
"""A feed is written each half hour, and has all stations: who asks for one station after the other
does not ask for it again so soon.
"""
NO_DAILY_FILES = "none"
"""The BUREAU_URL of whoever has the feeds alone."""
_HISTORY_REMEDY = "set HISTORY_URL to the address of a copy, or save it as {path}"
_log = logging.getLogger(__name__)


class Bureau:
    """The Bureau's server, for as long as a `with` block lasts. May be used by several threads.

    Asks at most `fetch_per_second` times a second and keeps answers under `settings.fetch_cache`.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._limiter = Limiter(Rate(1, math.ceil(1000 / settings.fetch_per_second)), buffer_ms=1)
        self._kept = kept.storage(settings.fetch_cache / "http.sqlite")
        self._address = web.without_login(settings.bureau_url)[0]
        self._client = self._opened(settings.bureau_url)
        self._feeds = {url: self._opened(url) for url in settings.feed_urls.split()}
        self._asked_at = dict.fromkeys(self._feeds, -math.inf)

    def _opened(self, url: str) -> httpx.Client:
        """A client for an address, whose login it has for itself."""
        address, login = web.without_login(url)
        asking = deadline.limited(
            RateLimiterTransport(limiter=self._limiter, proxy=web.proxy(address))
        )
        keeping = CacheTransport(asking, self._kept, rfc=CacheOptions(shared=False))
        return web.open_client(self._settings, keeping, login)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for client in (self._client, *self._feeds.values()):
            client.close()
        self._limiter.close()

    def month(self, station: Station, year: int, month: int) -> bytes:
        """The station's file of that month, one that `dwo.parse` can read.

        Raises:
            NotPublished: the server has no such file.
            SourceUnavailable: it cannot be reached, refuses, or sends something else.
        """
        when = f"{year:04}{month:02}"
        url = f"{self._address}/climate/dwo/{when}/text/{station.product}.{when}.csv"
        content = self._content(self._client, url, self._settings.bureau_url, MOST_BYTES)
        try:
            if dwo.parse(content, url).set_aside:  # the next look may find it whole
                self.forget(url)
        except BadFile as error:
            self.forget(url)
            if error.found == forms.PAGE.name:  # the server refuses us, not this file
                raise SourceUnavailable(f"{error}; {web.REMEDY}") from error
            raise BadAnswer(f"{error}; {web.REMEDY}") from error
        return content

    def due_feeds(self) -> list[str]:
        """Names of the files of FEED_URLS that have not been asked for a while."""
        since = time.monotonic() - FEED_SECONDS
        return [web.without_login(url)[0] for url, at in self._asked_at.items() if at < since]

    def feed(self, name: str) -> bytes:
        """The file of FEED_URLS of that name.

        Raises:
            NotPublished: the server has no such file.
            SourceUnavailable: it cannot be reached, or refuses.
        """
        url = next(one for one in self._feeds if web.without_login(one)[0] == name)
        self._asked_at[url] = time.monotonic()
        try:
            return self._content(self._feeds[url], name, url, MOST_FEED_BYTES)
        except SourceUnavailable as error:  # the setting that helps here is another
            raise type(error)(str(error).replace("BUREAU_URL", "FEED_URLS")) from error

    def _content(self, client: httpx.Client, url: str, address: str, most_bytes: int) -> bytes:
        """A file under an address, which may have a login."""
        patience = self._settings.fetch_timeout_seconds
        if url.startswith("ftp://"):
            self._limiter.try_acquire(url)
            return ftp.get(url, web.login(address), most_bytes, patience)
        return web.get(client, url, self._settings, most_bytes, patience)

    def forget(self, url: str) -> None:
        """A file that is not what it should be must not be confirmed as unchanged for ever."""
        for entry in self._kept.get_entries(url):
            self._kept.remove_entry(entry.id)


def fetch_history(settings: Settings, at_least: int = HISTORY_ROWS) -> Path:
    """Fetch the historical file and put it, whole, at `settings.raw_history`; any edition is taken,
    and named.

    Args:
        at_least: how many rows it must have.

    Raises:
        SourceUnavailable: it cannot be had, or is not the historical file.
    """
    url, login = web.without_login(settings.history_url)
    remedy = _HISTORY_REMEDY.format(path=settings.raw_history)
    patience = HISTORY_PATIENCE * settings.fetch_timeout_seconds
    try:
        with web.open_client(settings, auth=login) as client:
            content = web.get(client, url, settings, text.MOST_BYTES, patience)
    except SourceUnavailable as error:  # the setting that helps here is another
        said = str(error).replace(web.REMEDY, remedy).replace("BUREAU_URL", "HISTORY_URL")
        raise type(error)(said) from error
    told = _told(content, url, remedy)
    if len(told.frame) < at_least:
        found = f"{len(told.frame)} rows, expected {at_least} or more"
        raise BadAnswer(f"{url}: found {found}; {remedy}")
    with replacing(settings.raw_history) as part:
        part.write_bytes(content)
    _log.warning("%s is %s", url, editions.name(told.frame, told.columns))
    return settings.raw_history


def _told(content: bytes, url: str, remedy: str) -> Historical:
    try:
        return history.read(content, url)
    except BadFile as error:
        raise BadAnswer(f"{error}; {remedy}") from error
