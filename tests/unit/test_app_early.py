"""The document says where the server is, and names the scripts that pages are made of."""

import asyncio
import json
import re
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import HTMLResponse
from starlette.routing import Route
from streamlit import config, file_util

from raincast.app import early, main

DOCUMENT = "<html><head><title>é</title></head><body>" + "rain " * 300 + "</body></html>"


FRAME = "<style>p { color: red }</style>"
SCRIPTS = ["/static/js/Chart.a1.js", "/static/js/axis.b2.js"]


def served(path: str) -> httpx.Response:
    routes = [Route("/{page:path}", lambda _: HTMLResponse(DOCUMENT))]
    middleware = [
        Middleware(early.Early, pages={"": SCRIPTS, "quality": SCRIPTS[:1]}, frame=FRAME),
        Middleware(GZipMiddleware),
    ]

    async def asked() -> httpx.Response:
        transport = httpx.ASGITransport(Starlette(routes=routes, middleware=middleware))
        async with httpx.AsyncClient(transport=transport, base_url="http://app") as client:
            return await client.get(path)

    return asyncio.run(asked())


@pytest.mark.parametrize(
    ("path", "scripts"),
    [("/", SCRIPTS), ("/quality", SCRIPTS[:1]), ("/below/a/proxy/quality", SCRIPTS[:1])],
)
def test_a_page_names_server_and_scripts_and_nothing_else_changes(path, scripts):
    links = "".join(f'<link rel="modulepreload" crossorigin href=".{s}">' for s in scripts)
    answer = served(path)
    headed = DOCUMENT.replace("</head>", early.server() + links + "</head>")
    assert answer.text == headed.replace("</body>", FRAME + "</body>")
    assert int(answer.headers["content-length"]) == len(answer.content)


def test_the_document_tells_what_streamlit_would_of_pages_that_embed_it():
    told = re.search(r"HOST_CONFIG: (\{.*?\}),", early.server())
    origins = config.get_option("client.allowedOrigins")
    assert told
    assert json.loads(told[1]) == {"allowedOrigins": origins, "useExternalAuthToken": False}
    assert origins  # without one, the browser would wait


def test_other_pages_are_left_alone():
    assert served("/models").text == DOCUMENT


@pytest.mark.parametrize("page", [name for names in main.PAGES.values() for name in names])
def test_the_installed_streamlit_has_the_scripts_and_its_document_does_not_name_them(page):
    folder = Path(file_util.get_static_dir())
    found, document = early.scripts(page), (folder / "index.html").read_text("utf-8")
    named = {name.rsplit("/", 1)[1].split(".")[0] for name in found}
    assert {*early.OF_EVERY_PAGE, *early.ELEMENTS[page]} <= named
    for name in found:
        assert (folder / name.removeprefix("/")).is_file()
        assert name not in document


def test_the_first_page_is_told_of_without_its_name_too():
    assert main.scripts()[""] == main.scripts()[main.FIRST]
