"""POST /predict: what is refused, with field, found and expected."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from raincast.settings import Settings
from raincast.store.journal import Journal
from tests.served import OBSERVATION, UNTRAINED, observation


@pytest.mark.parametrize(
    ("changes", "field", "told"),
    [
        ({"Humidity9am": 140}, "Humidity9am", "found 140, expected a number from 0 to 100 %"),
        ({"Humidity9am": -1}, "Humidity9am", "found -1"),
        ({"Humidity9am": "wet"}, "Humidity9am", "found 'wet'"),
        ({"Humidity9am": "50"}, "Humidity9am", "found '50'"),
        ({"Humidity9am": True}, "Humidity9am", "found True"),
        ({"Humidity9am": [1]}, "Humidity9am", "found '[1]'"),
        ({"MinTemp": float("nan")}, "MinTemp", "expected a number from -30 to 45 °C"),
        ({"MinTemp": float("inf")}, "MinTemp", "expected a number from -30 to 45 °C"),
        ({"WindDir9am": "NORTH"}, "WindDir9am", "found 'NORTH', expected one of N, NNE"),
        ({"WindDir9am": 270}, "WindDir9am", "expected one of N, NNE"),
        ({"Location": "Gotham"}, "Location", "unknown station 'Gotham'"),
        ({"Location": "Albary"}, "Location", "did you mean Albury"),
        ({"Location": 7}, "Location", "found 7, expected a station's name"),
        ({"Location": UNTRAINED}, "Location", "was not trained on it"),
        ({"Location": ...}, "Location", "expected a station's name"),
        ({"Date": ...}, "Date", "expected a day, YYYY-MM-DD"),
        ({"Date": "19/05/2024"}, "Date", "found '19/05/2024'"),
        (
            {"Date": "2024-05-22"},
            "Date",
            "found '2024-05-22', expected a day, YYYY-MM-DD, from 1900-01-01 to today",
        ),
        ({"Date": "0001-01-01"}, "Date", "found '0001-01-01'"),
        ({"Date": 1716076800}, "Date", "found 1716076800"),
        ({"RainToday": "No"}, "RainToday", "expected Yes or No, in agreement with Rainfall"),
        ({"RainToday": "perhaps"}, "RainToday", "found 'perhaps'"),
        ({"RainTomorrow": "Yes"}, "RainTomorrow", "expected one of the fields Date, Location"),
    ],
)
def test_an_impossible_value_is_refused_with_field_found_and_expected(
    shared_api: httpx.Client, shared_root: Path, changes: dict[str, object], field: str, told: str
):
    before = len(Journal(shared_root / "outputs/preds_api.csv").read())
    body = json.dumps(observation(**changes))
    answer = shared_api.post("/predict", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422
    assert answer.json()["field"] == field
    assert told in answer.json()["detail"]
    assert {"found", "expected"} <= set(answer.json())
    assert len(Journal(shared_root / "outputs/preds_api.csv").read()) == before


def test_all_that_is_wrong_is_told_at_once(shared_api: httpx.Client):
    errors = shared_api.post(
        "/predict", json=observation(Humidity9am=140, Temp3pm=99, Date=5)
    ).json()["errors"]
    assert [error["field"] for error in errors] == ["Date", "Humidity9am", "Temp3pm"]


@pytest.mark.parametrize(
    "body", [b"{", b"[1]", b"7", b'{"Date": NaN}', b"\xff", b'{"Location": "Alb\\ud800ury"}']
)
def test_a_body_that_is_no_observation_is_refused(shared_api: httpx.Client, body: bytes):
    answer = shared_api.post("/predict", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code in (400, 422)
    assert answer.json()["detail"]


def test_neither_observations_nor_a_station_is_a_bad_request(shared_api: httpx.Client):
    for query in ("", "?use_latest=false", "?use_latest=true", "?station_name=Albury"):
        answer = shared_api.post(f"/predict{query}")
        assert answer.status_code == 400
        assert "use_latest=true" in answer.json()["detail"]


def test_an_observation_with_another_stations_name_is_refused(shared_api: httpx.Client):
    assert shared_api.post("/predict?station_name=albury", json=OBSERVATION).status_code == 200
    answer = shared_api.post("/predict?station_name=Cairns", json=OBSERVATION)
    assert (answer.status_code, answer.json()["field"]) == (422, "station_name")


def test_a_body_that_is_too_long_is_refused_whether_or_not_it_says_so(shared_api: httpx.Client):
    long = b'{"Location": "' + b"x" * 2_000_000 + b'"}'
    for content in (long, iter([long[:1_000_000], long[1_000_000:]])):
        answer = shared_api.post(
            "/predict", content=content, headers={"Content-Type": "application/json"}
        )
        assert answer.status_code == 413


@pytest.mark.parametrize("token", [None, "Bearer wrong", "Basic YTpi", "Bearer"])
@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/predict"), ("POST", "/predict/batch"), ("GET", "/latest_weather")],
)
def test_without_the_token_nothing_is_told(
    shared_api: httpx.Client, method: str, path: str, token: str | None
):
    with httpx.Client(base_url=shared_api.base_url) as stranger:
        headers = {} if token is None else {"Authorization": token}
        answer = stranger.request(
            method, path, headers=headers, json={} if method == "POST" else None
        )
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"] == "Bearer"
        assert stranger.get("/health").status_code == 200


def test_a_service_without_a_key_lets_nobody_in(api: httpx.Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("API_KEY")
    answer = api.post("/predict", json=OBSERVATION)
    assert answer.status_code == 503
    assert "API_KEY" in answer.json()["detail"]
    assert api.post("/predict", json=OBSERVATION, headers={"Authorization": ""}).status_code == 401


def test_a_token_of_other_letters_is_refused_like_any_other(shared_api: httpx.Client):
    answer = shared_api.post(
        "/predict", json=OBSERVATION, headers={"Authorization": "Bearer \u00e9".encode()}
    )
    assert answer.status_code == 401


def test_without_a_model_nothing_is_forecast(
    start: Callable[[Settings], httpx.Client], settings: Settings, tmp_path: Path
):
    empty = start(replace(settings, root=tmp_path / "empty"))
    answer = empty.post("/predict", json=OBSERVATION)
    assert answer.status_code == 503
    assert "raincast train" in answer.json()["detail"]
    assert not (tmp_path / "empty/outputs/preds_api.csv").exists()


def test_a_journal_that_cannot_be_written_fails_the_request(api: httpx.Client, root: Path):
    (root / "outputs").write_text("a file where the folder should be")
    answer = api.post("/predict", json=OBSERVATION)
    assert answer.status_code == 503
    assert "preds_api.csv" in answer.json()["detail"]
    (root / "outputs").unlink()
    assert api.post("/predict", json=OBSERVATION).status_code == 200
