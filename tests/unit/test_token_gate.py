"""Who is let in by the token's gate, what the others are told, and how often they may guess."""

import asyncio
import json
import logging
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import Headers

from raincast.errors import MissingSetting
from raincast.serving import access
from raincast.serving.access import MOST_GUESSES, WINDOW_SECONDS, Refusals, TokenGate, fault

KEY = "k3y/é"
MOST_PEERS = 4096
"""As many are remembered, and no more."""


class Clock:
    """Shows what it is put to."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


class Answered(NamedTuple):
    """What came back; the status is None where the app was asked instead."""

    status: int | None
    headers: Headers
    body: dict[str, Any]


class Door:
    """A gate in front of an app that answers nothing, and remembers whom it was asked by."""

    def __init__(self) -> None:
        self.asked: list[Any] = []
        self._gate = TokenGate(self._app, {"/predict"})

    async def _app(self, scope: Any, *_: Any) -> None:
        self.asked.append(scope["path"])

    def knock(self, authorization: bytes | None = None, **changed: Any) -> Answered:
        headers = [] if authorization is None else [(b"authorization", authorization)]
        scope = {"type": "http", "path": "/predict", "headers": headers, "client": ("10.0.0.1", 9)}
        sent: list[Any] = []

        async def send(message: Any) -> None:
            sent.append(message)

        async def receive() -> Any:
            raise AssertionError("no body is read at the door")

        asyncio.run(self._gate(scope | changed, receive, send))
        if not sent:
            return Answered(None, Headers(), {})
        return Answered(
            sent[0]["status"], Headers(raw=sent[0]["headers"]), json.loads(sent[1]["body"])
        )


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> Door:
    monkeypatch.setenv("API_KEY", KEY)
    return Door()


def test_refusals_are_counted_by_peer_in_a_window_that_begins_with_the_first() -> None:
    clock = Clock()
    refusals = Refusals(clock)
    assert [refusals.add("a"), refusals.add("a"), refusals.add("b")] == [1, 2, 1]
    clock.seconds += WINDOW_SECONDS
    assert refusals.add("a") == 3, "the window's last moment is in it"
    clock.seconds += 0.001
    assert refusals.add("a") == 1, "since its beginning, not since the last refusal"
    assert refusals.add("b") == 1


def test_of_many_peers_the_one_that_was_refused_longest_ago_is_forgotten() -> None:
    refusals = Refusals(Clock())
    for peer in range(MOST_PEERS):
        refusals.add(str(peer))
    assert refusals.add("0") == 2, "all of them are remembered, and this one has come again"
    refusals.add("one more")
    assert refusals.add("0") == 3
    assert refusals.add("1") == 1, "so the second was the one to go"


@pytest.mark.parametrize(
    ("headers", "told"),
    [
        ({}, "a token is needed"),
        ({"Authorization": ""}, "a token is needed"),
        ({"Authorization": "Bearer"}, "a token is needed"),
        ({"Authorization": "Bearer "}, "a token is needed"),
        ({"Authorization": "Basic secret"}, "a token is needed"),
        ({"Authorization": "secret"}, "a token is needed"),
        ({"Authorization": "Bearer Secret"}, "not the one"),
        ({"Authorization": "Bearer secrets"}, "not the one"),
        ({"Authorization": "Bearer secret secret"}, "not the one"),
        ({"Authorization": "Bearer secret"}, None),
        ({"authorization": "bEARER secret"}, None),
        ({"Authorization": "Bearer  secret "}, None),
    ],
)
def test_the_token_alone_opens_the_door(
    monkeypatch: pytest.MonkeyPatch, headers: dict[str, str], told: str | None
) -> None:
    monkeypatch.setenv("API_KEY", "secret")
    found = fault(Headers(headers))
    assert found is None if told is None else told in str(found)


@given(st.binary(max_size=20))
def test_whatever_bytes_are_sent_only_the_keys_own_are_the_key(sent: bytes) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("API_KEY", KEY)
        found = fault(Headers(raw=[(b"authorization", b"Bearer " + sent)]))
    assert (found is None) == (sent.strip() == KEY.encode())


def test_a_key_is_compared_by_the_bytes_that_were_sent(door: Door) -> None:
    assert door.knock(b"Bearer " + KEY.encode("utf-8")).status is None
    assert door.knock(b"Bearer " + KEY.encode("latin-1")).status == 401


def test_without_a_key_the_service_says_what_it_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("API_KEY", raising=False)
    assert isinstance(fault(Headers({"Authorization": "Bearer "})), str), "he had none either"
    assert isinstance(fault(Headers({"Authorization": "Bearer x"})), MissingSetting)
    answered = Door().knock(b"Bearer x")
    assert answered.status == 503
    assert "API_KEY is not set" in answered.body["detail"]


def test_only_guarded_paths_of_http_are_closed(door: Door) -> None:
    assert door.knock(path="/health").status is None
    assert door.knock(path="/predict/").status is None, "the app itself has no such path"
    assert door.knock(type="lifespan").status is None
    assert door.asked == ["/health", "/predict/", "/predict"]
    assert door.knock().status == 401
    assert len(door.asked) == 3


def test_whoever_comes_without_a_token_is_told_how_to_bring_one_and_never_to_wait(
    door: Door,
) -> None:
    answers = [door.knock() for _ in range(MOST_GUESSES + 1)]
    assert {answer.status for answer in answers} == {401}
    assert answers[-1].headers["WWW-Authenticate"] == "Bearer"
    assert "Authorization: Bearer API_KEY" in answers[-1].body["detail"]


def test_guesses_are_counted_by_peer_and_the_right_token_is_let_in_all_the_same(
    door: Door,
) -> None:
    answers = [door.knock(b"Bearer x") for _ in range(MOST_GUESSES + 1)]
    assert [answer.status for answer in answers] == [401] * MOST_GUESSES + [429]
    assert answers[-1].headers["Retry-After"] == "60"
    assert door.knock(b"Bearer " + KEY.encode()).status is None
    assert door.knock(b"Bearer x", client=("10.0.0.2", 9)).status == 401
    assert door.knock(b"Bearer x", client=None).status == 401, "a peer that nobody knows"


def test_ten_refusals_of_each_kind_are_logged_and_the_tenth_says_that_no_more_are(
    door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, access.__name__):
        for _ in range(15):
            door.knock(b"Bearer x")
            door.knock()
    told = [record.getMessage() for record in caplog.records]
    wrong = [line for line in told if "not the one" in line]
    assert (len(told), len(wrong)) == (20, 10)
    assert ["not logged" in line for line in wrong] == [False] * 9 + [True]
    assert all(line.startswith("refused 10.0.0.1 at /predict: ") for line in told)
