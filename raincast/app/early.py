"""Pages without waiting: what the browser would learn only later is in the document.

Streamlit names the script of an element only once the first such element has been sent, and asks
at every folder of the page's address, the page's own name first, where its server is.
"""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import file_util

HEAD_ENDS = b"</head>"
ELEMENTS = ("Html", "ButtonGroup", "BidiComponent", "Selectbox", "Slider")
"""Streamlit's names of what most pages are made of."""
SERVER = (
    '<script>window.__streamlit = { BACKEND_BASE_URL: new URL(".", location.href).href };</script>'
)
"""A page's name is the last part of its address: the server is what lies before."""
_IMPORTED = re.compile(r'from ?"\./([^"]+\.js)"|import ?"\./([^"]+\.js)"')


def scripts() -> list[str]:
    """The addresses of the elements' scripts and of what these import, without those that the
    document names itself; an element with another name in the installed Streamlit is left away.
    """
    folder = Path(file_util.get_static_dir()) / "static/js"
    known = _with_imports(folder, ("index",))
    return [f"/static/js/{n}" for n in _with_imports(folder, ELEMENTS) if n not in known]


def _with_imports(folder: Path, elements: Iterable[str]) -> list[str]:
    ahead = [found.name for name in elements for found in sorted(folder.glob(f"{name}.*.js"))]
    found: list[str] = []
    while ahead:
        name = ahead.pop()
        if name not in found and (folder / name).is_file():
            found.append(name)
            text = (folder / name).read_text("utf-8")
            ahead += [one or other for one, other in _IMPORTED.findall(text)]
    return found


class Early:
    """Puts the server's and the scripts' addresses into the document, on the pages with those
    names.
    """

    def __init__(self, app: ASGIApp, pages: Iterable[str], scripts: Sequence[str]) -> None:
        self._app, self._pages = app, frozenset(pages)
        links = "".join(
            f'<link rel="modulepreload" crossorigin href=".{script}">' for script in scripts
        )
        self._added = (SERVER + links).encode()

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
        body = whole.replace(HEAD_ENDS, self._added + HEAD_ENDS, 1)
        if body != whole:
            MutableHeaders(raw=start["headers"])["Content-Length"] = str(len(body))
        await send(start)
        await send({"type": "http.response.body", "body": body})


def _uncompressed(scope: Scope) -> Scope:
    headers = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
    return {**scope, "headers": headers}
