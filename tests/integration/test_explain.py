"""POST /explain: the parts add up to what /predict answers, and nothing is written."""

from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest
from scipy.special import expit

from raincast.forecasts.request import Request
from raincast.loop.contexts import Contexts
from raincast.loop.forecast import forecasts
from raincast.observations.availability import canonical, moment
from raincast.store.archive import Archive
from raincast.store.registry import Registry
from tests.places import INDEX
from tests.served import NOW, OBSERVATION, TODAY, UNTRAINED, morning, observation

YESTERDAY = TODAY - timedelta(days=1)


def total(said: dict) -> float:
    return float(
        expit(said["base"] + said["perceptrons"] + sum(part["log_odds"] for part in said["parts"]))
    )


@pytest.mark.parametrize(
    "body", [OBSERVATION, morning(), morning(Location="Cairns", Humidity3pm=50)]
)
def test_the_parts_of_a_callers_row_make_its_forecast(api: httpx.Client, root: Path, body: dict):
    said = api.post("/explain", json=body).json()
    assert not (root / "outputs/preds_api.csv").exists()
    answer = api.post("/predict", json=body).json()
    assert total(said) == pytest.approx(answer["rain_probability"], abs=1e-5)
    for name in ("location", "feature_date", "issued_at_utc", "regime", "model_version"):
        assert said[name] == answer[name]


def test_the_archives_row_is_explained_as_it_was_known(shared_api: httpx.Client, shared_root: Path):
    at = canonical("3pm", YESTERDAY)
    said = shared_api.post(
        "/explain",
        json={"Date": str(YESTERDAY), "Location": "Albury"},
        params={"issued_at_utc": moment(at).isoformat()},
    ).json()
    contexts = Contexts(Archive(shared_root / "data/archive.sqlite"), moment(at))
    asked = Request(INDEX["Albury"], YESTERDAY, at, "3pm", "Albury")
    made = forecasts([asked], Registry(shared_root / "models").load_active(), contexts, NOW)[0]
    assert said["regime"] == "3pm"
    assert total(said) == pytest.approx(made.rain_probability, abs=1e-5)


@pytest.mark.parametrize(
    ("body", "asked", "field"),
    [
        (observation(Location=UNTRAINED), {}, "Location"),
        (observation(Date=...), {}, "Date"),
        (
            {"Date": str(YESTERDAY), "Location": "Albury"},
            {"issued_at_utc": "2024-05-18T12:00:00"},
            "issued_at_utc",
        ),
        (
            {"Date": str(YESTERDAY), "Location": "Albury"},
            {"issued_at_utc": "noon"},
            "issued_at_utc",
        ),
    ],
)
def test_what_cannot_be_explained_is_refused(
    shared_api: httpx.Client, body: dict, asked: dict, field: str
):
    answer = shared_api.post("/explain", json=body, params=asked)
    assert (answer.status_code, answer.json()["field"]) == (422, field)


def test_it_asks_for_the_token(shared_api: httpx.Client):
    assert httpx.post(f"{shared_api.base_url}/explain", json=OBSERVATION).status_code == 401


def test_a_naive_issue_time_is_utc(shared_api: httpx.Client):
    body, at = {"Date": str(YESTERDAY), "Location": "Albury"}, moment(canonical("3pm", YESTERDAY))
    said = [
        shared_api.post("/explain", json=body, params={"issued_at_utc": text}).json()
        for text in (at.isoformat(), at.replace(tzinfo=None).isoformat())
    ]
    assert said[0] == said[1]
    assert datetime.fromisoformat(said[0]["issued_at_utc"]) == at
