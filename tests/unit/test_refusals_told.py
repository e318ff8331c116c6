"""How a refusal is told: what was found, in a form that can always be sent back, under which
status, and how much of it.
"""

import asyncio
import json
import math
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from raincast import logs
from raincast.errors import (
    BadFile,
    Busy,
    JournalFailed,
    MissingSetting,
    NoModel,
    NotPublished,
    UnknownStation,
)
from raincast.serving import strict
from raincast.serving.body import BodyLimit
from raincast.serving.page import rendered
from raincast.serving.replies import (
    MOST_FAULTS,
    MOST_LETTERS,
    Refused,
    error_reply,
    fault,
    install,
    refusal,
    reply,
)

ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text("aé\ud800\x00"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab"), inner, max_size=3),
    max_leaves=6,
)


@given(ANY_JSON)
def test_whatever_was_found_can_be_sent_back_and_is_no_longer_than_it_may_be(found: Any) -> None:
    shown = json.loads(bytes(reply(fault("Rainfall", found)).body))["found"]
    assert isinstance(shown, str | int | float)
    if isinstance(shown, str):
        assert len(shown) <= MOST_LETTERS
    elif isinstance(found, int | float):
        assert shown == found


@pytest.mark.parametrize(
    ("found", "shown"),
    [
        (2**63 - 1, 2**63 - 1),
        (2**63, "a whole number of 64 bits"),
        (-(2**64), "a whole number of 65 bits"),
        (math.inf, "inf"),
        (None, "None"),
        ("\ud800", "?"),
        ("x" * 300, "x" * MOST_LETTERS),
    ],
)
def test_what_json_or_a_line_cannot_hold_is_described(found: Any, shown: Any) -> None:
    assert fault("Rainfall", found)["found"] == shown


def test_a_fault_names_field_found_and_expected_and_its_place_in_a_batch_alone() -> None:
    told = fault("Humidity9am", 101, index=0)
    assert told["detail"] == "Humidity9am: found 101, expected a number from 0 to 100 %"
    assert (told["field"], told["expected"]) == ("Humidity9am", "a number from 0 to 100 %")
    assert told["index"] == 0
    assert "index" not in fault("Humidity9am", 101)
    assert fault("Cloud9am", 3, "disagrees")["detail"] == "Cloud9am: disagrees"
    assert Refused(told, fault("Cloud9am", 10)).args == (told["detail"],)


def test_the_first_fault_is_the_answers_own_and_all_are_under_errors() -> None:
    faults = [fault("MinTemp", 99, index=7), fault("MaxTemp", 99, index=2)]
    with logs.about(request_id="r-1"):
        answer = refusal(faults)
    body = json.loads(bytes(answer.body))
    assert answer.status_code == 422
    assert body.pop("errors") == faults
    assert body.pop("request_id") == "r-1"
    assert body == {name: value for name, value in faults[0].items() if name != "index"}
    assert json.loads(bytes(error_reply({}, 503).body)) == {"request_id": None}


class Row(BaseModel):
    """A body of numbers."""

    Rainfall: list[float] = []


def ask(raised: Exception | None = None, **sent: Any) -> httpx.Response:
    """The answer of an app whose failures are JSON, to one call that may raise."""
    app = FastAPI()
    install(app)

    @app.post("/")
    def call(row: Row) -> None:
        if raised:
            raise raised

    async def asked() -> httpx.Response:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
            return await client.post("/", **({"json": {}} | sent))

    return asyncio.run(asked())


@pytest.mark.parametrize(
    ("raised", "status"),
    [
        (UnknownStation("who?"), 422),
        (BadFile("models/x.json", "y", "z"), 503),
        (MissingSetting("no key"), 503),
        (NoModel("none"), 503),
        (NotPublished("not yet"), 503),
        (JournalFailed("full"), 503),
        (Busy("wait"), 503),
        (HTTPException(418, "short"), 418),
    ],
)
def test_the_callers_faults_are_422_and_ours_503(raised: Exception, status: int) -> None:
    answer = ask(raised)
    assert answer.status_code == status
    assert answer.json()["detail"] == getattr(raised, "detail", str(raised))


def test_what_nobody_foresaw_is_500_and_says_nothing_of_itself() -> None:
    answer = ask(KeyError("/home/someone/secret"))
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "internal error" in answer.json()["detail"]


