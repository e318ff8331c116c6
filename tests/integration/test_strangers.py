"""What a stranger without the token can do to the API: over real sockets on loopback, bounded in
number and time.
"""

import json
import logging
import os
import re
import resource
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest

from raincast.serving import access, protocol
from raincast.settings import Settings
from tests.served import OBSERVATION, morning

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 60


def address(api: httpx.Client) -> tuple[str, int]:
    return str(api.base_url.host), int(api.base_url.port or 0)


@contextmanager
def connected(api: httpx.Client) -> Iterator[socket.socket]:
    with socket.create_connection(address(api), PATIENCE_SECONDS) as stranger:
        yield stranger


def said(stranger: socket.socket) -> bytes:
    """All that comes until the other side closes."""
    found = b""
    while True:
        try:
            piece = stranger.recv(65536)
        except ConnectionError:
            return found
        if not piece:
            return found
        found += piece


def send_until_refused(stranger: socket.socket, piece: bytes, most: int) -> int:
    """How much was taken before the other side closed; at most so much is sent."""
    taken = 0
    while taken < most:
        try:
            taken += stranger.send(piece)
        except ConnectionError:
            break
    return taken


def test_a_header_without_end_is_refused_long_before_it_is_a_hundred_megabytes(
    shared_api: httpx.Client,
):
    with connected(shared_api) as stranger:
        stranger.sendall(b"POST /predict HTTP/1.1\r\nX: ")
        taken = send_until_refused(stranger, b"a" * 65536, 50_000_000)
        assert taken < 20_000_000  # what the kernel buffers, not what the server keeps
    assert shared_api.get("/health").status_code == 200


@pytest.mark.parametrize(
    ("start", "line"),
    [
        (b"POST /predict HTTP/1.1\r\n", b"X-%d: 1\r\n"),
        (b"POST /" + b"p" * protocol.MOST_HEADER_BYTES, b"%d"),
    ],
    ids=["many short lines", "a long address"],
)
def test_a_header_that_is_too_long_is_told_so_as_json(
    shared_api: httpx.Client, start: bytes, line: bytes
):
    with connected(shared_api) as stranger:
        stranger.sendall(start + b"".join(line % i for i in range(5_000)))
        answer = said(stranger)
    # The rest of what was sent may make the system drop the answer on its way.
    assert answer == b"" or answer.startswith(b"HTTP/1.1 431 ")


def test_trailers_without_end_are_refused_too(shared_api: httpx.Client):
    with connected(shared_api) as stranger:
        stranger.sendall(
            b"POST /predict HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: "
        )
        taken = send_until_refused(stranger, b"a" * 65536, 50_000_000)
    assert taken < 20_000_000
    assert shared_api.get("/health").status_code == 200


def test_what_is_no_http_is_refused_as_json(shared_api: httpx.Client):
    with connected(shared_api) as stranger:
        stranger.sendall(b"\x16\x03\x01 hello\r\n\r\n")
        head, _, body = said(stranger).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 ")
    assert json.loads(body)["detail"]


@pytest.mark.parametrize(
    "sent",
    [b"", b"GET /health HT", b"\r\n", b"POST /predict HTTP/1.1\r\nContent-Length: 5\r\n\r\n{"],
    ids=["nothing", "half a line", "an empty line", "half a body"],
)
def test_whoever_does_not_go_on_is_not_waited_for(
    shared_api: httpx.Client, monkeypatch: pytest.MonkeyPatch, sent: bytes
):
    monkeypatch.setattr(protocol, "HEADER_SECONDS", 0.3)
    monkeypatch.setattr(protocol, "MESSAGE_SECONDS", 0.3)
    with connected(shared_api) as stranger:
        stranger.sendall(sent)
        answer = said(stranger)  # ends, or the time-out of the socket fails the test
    assert b"HTTP/1.1 408 " in answer
    assert shared_api.get("/health").status_code == 200


