"""The app's files go out compressed, each compressed once."""

import asyncio
import gzip
from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from raincast.app.compressed import Compressed

GZIP = {"Accept-Encoding": "gzip"}
SCRIPT = "const rain = 1;\n" * 200


class Server:
    """Files as Streamlit sends them, and how often it was asked for one."""

    def __init__(self) -> None:
        self.asked = 0
        routes = [
            Route("/static/a.js", self.file),
            Route("/page", lambda _: PlainTextResponse(SCRIPT)),
        ]
        self.app = Starlette(routes=routes, middleware=[Middleware(Compressed)])

    def file(self, request) -> Response:
        self.asked += 1
        if "if-none-match" in request.headers:
            return Response(status_code=304)
        return Response(SCRIPT, media_type="text/javascript", headers={"ETag": '"one"'})

    def get(self, path: str, **headers: str) -> tuple[int, bytes, httpx.Headers]:
        """Status, the body as it came over the wire, and the headers."""
        return asyncio.run(self._get(path, headers))

    async def _get(self, path: str, headers: dict[str, str]) -> tuple[int, bytes, httpx.Headers]:
        transport = httpx.ASGITransport(self.app)
        async with (
            httpx.AsyncClient(transport=transport, base_url="http://app") as client,
            client.stream("GET", path, headers=headers) as answer,
        ):
            return answer.status_code, await _joined(answer.aiter_raw()), answer.headers


async def _joined(parts: AsyncIterator[bytes]) -> bytes:
    return b"".join([part async for part in parts])


@pytest.fixture
def server() -> Server:
    return Server()


def test_a_file_is_compressed_once_and_is_the_same(server):
    for _ in range(3):
        _, body, headers = server.get("/static/a.js", **GZIP)
        assert headers["content-encoding"] == "gzip"
        assert int(headers["content-length"]) == len(body) < len(SCRIPT)
        assert "Accept-Encoding" in headers["vary"]
        assert gzip.decompress(body).decode() == SCRIPT
    assert server.asked == 1


def test_who_takes_no_gzip_gets_the_file_as_it_is(server):
    server.get("/static/a.js", **GZIP)
    _, body, headers = server.get("/static/a.js", **{"Accept-Encoding": "identity"})
    assert "content-encoding" not in headers
    assert body.decode() == SCRIPT


def test_a_browser_that_asks_for_a_newer_file_is_told_by_the_server(server):
    assert server.get("/static/a.js", **GZIP, **{"If-None-Match": '"one"'})[0] == 304


def test_a_file_that_is_not_there_is_asked_for_again(server):
    for _ in range(2):
        assert server.get("/static/b.js", **GZIP)[0] == 404


def test_pages_are_left_to_streamlit(server):
    assert "content-encoding" not in server.get("/page", **GZIP)[2]