def test_of_many_faults_a_hundred_are_told() -> None:
    answer = ask(json={"Rainfall": ["wet"] * (MOST_FAULTS + 50)})
    assert answer.status_code == 422
    assert [told["index"] for told in answer.json()["errors"]] == list(range(MOST_FAULTS))


def test_a_body_that_is_no_object_or_no_text_is_told_so() -> None:
    listed = ask(json=[1])
    assert (listed.status_code, "errors" in listed.json()) == (422, True)
    broken = ask(content=b"{", headers={"Content-Type": "application/json"})
    assert broken.json()["detail"].startswith("the body is not JSON: ")
    latin = ask(content=b'{"Rainfall": "\xe9"}', headers={"Content-Type": "application/json"})
    assert latin.json()["detail"] == "the body cannot be read: expected JSON in UTF-8"


def limited(pieces: list[bytes], most: int, declared: bytes | None = None) -> tuple[int, bytes]:
    """The status, and what the app has read, of a body that comes in pieces."""
    read, sent, coming = b"", [], iter(pieces)

    async def app(scope: Any, receive: Any, send: Any) -> None:
        nonlocal read
        for _ in pieces:
            read += (await receive())["body"]

    async def receive() -> Any:
        return {"type": "http.request", "body": next(coming), "more_body": True}

    async def send(message: Any) -> None:
        sent.append(message)

    headers = [] if declared is None else [(b"content-length", declared)]
    try:
        scope = {"type": "http", "headers": headers}
        asyncio.run(BodyLimit(app, most)(scope, receive, send))
    except HTTPException as error:
        return error.status_code, read
    return (sent[0]["status"] if sent else 200), read


@given(st.lists(st.binary(max_size=6), max_size=6), st.integers(0, 20))
def test_a_body_is_read_to_its_limit_and_no_further(pieces: list[bytes], most: int) -> None:
    status, read = limited(pieces, most)
    whole = b"".join(pieces)
    assert status == (200 if len(whole) <= most else 413)
    assert len(read) <= most
    assert whole.startswith(read)


def test_a_body_that_says_that_it_is_too_long_is_not_read_at_all() -> None:
    assert limited([b"a", b"bc"], 2, b"3") == (413, b"")
    assert limited([b"abc"], 3, b"3") == (200, b"abc")
    assert limited([b"abc"], 2, b"2") == (413, b""), "what it says of itself is not believed"
    assert limited([b"abc"], 3, b"many") == (200, b"abc")


@given(ANY_JSON)
def test_json_without_a_key_twice_is_read_as_ever(value: Any) -> None:
    text = json.dumps(value)
    assert json.dumps(strict.value(text.encode())) == text, "so that NaN is like itself"


@pytest.mark.parametrize("text", ['{"a": 1, "a": 1}', '[{"b": {"a": 1, "c": 2, "a": 2}}]'])
def test_a_key_that_is_there_twice_is_no_json_however_deep(text: str) -> None:
    with pytest.raises(json.JSONDecodeError, match="found the key 'a' twice, expected it once"):
        strict.value(text.encode())


def test_the_page_of_a_schema_holds_no_markup_but_its_own() -> None:
    evil = "<script>alert(1)</script>"
    call = {
        "operationId": evil,
        "description": evil,
        "parameters": [{"name": evil, "description": evil}],
        "requestBody": {
            "content": {
                "application/json": {
                    "schema": {"anyOf": [{"$ref": "#/components/schemas/Row"}, {"type": "null"}]},
                    "examples": {"one": {"summary": evil, "value": {"a": evil}}},
                }
            }
        },
        "responses": {"200": {"description": evil}},
        "security": [{}],
    }
    fields = {"Row": {"properties": {"Rainfall": {"description": evil}}}}
    page = rendered(
        {
            "info": {"title": evil, "version": evil, "description": evil},
            "paths": {"/a": {"post": call}, "/b": {"get": {"operationId": "b", "responses": {}}}},
            "components": {"schemas": fields},
        }
    )
    assert "<script" not in page
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;") == 12
    assert "<h3>Fields of Row</h3>" in page
    assert page.count("Needs the token.") == page.count("Needs no token.") == 1
