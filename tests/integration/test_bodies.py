"""Bodies that no honest caller sends: each is refused as the schema says, none breaks anything."""

import gzip
import json

import httpx
import pytest

from tests.served import OBSERVATION, observation

JSON = {"Content-Type": "application/json"}
HUGE = [
    "9" * 19,
    "9" * 400,
    "-" + "9" * 5000,
    "1e400",
    "-1e999999",
    "1" + "0" * 400 + "e-400",
    "NaN",
    "Infinity",
    "-Infinity",
    "0.1e-400000",
]
ODD = {
    "deep lists": b"[" * 100_000,
    "deep objects": b'{"a":' * 50_000,
    "deep and closed": b"[" * 20_000 + b"]" * 20_000,
    "a deep value": b'{"Date": ' + b"[" * 500 + b"]" * 500 + b"}",
    "Latin-1": json.dumps(observation(Location="Albury é"), ensure_ascii=False).encode("latin-1"),
    "UTF-16": json.dumps(OBSERVATION).encode("utf-16")[:101],
    "gzip": gzip.compress(json.dumps(OBSERVATION).encode()),
    "NUL": b"\x00",
    "a lone surrogate": b'{"Location": "\\ud800", "\\udfff": 1}',
    "no JSON": b"Date=2024-05-19",
    "two documents": b"{}{}",
    "many unknown keys": b"{" + b",".join(b'"k%d":1' % i for i in range(50_000)) + b"}",
    "a long unknown key": b'{"' + b"k" * 1_000_000 + b'": 1}',
    "a long number": b'{"Date": ' + b"1" * 1_000_000 + b"}",
}
CALLS = ("/predict", "/predict/batch", "/explain")


def bodies(text: str) -> dict[str, str]:
    row = json.dumps(observation(Humidity9am="?")).replace('"?"', text)
    return {
        "/predict": row,
        "/explain": row,
        "/predict/batch": f'{{"observations": [{row}]}}',
    }


@pytest.mark.parametrize("text", HUGE, ids=lambda text: text[:12])
@pytest.mark.parametrize("path", CALLS)
def test_a_number_of_any_size_is_answered_or_refused_by_its_field(
    shared_api: httpx.Client, path: str, text: str
):
    answer = shared_api.post(path, content=bodies(text)[path], headers=JSON)
    assert answer.status_code in (200, 422)
    if answer.status_code == 422 and len(text) < 4000:
        assert answer.json()["field"] == "Humidity9am"
        assert len(answer.text) < 3000


@pytest.mark.parametrize("field", ["Date", "Location", "RainToday", "WindDir9am", "Other"])
@pytest.mark.parametrize("path", CALLS)
def test_a_huge_number_in_any_field_is_refused(shared_api: httpx.Client, path: str, field: str):
    row = observation(**{field: 2**70})
    body = {"observations": [row]} if path == "/predict/batch" else row
    answer = shared_api.post(path, json=body)
    assert (answer.status_code, answer.json()["field"]) == (422, field)


@pytest.mark.parametrize("name", ODD)
@pytest.mark.parametrize("path", CALLS)
def test_a_body_that_is_none_is_refused_shortly(shared_api: httpx.Client, path: str, name: str):
    answer = shared_api.post(path, content=ODD[name], headers=JSON)
    assert answer.status_code == 422
    assert answer.json()["detail"]
    assert len(answer.text) < 200_000


@pytest.mark.parametrize(
    "moment",
    [
        "9999-12-31T23:59:59-14:00",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59",
        "1899-12-31T23:59:59Z",
        "2024-05-20T08:00:01Z",
        "1716076800",
        "1e30",
        "now",
        "",
    ],
)
def test_a_moment_that_is_none_or_still_to_come_is_refused(shared_api: httpx.Client, moment: str):
    answer = shared_api.post("/explain", params={"issued_at_utc": moment}, json=OBSERVATION)
    assert (answer.status_code, answer.json()["field"]) == (422, "issued_at_utc")


@pytest.mark.parametrize("day", ["0000000000", "2024-05-19T00:00:00", "20240519", "٢٠٢٤-٠٥-١٩"])
def test_a_day_is_only_what_the_schema_says(shared_api: httpx.Client, day: str):
    answer = shared_api.post("/predict", json=observation(Date=day))
    assert (answer.status_code, answer.json()["field"]) == (422, "Date")


@pytest.mark.parametrize(
    "changes",
    [
        {"WindDir9am": "Calm", "WindSpeed9am": 0},
        {"WindDir9am": "calm", "WindSpeed9am": "Calm"},
        {"WindDir9am": None, "WindSpeed9am": "CALM "},
        {"WindDir9am": "Calm", "WindSpeed9am": ...},
    ],
)
def test_calm_is_speed_0_without_a_direction(shared_api: httpx.Client, changes: dict[str, object]):
    plain = observation(WindDir9am=None, WindSpeed9am=0)
    expected = shared_api.post("/predict", json=plain).json()
    found = shared_api.post("/predict", json=observation(**changes)).json()
    assert found["rain_probability"] == expected["rain_probability"]
    assert found["missing"] == expected["missing"] == []


def test_the_station_of_the_address_counts_where_the_body_has_none(shared_api: httpx.Client):
    answer = shared_api.post("/predict?station_name=Cairns", json=observation(Location=...))
    assert (answer.status_code, answer.json()["location"]) == (200, "Cairns")


def test_an_empty_station_name_is_none(shared_api: httpx.Client):
    answer = shared_api.post("/predict?station_name=", json=OBSERVATION)
    assert (answer.status_code, answer.json()["field"]) == (422, "station_name")


def test_every_call_has_examples_that_are_accepted(shared_api: httpx.Client):
    paths = shared_api.get("/openapi.json").json()["paths"]
    for path in ("/predict", "/explain", "/predict/batch"):
        content = paths[path]["post"]["requestBody"]["content"]["application/json"]
        assert len(content["examples"]) >= 2
        for example in content["examples"].values():
            answer = shared_api.post(path, json=example["value"])
            assert answer.status_code in (200, 503), answer.text
    for path, methods in paths.items():
        for call in methods.values():
            good = call["responses"]["200"]["content"]["application/json"]
            assert "example" in good, path


def test_the_schema_names_every_station_by_both_names(shared_api: httpx.Client):
    schemas = shared_api.get("/openapi.json").json()["components"]["schemas"]
    names = schemas["Observation"]["properties"]["Location"]["enum"]
    assert {"AliceSprings", "Alice Springs, Northern Territory"} <= set(names)
    assert schemas["Batch"]["anyOf"]
    assert schemas["Observation"]["required"] == ["Date", "Location"]
