"""POST /predict: what is answered, what is refused, and that both are as the contract has them."""

import time
from datetime import UTC, datetime
from pathlib import Path

import httpx
import numpy as np
import pytest

from raincast.features import block
from raincast.forecasts.request import row
from raincast.forecasts.row import COLUMNS
from raincast.observations import panel
from raincast.observations.availability import canonical
from raincast.observations.schema import FIELDS, OBSERVATIONS
from raincast.store.archive import Archive
from raincast.store.journal import Journal
from raincast.store.registry import Registry
from tests.places import INDEX, LOCATIONS, STATIONS
from tests.served import OBSERVATION, TODAY, UNTRAINED, morning, observation, version


def test_an_observation_is_answered_and_the_answer_says_what_it_rests_on(
    shared_api: httpx.Client, shared_root: Path
):
    answer = shared_api.post("/predict", json=OBSERVATION)
    said = answer.json()
    assert answer.status_code == 200
    assert said["rain_tomorrow"] == int(said["rain_probability"] >= said["threshold"])
    assert 0 <= said["rain_probability"] <= 1
    amounts = said.pop("exceedance")
    assert list(amounts) == ["0.2", "1", "5", "10", "25", "50"]
    assert sorted(amounts.values(), reverse=True) == list(amounts.values())
    assert amounts["1"] == said["rain_probability"]
    assert said | {"rain_tomorrow": ..., "rain_probability": ..., "forecast_id": ...} == {
        "rain_tomorrow": ...,
        "rain_probability": ...,
        "forecast_id": ...,
        "location": "Albury",
        "station": "known",
        "station_name": "Albury",
        "feature_date": "2024-05-19",
        "target_date": "2024-05-20",
        "issued_at_utc": "2024-05-20T01:00:00+00:00",
        "logged_at_utc": "2024-05-20T08:00:00+00:00",
        "window_hours_left": 0.0,
        "regime": "complete",
        "threshold": 0.5,
        "model_version": version(shared_root, 0),
        "missing": [],
        "use_latest": False,
        "basis": "today",
    }


@pytest.mark.parametrize("cost_loss", [0.001, 0.999])
def test_who_states_cost_and_loss_is_told_whether_to_protect(
    shared_api: httpx.Client, cost_loss: float
):
    asked = {"cost_loss": str(cost_loss)}
    said = shared_api.post("/predict", json=OBSERVATION, params=asked).json()
    assert said["cost_loss"] == cost_loss
    assert said["protect"] == (said["rain_probability"] >= cost_loss)
    for wrong in ("0", "1", "nan", "cheap"):
        answer = shared_api.post("/predict", json=OBSERVATION, params={"cost_loss": wrong})
        assert answer.status_code == 422
        assert answer.json()["field"] == "cost_loss"


def test_what_is_answered_is_in_the_journal(api: httpx.Client, root: Path):
    said = [
        api.post("/predict", json=body).json()
        for body in (OBSERVATION, morning(), morning(Location="Cairns"))
    ]
    rows = Journal(root / "outputs/preds_api.csv").read()
    assert rows["forecast_id"].tolist() == [one["forecast_id"] for one in said]
    assert rows["rain_probability"].tolist() == [one["rain_probability"] for one in said]
    assert rows["predicted_rain"].tolist() == [one["rain_tomorrow"] for one in said]
    assert rows["regime"].tolist() == ["complete", "9am", "9am"]
    assert rows["missing"].tolist() == [" ".join(one["missing"]) for one in said]
    amounts = [[f"{mm}:{p!r}" for mm, p in one["exceedance"].items()] for one in said]
    assert rows["exceedance"].str.split().tolist() == amounts
    assert (root / "outputs/preds_api.csv").read_text().startswith(",".join(COLUMNS))


def test_a_forecast_is_that_of_the_training_path_with_the_callers_own_row(
    shared_api: httpx.Client, shared_root: Path
):
    """One feature path: the API's answer has the very bits of what the training path makes of the
    row among the archive's.
    """
    known = panel.from_frame(Archive(shared_root / "data/archive.sqlite").as_known_at())
    day, station = TODAY.replace(day=19), INDEX["Albury"]
    given = {name: OBSERVATION[name] for name in OBSERVATIONS}
    context = block.context(known, [day], np.array([canonical("complete", day)])).at(0)
    X = block.inputs(context.at([station]), row(given | {"WindDir3pm": "NNW"})[None])
    expected = Registry(shared_root / "models").load_active().probabilities(X)[0]
    assert shared_api.post("/predict", json=OBSERVATION).json()["rain_probability"] == expected


