"""The app's own files, compressed.

Streamlit leaves its scripts and sheets as they are, 7 MB of them on the first page, so as not to
compress the same bytes for every visitor, and counts on a proxy. They never change while a server
runs: here each is compressed once, when it is first asked for.
"""

from starlette.datastructures import Headers
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

FILES = "/static/"
CONDITIONAL = ("Range", "If-None-Match", "If-Modified-Since")
"""Requests for a part of a file, or only for a newer one: Streamlit answers those itself."""


class Compressed:
    """Answers for `app` where a browser asks for one of its files and takes gzip."""

    def __init__(self, app: ASGIApp) -> None:
        self._app, self._gzip = app, GZipMiddleware(app)
        self._kept: dict[str, list[Message]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not _takes(scope):
            await self._app(scope, receive, send)
            return
        path = scope["path"]
        answer = self._kept.get(path) or await self._made(scope, receive)
        if answer[0]["status"] == 200:
            self._kept[path] = answer
        for message in answer:
            await send(message)

    async def _made(self, scope: Scope, receive: Receive) -> list[Message]:
        answer: list[Message] = []

        async def keep(message: Message) -> None:
            answer.append(message)

        await self._gzip(scope, receive, keep)
        return answer


def _takes(scope: Scope) -> bool:
    if scope["type"] != "http" or scope["method"] != "GET" or FILES not in scope["path"]:
        return False
    headers = Headers(scope=scope)
    return "gzip" in headers.get("Accept-Encoding", "") and not any(
        name in headers for name in CONDITIONAL
    )
