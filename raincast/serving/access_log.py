"""One line in the log for each request, under an id that its answer and its other lines share."""

import logging
import re
import time
import uuid

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from raincast import logs
from raincast.serving.replies import HEADER, REQUEST_ID

FORM = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
"""What a caller's own id must be like; another one is made in its stead."""
MOST_PATH = 200
_log = logging.getLogger(__name__)


class AccessLog:
    """Gives each request its id, the caller's where it has a good form, and logs how it ended."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        scope[REQUEST_ID] = request_id = _id(Headers(scope=scope).get(HEADER, ""))
        with logs.about(request_id=request_id):
            await self._logged(scope, receive, send, request_id)
        return None

    async def _logged(self, scope: Scope, receive: Receive, send: Send, request_id: str) -> None:
        began, status, size = time.perf_counter(), 500, 0

        async def sent(message: Message) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[HEADER] = request_id
            size += len(message.get("body", b""))
            await send(message)

        try:
            await self._app(scope, receive, sent)
        finally:
            _line(scope, status, size, time.perf_counter() - began)


def _id(given: str) -> str:
    return given if FORM.fullmatch(given) else uuid.uuid4().hex


def _line(scope: Scope, status: int, size: int, seconds: float) -> None:
    """Without the query and all headers, which a caller may have put secrets in."""
    raw: bytes = scope.get("raw_path") or scope["path"].encode()
    path = raw.partition(b"?")[0].decode("latin-1")[:MOST_PATH]
    peer = str((scope.get("client") or ("unknown",))[0])
    fields = {"peer": peer, "status": status, "bytes": size, "seconds": round(seconds, 4)}
    level = logging.WARNING if status >= 500 else logging.INFO
    _log.log(level, "%s %s %s", scope["method"], path, status, extra={"fields": fields})
