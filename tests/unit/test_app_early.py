"""The document names the library that draws charts."""

import asyncio

import httpx
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import HTMLResponse
from starlette.routing import Route

from raincast.app import early

DOCUMENT = "<html><head><title>é</title></head><body>" + "rain " * 300 + "</body></html>"


def served(path: str, script: str | None = "/static/js/Chart.a1.js") -> httpx.Response:
    routes = [Route("/{page:path}", lambda _: HTMLResponse(DOCUMENT))]
    middleware = [
        Middleware(early.Early, pages=("", "quality"), script=script),
        Middleware(GZipMiddleware),
    ]

    async def asked() -> httpx.Response:
        transport = httpx.ASGITransport(Starlette(routes=routes, middleware=middleware))
        async with httpx.AsyncClient(transport=transport, base_url="http://app") as client:
            return await client.get(path)

    return asyncio.run(asked())


def test_pages_with_charts_name_the_library_and_nothing_else_changes():
    line = '<script type="module">import("./static/js/Chart.a1.js")</script>'
    for path in ("/", "/quality", "/below/a/proxy/quality"):
        answer = served(path)
        assert answer.text == DOCUMENT.replace("</head>", line + "</head>")
        assert int(answer.headers["content-length"]) == len(answer.content)


def test_other_pages_are_left_alone():
    assert served("/models").text == DOCUMENT


def test_without_a_library_of_that_name_nothing_is_added():
    assert served("/", script=None).text == DOCUMENT


def test_the_installed_streamlit_has_the_library():
    assert early.library()
