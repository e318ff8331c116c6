"""Every request has an id and a line in the log; a refusal names the id."""

import json
import logging
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from raincast import logs
from raincast.serving import replies
from raincast.serving.access_log import FORM, AccessLog
from tests.served import listening, observation


class Lines(logging.Handler):
    """What JSON lines a service writes."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(logs._Json())
        self.kept: list[dict[str, Any]] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.kept.append(json.loads(self.format(record)))


@pytest.fixture
def lines() -> Iterator[Lines]:
    handler, logger = Lines(), logging.getLogger("raincast")
    before = logger.level
    logger.setLevel(logging.INFO)
    logger.addHandler(handler)
    yield handler
    logger.removeHandler(handler)
    logger.setLevel(before)


def access(lines: Lines) -> dict[str, Any]:
    return next(one for one in lines.kept if one["logger"] == "raincast.serving.access_log")


def test_a_forecast_has_one_line_that_leads_to_the_journal(
    shared_api: httpx.Client, lines: Lines
) -> None:
    answer = shared_api.post(
        "/predict", json=observation(), headers={"X-Request-ID": "caller-7.a_b"}
    )
    assert answer.headers["X-Request-ID"] == "caller-7.a_b"
    found = access(lines)
    assert found["message"] == "POST /predict 200"
    assert found["request_id"] == "caller-7.a_b"
    assert (found["status"], found["station"], found["peer"]) == (200, "Albury", "127.0.0.1")
    assert found["bytes"] == len(answer.content)
    assert found["forecast_id"] == answer.json()["forecast_id"]


@pytest.mark.parametrize("given", ["", "a b", "x" * 65, "{}", "-a", "a\u00e9"])
def test_an_id_of_another_form_is_replaced(shared_api: httpx.Client, given: str) -> None:
    answer = shared_api.get("/health", headers={"X-Request-ID": given.encode("latin-1")})
    made = answer.headers["X-Request-ID"]
    assert made != given
    assert FORM.fullmatch(made)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/nowhere", 404), ("POST", "/predict", 400), ("GET", "/latest_weather", 422)],
)
def test_a_refusal_names_the_id(
    shared_api: httpx.Client, lines: Lines, method: str, path: str, status: int
) -> None:
    answer = shared_api.request(method, path, headers={"X-Request-ID": "r1"})
    assert answer.status_code == status
    assert answer.json()["request_id"] == "r1"
    assert access(lines)["status"] == status


def test_who_has_no_token_is_logged_without_what_was_sent(
    shared_api: httpx.Client, lines: Lines
) -> None:
    answer = httpx.post(
        f"{shared_api.base_url}/predict?token=hidden-1",
        headers={"Authorization": "Bearer hidden-2", "X-Request-ID": "r2"},
    )
    assert answer.json()["request_id"] == "r2"
    assert "hidden" not in json.dumps(lines.kept)
    assert {one["request_id"] for one in lines.kept} == {"r2"}


def test_a_fault_of_ours_is_answered_and_logged_under_the_same_id(lines: Lines) -> None:
    app = FastAPI()
    app.add_middleware(AccessLog)
    replies.install(app)

    @app.get("/broken")
    def broken() -> None:
        raise RuntimeError("nobody foresaw it")

    with listening(app, "none") as client:
        answer = client.get("/broken", headers={"X-Request-ID": "r3"})
    assert (answer.status_code, answer.headers["X-Request-ID"]) == (500, "r3")
    assert answer.json()["request_id"] == "r3"
    assert "nobody foresaw it" not in answer.text
    fault = next(one for one in lines.kept if "trace" in one)
    assert fault["request_id"] == "r3"
    assert "nobody foresaw it" in fault["trace"]
    assert (access(lines)["level"], access(lines)["status"]) == ("warning", 500)
