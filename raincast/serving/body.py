"""How long a request's body may be: whatever it says of itself, it is read no further."""

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from raincast.serving.replies import error_reply

_DETAIL = "the body is too long: expected at most {} bytes; send fewer rows in a call"


class BodyLimit:
    """Answers 413 to a body above a size in bytes."""

    def __init__(self, app: ASGIApp, most: int) -> None:
        self._app, self._most = app, most
        self._detail = _DETAIL.format(most)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        declared = Headers(scope=scope).get("Content-Length", "")
        if declared.isdigit() and int(declared) > self._most:
            return await error_reply({"detail": self._detail}, 413)(scope, receive, send)
        return await self._app(scope, self._counted(receive), send)

    def _counted(self, receive: Receive) -> Receive:
        had = 0

        async def counted() -> Message:
            nonlocal had
            message = await receive()
            had += len(message.get("body", b""))
            if had > self._most:
                raise HTTPException(413, self._detail)
            return message

        return counted
