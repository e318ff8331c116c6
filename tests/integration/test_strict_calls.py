"""What may be meant in two ways is refused: what is there twice, or what nobody knows."""

import json

import httpx
import pytest

from tests.served import OBSERVATION

JSON = {"Content-Type": "application/json"}
TWICE = json.dumps(OBSERVATION)[:-1] + ', "Rainfall": 0.0}'


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/predict", TWICE),
        ("/predict?station_name=Albury", TWICE),
        ("/explain", TWICE),
        ("/predict/batch", f'{{"observations": [{TWICE}]}}'),
    ],
)
def test_a_key_that_is_there_twice_is_refused(shared_api: httpx.Client, path: str, body: str):
    refused = shared_api.post(path, content=body, headers=JSON)
    assert refused.status_code == 422
    assert "found the key 'Rainfall' twice, expected it once" in refused.json()["detail"]


@pytest.mark.parametrize("key", ["\\udfff", "k" * 100_000])
def test_a_key_that_cannot_be_sent_back_is_told_shortly(shared_api: httpx.Client, key: str):
    refused = shared_api.post("/predict", content=f'{{"{key}": 1, "{key}": 2}}', headers=JSON)
    assert refused.status_code == 422
    assert len(refused.json()["detail"]) < 200


@pytest.mark.parametrize(
    ("query", "field", "said"),
    [
        ("cost_los=0.2", "cost_los", "an unknown parameter, expected one of use_latest, station_"),
        ("cost_loss=0.2&cost_loss=0.9", "cost_loss", "found it 2 times, expected it once"),
        ("station_name=Perth&station_name=Albury", "station_name", "found it 2 times"),
    ],
)
def test_a_query_that_may_be_meant_otherwise_is_refused(
    shared_api: httpx.Client, query: str, field: str, said: str
):
    refused = shared_api.post(f"/predict?{query}", json=OBSERVATION)
    assert refused.status_code == 422
    assert refused.json()["field"] == field
    assert said in refused.json()["detail"]


def test_a_call_without_parameters_says_so(shared_api: httpx.Client):
    refused = shared_api.post("/predict/batch?use_latest=true", json={"stations": ["Albury"]})
    assert "an unknown parameter, expected none" in refused.json()["detail"]


def test_a_body_under_another_name_is_told_which_is_expected(shared_api: httpx.Client):
    refused = shared_api.post("/predict", content=json.dumps(OBSERVATION).encode())
    assert refused.status_code == 422
    assert "Content-Type application/json" in refused.json()["detail"]


@pytest.mark.parametrize("name", ["éAlbury", "Albury悉尼", "Al\u0432bury"])
def test_letters_of_another_script_make_another_name(shared_api: httpx.Client, name: str):
    refused = shared_api.post("/predict", json={**OBSERVATION, "Location": name})
    assert refused.status_code == 422
    assert "unknown station" in refused.json()["detail"]


@pytest.mark.parametrize("path", ["/health", "/health/ready"])
def test_whoever_asks_for_the_head_alone_is_answered(shared_api: httpx.Client, path: str):
    found = shared_api.head(path)
    assert (found.status_code, found.content) == (shared_api.get(path).status_code, b"")