def test_a_line_that_drips_ends_in_time_whatever_comes(
    shared_api: httpx.Client, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(protocol, "HEADER_SECONDS", 0.3)
    with connected(shared_api) as stranger:
        stranger.settimeout(0.05)
        end = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end:
            try:
                stranger.send(b"\r\n")
                if not stranger.recv(100):
                    break
            except TimeoutError:
                continue
            except ConnectionError:
                break
        assert time.monotonic() < end


def test_silent_sockets_shut_nobody_out(api: httpx.Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(protocol, "most_connections", lambda: 20)
    with ExitStack() as silent:
        for _ in range(60):
            silent.enter_context(connected(api))
        with httpx.Client(base_url=api.base_url, headers=api.headers, timeout=300) as caller:
            for _ in range(3):
                assert caller.post("/predict", json=morning()).status_code == 200


@pytest.mark.slow
def test_few_descriptors_are_enough(root: Path, tmp_path: Path):
    """The command itself, with 200 descriptors and 260 silent sockets."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {"PROJECT_ROOT": str(root), "API_KEY": "k"}
    words = [sys.executable, "-m", "raincast", "serve", "--port", str(port)]
    with (tmp_path / "log").open("w") as log:
        server = subprocess.Popen(
            words,
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=log,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (200, 200)),
        )
    try:
        url = f"http://127.0.0.1:{port}"
        _wait(f"{url}/health", server)
        with ExitStack() as silent:
            for _ in range(260):
                one = silent.enter_context(socket.socket())
                one.settimeout(PATIENCE_SECONDS)
                one.connect(("127.0.0.1", port))
            answer = httpx.post(
                f"{url}/predict",
                json=OBSERVATION,
                headers={"Authorization": "Bearer k"},
                timeout=PATIENCE_SECONDS,
            )
        assert answer.status_code == 200
    finally:
        server.terminate()
        server.wait()


def _wait(url: str, server: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + 4 * PATIENCE_SECONDS
    while time.monotonic() < end:
        assert server.poll() is None
        try:
            httpx.get(url, timeout=PATIENCE_SECONDS)
        except httpx.HTTPError:
            time.sleep(0.2)
        else:
            return
    raise AssertionError(url)


def test_the_token_is_asked_for_before_the_body_is_read(shared_api: httpx.Client):
    """The answer comes while the body is still to come."""
    with connected(shared_api) as stranger:
        stranger.sendall(
            b"POST /predict/batch HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            b"Content-Length: 1000000\r\n\r\n{"
        )
        assert stranger.recv(65536).startswith(b"HTTP/1.1 401 ")


def test_a_body_that_is_too_long_is_413_as_json(shared_api: httpx.Client):
    long = b"[" + b"1," * 1_100_000 + b"1]"
    for content in (long, iter([long[:1_500_000], long[1_500_000:]])):
        answer = shared_api.post("/predict", content=content)
        assert answer.status_code == 413
        assert "at most 2000000 bytes" in answer.json()["detail"]


def test_refusals_are_logged_and_guesses_limited_and_the_right_token_is_let_in(
    api: httpx.Client, caplog: pytest.LogCaptureFixture
):
    with (
        caplog.at_level(logging.WARNING, logger="raincast.serving.access"),
        httpx.Client(base_url=api.base_url, timeout=300) as stranger,
    ):
        wrong = {"Authorization": "Bearer wrong"}
        codes = [
            stranger.post("/predict", headers=wrong).status_code
            for _ in range(access.MOST_GUESSES + 5)
        ]
        without = {stranger.post("/predict").status_code for _ in range(access.MOST_GUESSES + 5)}
    assert codes == [401] * access.MOST_GUESSES + [429] * 5
    assert without == {401}
    lines = [record.getMessage() for record in caplog.records]
    assert 1 <= len(lines) <= 20
    assert all(re.search(r"refused 127\.0\.0\.1 at /predict", line) for line in lines)
    assert api.post("/predict", json=OBSERVATION).status_code == 200


def test_health_shows_strangers_neither_paths_nor_hashes(
    start: Callable[[Settings], httpx.Client], settings: Settings
):
    damaged = settings.models / "pipeline.joblib"
    damaged.write_bytes(damaged.read_bytes()[:-10])
    api = start(settings)
    with httpx.Client(base_url=api.base_url) as stranger:
        for path in ("/health", "/health/ready"):
            text = stranger.get(path).text
            assert str(settings.root) not in text
            assert not re.search(r"[0-9a-f]{64}", text)
            assert "SHA-256" in api.get(path).text


def test_the_docs_load_nothing_from_elsewhere(shared_api: httpx.Client):
    with httpx.Client(base_url=shared_api.base_url) as stranger:
        page = stranger.get("/docs")
    assert page.status_code == 200
    assert "POST /predict/batch" in page.text
    assert not re.search(r"(?:src|href)=\"?(?:https?:)?//|<script", page.text)
    assert page.headers["Content-Security-Policy"].startswith("default-src 'none'")
