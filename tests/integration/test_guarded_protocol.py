"""What one connection may cost, and who has to go when the house is full: over real sockets, before
an app that does nothing but wait and count.
"""

import asyncio
import json
import resource
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from raincast.serving import protocol
from tests.served import listening

PATIENCE_SECONDS = 60
GET = b"GET /here HTTP/1.1\r\nHost: x\r\n\r\n"
HELD = b"GET /held HTTP/1.1\r\nHost: x\r\n\r\n"
CHUNKED = b"POST /body HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"


class Counter:
    """Answers with the number of bytes that a body had; at `/held` once it is let go, at `/begun`
    after the first half of its answer.
    """

    def __init__(self) -> None:
        self.entered, self.let_go = threading.Event(), threading.Event()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        size, more = 0, True
        while more:
            message = await receive()
            size += len(message.get("body", b""))
            more = message.get("more_body", False)
        if scope["path"] == "/held":
            await self._held()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        if scope["path"] == "/begun":
            await send({"type": "http.response.body", "body": b"half", "more_body": True})
            await self._held()
        await send({"type": "http.response.body", "body": str(size).encode()})

    async def _held(self) -> None:
        self.entered.set()
        while not self.let_go.is_set():
            await asyncio.sleep(0.002)


@pytest.fixture
def counter() -> Iterator[Counter]:
    app = Counter()
    yield app
    app.let_go.set()


@pytest.fixture
def address(counter: Counter) -> Iterator[tuple[str, int]]:
    with listening(counter, "none") as client:
        yield str(client.base_url.host), int(client.base_url.port or 0)
        counter.let_go.set()


def connected(address: tuple[str, int], first: bytes = b"") -> socket.socket:
    """A connection that the server has taken: whoever comes later comes later for it too."""
    one = socket.create_connection(address, PATIENCE_SECONDS)
    one.sendall(first)
    return one


def answer(stranger: socket.socket) -> tuple[bytes, bytes]:
    """Status line and body of one answer whose length is stated, or of one in a chunk."""
    file = stranger.makefile("rb")
    status, length = file.readline().strip(), None
    while (line := file.readline().strip()) != b"":
        name, _, value = line.partition(b": ")
        length = int(value) if name == b"content-length" else length
    if length is not None:
        return status, file.read(length)
    body = b""
    while size := int(file.readline(), 16):
        body += file.read(size)
        file.readline()
    file.readline()
    return status, body


def all_of(stranger: socket.socket) -> bytes:
    """Whatever comes until the other side has closed or cut the connection."""
    found = b""
    try:
        while piece := stranger.recv(65536):
            found += piece
    except ConnectionError:
        pass
    return found


def header_of(size: int) -> bytes:
    """A whole request of exactly so many bytes, all of them header."""
    start, end = b"GET /here HTTP/1.1\r\nHost: x\r\nX: ", b"\r\n\r\n"
    return start + b"a" * (size - len(start) - len(end)) + end


