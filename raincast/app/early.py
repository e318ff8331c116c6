"""Pages without waiting: what the browser would learn only later is in the document.

Streamlit names the script of an element only once the first such element has been sent, and asks
at every folder of the page's address, the page's own name first, where its server is.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import config, file_util

HEAD_ENDS, BODY_ENDS = b"</head>", b"</body>"
ELEMENTS: Mapping[str, tuple[str, ...]] = {
    "stations": ("BidiComponent", "Button", "Selectbox", "Slider", "DownloadButton"),
    "station": ("BidiComponent",),
    "ask": ("BidiComponent",),
    "quality": ("BidiComponent",),
    "decision": ("BidiComponent",),
    "models": ("BidiComponent",),
    "search": ("BidiComponent",),
    "runs": ("BidiComponent",),
    "replay": ("BidiComponent",),
    "slides": ("BidiComponent",),
}
"""Streamlit's names of what each page is made of."""
OF_EVERY_PAGE = ("Html",)
SERVER = (
    "<script>window.__streamlit = {{ HOST_CONFIG: {host},"
    ' BACKEND_BASE_URL: new URL(".", location.href).href }};</script>'
)
"""A page's name is the last part of its address: the server is what lies before. With what
Streamlit tells a page that embeds it, the browser connects without having asked for that.
"""
_IMPORTED = re.compile(r'from ?"\./([^"]+\.js)"|import ?"\./([^"]+\.js)"')


def scripts(page: str) -> list[str]:
    """The addresses of the scripts of a page's elements and of what these import, without those
    that the document names itself; an element with another name in the installed Streamlit is left
    away.
    """
    folder = Path(file_util.get_static_dir()) / "static/js"
    known = _with_imports(folder, ("index",))
    found = _with_imports(folder, (*OF_EVERY_PAGE, *ELEMENTS[page]))
    return [f"/static/js/{name}" for name in found if name not in known]


def _with_imports(folder: Path, elements: Iterable[str]) -> list[str]:
    ahead = [found.name for name in elements for found in sorted(folder.glob(f"{name}.*.js"))]
    found: list[str] = []
    while ahead:
        name = ahead.pop()
        if name not in found and (folder / name).is_file():
            found.append(name)
            ahead += _imports(folder / name)
    return found


@cache
def _imports(script: Path) -> list[str]:
    return [one or other for one, other in _IMPORTED.findall(script.read_text("utf-8"))]


class Early:
    """Puts the server's address and those of scripts into the document, by the page's name in its
    address, and at its end what is the same for all pages: Streamlit's own rules stand in its head,
    and the later of two rules holds.

    Args:
        pages: see `scripts`.
        frame: HTML for the end of the document.
    """

    def __init__(self, app: ASGIApp, pages: Mapping[str, Sequence[str]], frame: str) -> None:
        self._app, self._frame = app, frame.encode()
        told = server()
        self._added = {name: (told + _links(scripts)).encode() for name, scripts in pages.items()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        added = self._added.get(scope["path"].rpartition("/")[2]) if "path" in scope else None
        if scope["type"] != "http" or added is None:
            await self._app(scope, receive, send)
            return
        answer: list[Message] = []

        async def keep(message: Message) -> None:
            answer.append(message)

        await self._app(_uncompressed(scope), receive, keep)
        start = next(m for m in answer if m["type"] == "http.response.start")
        whole = b"".join(m.get("body", b"") for m in answer)
        body = whole.replace(HEAD_ENDS, added + HEAD_ENDS, 1)
        body = body.replace(BODY_ENDS, self._frame + BODY_ENDS, 1)
        if body != whole:
            MutableHeaders(raw=start["headers"])["Content-Length"] = str(len(body))
        await send(start)
        await send({"type": "http.response.body", "body": body})


def server() -> str:
    """`SERVER` with the installed Streamlit's own settings; where these name no origins that may
    embed a page, the browser waits for its answer as ever.
    """
    origins = list(config.get_option("client.allowedOrigins"))
    host = {"allowedOrigins": origins, "useExternalAuthToken": False}
    return SERVER.format(host=json.dumps(host).replace("<", "\\u003c"))


def _links(scripts: Iterable[str]) -> str:
    return "".join(f'<link rel="modulepreload" crossorigin href=".{s}">' for s in scripts)


def _uncompressed(scope: Scope) -> Scope:
    headers = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
    return {**scope, "headers": headers}
