"""Charts without waiting: the browser loads what draws them while the server makes the page.

Streamlit names its chart library (4.7 MB of script) only once the first chart has been sent.
"""

from collections.abc import Iterable
from pathlib import Path

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import file_util

HEAD_ENDS = b"</head>"


def library() -> str | None:
    """The library's address, as Streamlit's own script names it; None where it has another name."""
    found = sorted(Path(file_util.get_static_dir()).glob("static/js/PlotlyChart.*.js"))
    return f"/static/js/{found[0].name}" if found else None


class Early:
    """Puts the library's address into the document, on the pages with those names."""

    def __init__(self, app: ASGIApp, pages: Iterable[str], script: str | None) -> None:
        self._app, self._pages = app, frozenset(pages)
        line = f'<script type="module">import(".{script}")</script>' if script else ""
        self._line = line.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].rpartition("/")[2] not in self._pages:
            await self._app(scope, receive, send)
            return
        answer: list[Message] = []

        async def keep(message: Message) -> None:
            answer.append(message)

        await self._app(_uncompressed(scope), receive, keep)
        start = next(m for m in answer if m["type"] == "http.response.start")
        whole = b"".join(m.get("body", b"") for m in answer)
        body = whole.replace(HEAD_ENDS, self._line + HEAD_ENDS, 1)
        if body != whole:
            MutableHeaders(raw=start["headers"])["Content-Length"] = str(len(body))
        await send(start)
        await send({"type": "http.response.body", "body": body})


def _uncompressed(scope: Scope) -> Scope:
    headers = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
    return {**scope, "headers": headers}