def test_half_of_the_descriptors_are_for_connections_and_four_at_least(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def of(allowed: int) -> int:
        monkeypatch.setattr(resource, "getrlimit", lambda _: (allowed, allowed))
        return protocol.most_connections.__wrapped__()

    assert [of(allowed) for allowed in (2, 8, 200, 1024, 1025, 65_536)] == [
        4,
        4,
        100,
        512,
        512,
        512,
    ]


def test_a_header_of_just_the_most_bytes_is_read_and_one_without_end_behind_them_is_not(
    address: tuple[str, int],
) -> None:
    with connected(address, header_of(protocol.MOST_HEADER_BYTES)) as stranger:
        assert answer(stranger)[0].startswith(b"HTTP/1.1 200")
    without_end = header_of(protocol.MOST_HEADER_BYTES + 4)[:-3]  # one byte more, still no end
    with connected(address, without_end) as stranger:
        status, body = answer(stranger)
        assert stranger.recv(1) == b"", "and the connection is over"
    assert status.startswith(b"HTTP/1.1 431")
    assert json.loads(body) == {"detail": "the header is longer than 32768 bytes"}


def test_each_message_of_a_connection_is_counted_by_itself(
    address: tuple[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(protocol, "MOST_MESSAGE_BYTES", 30_000)
    with connected(address) as stranger:
        for _ in range(4):  # 80,000 bytes in all, each header below both limits
            stranger.sendall(header_of(20_000))
            assert answer(stranger)[0].startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize(("chunks", "status"), [(18, b"HTTP/1.1 200"), (30, b"HTTP/1.1 413")])
def test_what_chunks_cost_beside_their_content_counts_too(
    address: tuple[str, int], monkeypatch: pytest.MonkeyPatch, chunks: int, status: bytes
) -> None:
    """18 chunks of one byte are 18 bytes of content and 18 x 6 + 5 = 113 on the way."""
    monkeypatch.setattr(protocol, "MOST_MESSAGE_BYTES", len(CHUNKED) + 113)
    with connected(address) as stranger:
        stranger.sendall(CHUNKED)
        stranger.sendall(b"1\r\na\r\n" * chunks + b"0\r\n\r\n"[: 5 if chunks == 18 else 0])
        found, body = answer(stranger)
    assert found.startswith(status)
    most = len(CHUNKED) + 113
    told = json.dumps({"detail": f"the request is longer than {most} bytes"}, separators=(",", ":"))
    assert body == (b"18" if chunks == 18 else told.encode())


def test_whoever_waits_for_an_answer_has_all_the_time_that_it_takes(
    address: tuple[str, int], counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The limit is of what the caller sends; it ended with the request."""
    monkeypatch.setattr(protocol, "MESSAGE_SECONDS", 0.05)
    with connected(address, HELD) as caller:
        assert counter.entered.wait(PATIENCE_SECONDS)
        time.sleep(0.3)
        counter.let_go.set()
        assert answer(caller) == (b"HTTP/1.1 200 OK", b"0")


def test_a_full_house_ends_who_was_waited_for_the_longest_and_nobody_who_is_served(
    address: tuple[str, int], counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(protocol, "most_connections", lambda: 3)
    with connected(address, HELD) as served:
        assert counter.entered.wait(PATIENCE_SECONDS)
        silent = []
        for _ in range(2):
            silent.append(connected(address, GET))
            assert answer(silent[-1])[0].startswith(b"HTTP/1.1 200")
            time.sleep(0.05)  # the server's clock has milliseconds
        with connected(address, GET) as newest:
            assert answer(newest)[0].startswith(b"HTTP/1.1 200"), "whoever comes is let in"
            assert all_of(silent[0]) == b"", "the first of those who wait has gone"
            silent[1].sendall(GET)
            assert answer(silent[1])[0].startswith(b"HTTP/1.1 200")
            counter.let_go.set()
            assert answer(served) == (b"HTTP/1.1 200 OK", b"0")
        for one in silent:
            one.close()


def test_where_all_are_served_the_newcomer_has_to_go(
    address: tuple[str, int], counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(protocol, "most_connections", lambda: 1)
    with connected(address, HELD) as served:
        assert counter.entered.wait(PATIENCE_SECONDS)
        with connected(address, b"") as newest:
            assert all_of(newest) == b""
        counter.let_go.set()
        assert answer(served) == (b"HTTP/1.1 200 OK", b"0")


@pytest.mark.parametrize("first", [b"GET /begun HTTP/1.1\r\nHost: x\r\n\r\n", HELD + GET])
def test_a_refusal_is_never_read_as_part_of_another_answer(
    address: tuple[str, int], counter: Counter, first: bytes
) -> None:
    """An answer that has begun, or that others wait behind, is cut off and not written into."""
    with connected(address, first) as stranger:
        assert counter.entered.wait(PATIENCE_SECONDS)
        stranger.sendall(b"\x16\x03\x01 no request\r\n\r\n")
        found = all_of(stranger)
    assert b" 400 " not in found
    assert b"detail" not in found
    assert found.count(b"HTTP/1.1") == first.count(b"/begun")


def test_others_are_answered_after_any_of_it(address: tuple[str, int]) -> None:
    for first in (b"\x00" * 40, header_of(40_000)[:-4], CHUNKED + b"zz\r\n"):
        with connected(address, first) as stranger:
            stranger.shutdown(socket.SHUT_WR)
            all_of(stranger)
    assert httpx.get(f"http://{address[0]}:{address[1]}/here").text == "0"
