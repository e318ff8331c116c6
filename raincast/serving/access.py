"""Authentication: the token is asked for before a request's body is read."""

import hmac
import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Container
from typing import NamedTuple

from fastapi.security import HTTPBearer
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from raincast.errors import MissingSetting
from raincast.serving.replies import error_reply
from raincast.settings import secret

MOST_GUESSES = 120
"""Wrong tokens from one peer in a window, before it is told to wait; the right one is always let
in, since others may share the peer's address. To come without a token is no guess.
"""
WINDOW_SECONDS = 60.0
_MOST_PEERS = 4096
_LOGGED = 10
_NONE = "a token is needed: send `Authorization: Bearer API_KEY`"
_log = logging.getLogger(__name__)

bearer = HTTPBearer(auto_error=False, description="the API_KEY that the service was started with")
"""For the schema; `TokenGate` does the work."""


class _Window(NamedTuple):
    since: float
    refused: int


class Refusals:
    """How often each peer was refused in the present window. Forgets who came first when there are
    many.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._windows: OrderedDict[str, _Window] = OrderedDict()

    def add(self, peer: str) -> int:
        """Counts one more refusal; how many there are in its window."""
        now, window = self._clock(), self._windows.pop(peer, None)
        if window is None or now - window.since > WINDOW_SECONDS:
            window = _Window(now, 0)
        window = window._replace(refused=window.refused + 1)
        self._windows[peer] = window
        if len(self._windows) > _MOST_PEERS:
            self._windows.popitem(last=False)
        return window.refused


class TokenGate:
    """Answers callers of guarded paths who have no token, and passes all others on."""

    def __init__(self, app: ASGIApp, guarded: Container[str]) -> None:
        self._app, self._guarded = app, guarded
        self._refusals = Refusals()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        closed = scope["type"] == "http" and scope["path"] in self._guarded
        refusal = self._refusal(scope) if closed else None
        await (refusal or self._app)(scope, receive, send)

    def _refusal(self, scope: Scope) -> Response | None:
        found = fault(Headers(scope=scope))
        if found is None:
            return None
        if isinstance(found, MissingSetting):
            return error_reply({"detail": str(found)}, 503)
        return self._refused(str((scope.get("client") or ("unknown",))[0]), scope["path"], found)

    def _refused(self, peer: str, path: str, detail: str) -> Response:
        kind = "without a token" if detail == _NONE else "with a wrong token"
        times = self._refusals.add(f"{peer} {kind}")
        if times <= _LOGGED:
            more = "; further ones in this minute are not logged" if times == _LOGGED else ""
            _log.warning("refused %s at %s: %s%s", peer, path, detail, more)
        if detail != _NONE and times > MOST_GUESSES:
            slower = f"more than {MOST_GUESSES} wrong tokens in a minute: wait"
            return error_reply({"detail": slower}, 429, {"Retry-After": str(round(WINDOW_SECONDS))})
        return error_reply({"detail": detail}, 401, {"WWW-Authenticate": "Bearer"})


def fault(headers: Headers) -> str | MissingSetting | None:
    """Why these headers open no door; None where they do."""
    scheme, _, token = headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        return _NONE
    try:
        expected = secret("API_KEY").encode()
    except MissingSetting as error:
        return error
    # Headers are read as Latin-1, so this gives the very bytes that were sent.
    if not hmac.compare_digest(token.strip().encode("latin-1"), expected):
        return "the token is not the one that this service expects"
    return None
