"""A call with an observation alone, which is read past the framework, is answered as any other."""

import json
from typing import Any

import httpx
import pytest

from tests.served import OBSERVATION, observation

JSON = {"Content-Type": "application/json"}
OWN = ("forecast_id", "logged_at_utc", "request_id")
"""What each answer has of its own."""
BODIES = {
    "an observation": json.dumps(OBSERVATION),
    "a blank about it": f"  {json.dumps(OBSERVATION)}\n",
    "calm": json.dumps(observation(WindDir9am="Calm", WindSpeed9am=0)),
    "numbers that are whole": json.dumps(observation(Temp9am=12, Rainfall=0)),
    "a date alone": json.dumps({"Date": "2024-05-19", "Location": "Alice Springs"}),
    "no station": json.dumps({"Date": "2024-05-19"}),
    "another field": json.dumps(observation(Wetness=1)),
    "out of range": json.dumps(observation(Humidity9am=101)),
    "text for a number": json.dumps(observation(Humidity9am="88")),
    "an unknown station": json.dumps(observation(Location="Atlantis")),
    "tomorrow": json.dumps(observation(Date="2024-06-19")),
    "NaN": json.dumps(observation(Temp9am=float("nan"))),
    "nothing of a row": "{}",
    "null": "null",
    "a list": "[]",
    "no JSON": "{",
}


def _said(api: httpx.Client, body: str, query: str, headers: dict[str, str]) -> dict[str, Any]:
    answer = api.post(f"/predict{query}", content=body, headers=headers)
    kept = {name: value for name, value in answer.json().items() if name not in OWN}
    return {"status": answer.status_code} | kept


@pytest.mark.parametrize("body", BODIES.values(), ids=list(BODIES))
def test_a_body_alone_is_answered_as_beside_a_query(shared_api: httpx.Client, body: str):
    alone = _said(shared_api, body, "", JSON)
    assert alone["status"] in (200, 400, 422)
    assert alone == _said(shared_api, body, "?use_latest=false", JSON)


def test_json_may_be_named_with_its_encoding(shared_api: httpx.Client):
    named = {"Content-Type": "application/json; charset=utf-8"}
    body = json.dumps(OBSERVATION)
    assert _said(shared_api, body, "", named) == _said(shared_api, body, "", JSON)


def test_another_kind_of_content_is_refused(shared_api: httpx.Client):
    plain = {"Content-Type": "text/plain"}
    assert _said(shared_api, json.dumps(OBSERVATION), "", plain)["status"] == 422
