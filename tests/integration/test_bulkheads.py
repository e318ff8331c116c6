"""A Bureau that hangs, drips or fails stops nobody else, and its login is shown to nobody."""

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from http.server import BaseHTTPRequestHandler

import httpx
import pytest

from raincast.errors import SourceUnavailable
from raincast.serving.breaker import Breaker
from raincast.settings import Settings
from raincast.sources.bureau import Bureau
from tests.places import LOCATIONS, find
from tests.served import OBSERVATION, UNTRAINED
from tests.web_servers import Answer, says, serving

MOST_DRIPS = 4000
LOGIN = "observer:s3cret-word"


def drips(start: bytes, drop: bytes, over: threading.Event) -> Answer:
    """An answer that never ends, a few bytes at a time."""

    def answer(asked: BaseHTTPRequestHandler) -> None:
        asked.close_connection = True
        try:
            asked.wfile.write(start)
            for _ in range(MOST_DRIPS):
                if over.wait(0.05):
                    return
                asked.wfile.write(drop)
        except OSError:
            return

    return answer


@pytest.mark.parametrize(
    ("start", "drop"),
    [
        (b"HTTP/1.1 200 OK\r\nX: ", b"a"),
        (b"", b"HTTP/1.1 102 Processing\r\n\r\n"),
        (b"HTTP/1.1 200 OK\r\n", b"X-Y: z\r\n"),
    ],
    ids=["a header that drips", "one 1xx after the other", "headers without end"],
)
def test_a_fetch_ends_whatever_the_server_does(settings: Settings, start: bytes, drop: bytes):
    over = threading.Event()
    with serving(drips(start, drop, over)) as server:
        quick = replace(settings, bureau_url=server.url, fetch_timeout_seconds=0.5)
        began = time.monotonic()
        try:
            with (
                Bureau(quick) as bureau,
                pytest.raises(SourceUnavailable, match=r"only 0 bytes after 0\.5 s"),
            ):
                bureau.month(find("Cairns"), 2024, 5)
            assert time.monotonic() - began < MOST_DRIPS * 0.05 / 2
        finally:
            over.set()


def test_a_hanging_bureau_makes_no_caller_with_own_values_wait(
    settings: Settings, start: Callable[[Settings], httpx.Client]
):
    over = threading.Event()
    names = [name for name in LOCATIONS if name != UNTRAINED][:10]
    with serving(drips(b"", b"", over)) as server:
        slow = replace(settings, bureau_url=server.url, fetch_timeout_seconds=100.0)
        api = start(slow)
        with ThreadPoolExecutor(len(names)) as callers:
            asked = [
                callers.submit(api.get, "/latest_weather", params={"station_name": name})
                for name in names
            ]
            try:
                while not server.asked:
                    time.sleep(0.01)
                for day in ("2024-05-19", "2024-04-02", "2024-03-03"):
                    answer = api.post("/predict", json=OBSERVATION | {"Date": day})
                    assert answer.status_code == 200
                explained = api.post("/explain", json=OBSERVATION)
                assert explained.status_code == 200
                assert not any(one.done() for one in asked)
            finally:
                over.set()
                codes = {one.result().status_code for one in asked}
    assert codes <= {200, 503}


def test_after_failures_in_a_row_the_bureau_is_left_alone(
    settings: Settings, start: Callable[[Settings], httpx.Client]
):
    with serving(says(500)) as server:
        api = start(replace(settings, bureau_url=server.url))
        answers = [api.get("/latest_weather", params={"station_name": "Cairns"}) for _ in range(8)]
        assert {answer.status_code for answer in answers} == {503}
        assert "is left alone" in answers[-1].json()["detail"]
        assert len(server.asked) < 8


def test_the_breaker_lets_one_try_after_its_rest():
    now = [0.0]
    breaker = Breaker(3, 60.0, lambda: now[0])
    for _ in range(3):
        assert breaker.wait_seconds() == 0
        breaker.failed()
    assert breaker.wait_seconds() == 60
    now[0] = 61.0
    assert breaker.wait_seconds() == 0
    assert breaker.wait_seconds() == 60
    breaker.succeeded()
    assert breaker.wait_seconds() == 0


def test_a_login_in_the_address_is_sent_and_never_shown(
    settings: Settings,
    start: Callable[[Settings], httpx.Client],
    caplog: pytest.LogCaptureFixture,
):
    with caplog.at_level(logging.DEBUG), serving(says(500)) as server:
        address = server.url.replace("http://", f"http://{LOGIN}@")
        api = start(replace(settings, bureau_url=address))
        answers = [
            api.get("/latest_weather?station_name=Cairns"),
            api.post("/predict/batch", json={"stations": ["Cairns"], "use_latest": True}),
        ]
        with (
            pytest.raises(SourceUnavailable) as error,
            Bureau(replace(settings, bureau_url=address)) as bureau,
        ):
            bureau.month(find("Cairns"), 2024, 5)
    assert server.asked[0].headers["Authorization"].startswith("Basic ")
    for text in (str(error.value), caplog.text, *(answer.text for answer in answers)):
        assert "s3cret" not in text
        assert "observer" not in text