@pytest.mark.parametrize(
    ("body", "regime", "issued", "left"),
    [
        (morning(), "9am", "2024-05-19T01:00:00+00:00", 22),
        (morning(Humidity3pm=50), "3pm", "2024-05-19T07:00:00+00:00", 16),
        (morning(Sunshine=4), "3pm", "2024-05-19T14:00:00+00:00", 9),
        (morning(MaxTemp=20), "complete", "2024-05-20T01:00:00+00:00", 0),
        (morning(Date="2024-05-20", Humidity3pm=50), "3pm", "2024-05-20T07:00:00+00:00", 16),
        (morning(Date="2024-05-20", MaxTemp=20), "complete", "2024-05-20T08:00:00+00:00", 15),
        ({"Date": "2024-05-19", "Location": "Albury"}, "9am", "2024-05-19T01:00:00+00:00", 22),
    ],
)
def test_the_regime_is_what_the_fields_show_and_nothing_later_is_used(
    shared_api: httpx.Client, body: dict[str, object], regime: str, issued: str, left: float
):
    said = shared_api.post("/predict", json=body).json()
    assert (said["regime"], said["issued_at_utc"], said["window_hours_left"]) == (
        regime,
        issued,
        left,
    )
    assert said["threshold"] == {"9am": 0.3, "3pm": 0.4, "complete": 0.5}[regime]


def test_what_is_missing_is_told_and_a_calm_misses_no_direction(shared_api: httpx.Client):
    body = observation(
        Sunshine=None, Cloud9am=..., WindDir9am=None, WindSpeed9am=0, WindDir3pm=None
    )
    assert shared_api.post("/predict", json=body).json()["missing"] == [
        "Sunshine",
        "WindDir3pm",
        "Cloud9am",
    ]


def test_a_day_of_which_the_archive_knows_nothing_is_forecast_from_the_row_alone(
    shared_api: httpx.Client,
):
    assert shared_api.post("/predict", json=observation(Date="1999-12-31")).status_code == 200


@pytest.mark.parametrize(
    "spelling", ["Alice Springs", "alicesprings", "ALICE SPRINGS", "=Alice\nSprings,"]
)
def test_stations_are_known_by_any_spelling_and_stored_by_one(
    api: httpx.Client, root: Path, spelling: str
):
    assert (
        api.post("/predict", json=observation(Location=spelling)).json()["location"]
        == "AliceSprings"
    )
    rows = Journal(root / "outputs/preds_api.csv").read()
    assert rows["location"].tolist() == ["AliceSprings"]
    assert len((root / "outputs/preds_api.csv").read_text().splitlines()) == 2


@pytest.mark.parametrize("name", [s.bureau_name for s in STATIONS if s.location != UNTRAINED][::6])
def test_the_bureaus_own_names_are_accepted(shared_api: httpx.Client, name: str):
    assert shared_api.post("/predict", json=observation(Location=name)).status_code == 200


@pytest.mark.parametrize("rained", ["yes", "Yes", True, None, ...])
def test_rain_today_may_come_in_several_forms(shared_api: httpx.Client, rained: object):
    assert shared_api.post("/predict", json=observation(RainToday=rained)).status_code == 200
    assert (
        shared_api.post("/predict", json=observation(RainToday="no", Rainfall=1.0)).status_code
        == 200
    )


def test_the_documentation_states_units_and_ranges(shared_api: httpx.Client):
    shown = shared_api.get("/openapi.json").json()["components"]["schemas"]["Observation"][
        "properties"
    ]
    for name, field in FIELDS.items():
        assert shown[name]["unit"] == field.unit
        numbers = [kind for kind in shown[name]["anyOf"] if kind.get("type") == "number"]
        assert all(
            (kind["minimum"], kind["maximum"]) == (field.low, field.high) for kind in numbers
        )
    assert len(LOCATIONS) == 49


def test_new_observations_in_the_archive_count_from_the_next_look_on(api: httpx.Client, root: Path):
    before = api.post("/predict", json=morning()).json()["rain_probability"]
    archive = Archive(root / "data/archive.sqlite")
    frame = archive.as_known_at(first=TODAY.replace(day=18), last=TODAY.replace(day=19))
    frame["Pressure9am"] = frame["Pressure9am"] - 30
    archive.append(frame, datetime(2024, 5, 20, 7, tzinfo=UTC), "corrected")
    until = time.monotonic() + 300
    while api.post("/predict", json=morning()).json()["rain_probability"] == before:
        assert time.monotonic() < until
