"""Forecasts from the Bureau's newest observations, and many forecasts in one call."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from raincast.settings import Settings
from raincast.store.journal import Journal
from raincast.store.registry import Registry
from tests import served
from tests.places import find
from tests.served import OBSERVATION, UNTRAINED, morning, observation
from tests.web_servers import says, serving


def test_the_newest_row_is_fetched_and_forecast_as_known_now(
    api_with_bureau: httpx.Client, root: Path
):
    answer = api_with_bureau.post("/predict?use_latest=true&station_name=Alice Springs")
    said = answer.json()
    assert answer.status_code == 200
    assert (said["location"], said["station_name"]) == ("AliceSprings", "Alice Springs")
    assert (said["feature_date"], said["target_date"]) == ("2024-05-20", "2024-05-21")
    assert (said["issued_at_utc"], said["regime"]) == ("2024-05-20T08:00:00+00:00", "3pm")
    assert said["use_latest"]
    assert {"MaxTemp", "Sunshine", "WindGustSpeed", "WindGustDir"} <= set(said["missing"])
    assert Journal(root / "outputs/preds_api.csv").read()["use_latest"].tolist() == [True]


def test_the_station_may_stand_in_the_body(api_with_bureau: httpx.Client):
    answer = api_with_bureau.post("/predict?use_latest=true", json={"Location": "Cairns"})
    assert (answer.status_code, answer.json()["location"]) == (200, "Cairns")


def test_the_newest_weather_is_what_such_a_forecast_has(api_with_bureau: httpx.Client):
    said = api_with_bureau.get("/latest_weather?station_name=cairns").json()
    forecast = api_with_bureau.post("/predict?use_latest=true&station_name=cairns").json()
    assert {name: said[name] for name in ("location", "feature_date", "regime", "missing")} == {
        name: forecast[name] for name in ("location", "feature_date", "regime", "missing")
    }
    published = served.weather().set_index(["Location", "Date"]).loc[("Cairns", "2024-05-20")]
    assert "Humidity3pm" in said["observations"]
    for name, value in said["observations"].items():
        assert value == (
            published[name] if isinstance(value, str) else pytest.approx(published[name], abs=0.06)
        ), name


@pytest.mark.parametrize("name", ["Gotham", UNTRAINED])
@pytest.mark.parametrize(
    ("method", "path", "field"),
    [
        ("POST", "/predict?use_latest=true&station_name={}", "station_name"),
        ("GET", "/latest_weather?station_name={}", "station_name"),
    ],
)
def test_a_station_that_is_not_known_or_trained_is_refused_before_anybody_is_asked(
    shared_api: httpx.Client, name: str, method: str, path: str, field: str
):
    answer = shared_api.request(method, path.format(name))
    assert (answer.status_code, answer.json()["field"], answer.json()["found"]) == (
        422,
        field,
        name,
    )


def test_a_bureau_that_cannot_be_reached_is_said_so(shared_api: httpx.Client, shared_root: Path):
    for method, path in (("POST", "/predict?use_latest=true&"), ("GET", "/latest_weather?")):
        answer = shared_api.request(method, f"{path}station_name=Cairns")
        assert answer.status_code == 503
        # The tests before may have asked so often that it is left alone for a minute.
        why = ("IDCJDW4024", "127.0.0.1:9", "is left alone")
        assert any(said in answer.json()["detail"] for said in why)


def test_a_station_without_a_file_or_with_an_old_one_is_forecast_from_what_is_known(
    settings: Settings, start: Callable[[Settings], httpx.Client], tmp_path: Path
):
    asked = "/predict?use_latest=true&station_name=Cairns"
    with serving(says(404)) as server:
        api = start(replace(settings, bureau_url=server.url))
        said = api.post(asked).json()
        assert (said["basis"], said["feature_date"]) == ("yesterday", "2024-05-20")
        weather = api.get("/latest_weather?station_name=Cairns")
        assert weather.status_code == 503
    empty = replace(settings, root=settings.root.parent / "empty")
    (settings.root / "models").rename(empty.root.mkdir() or empty.models)
    with served.bureau(tmp_path / "old", datetime(2024, 5, 12, 8, tzinfo=UTC)) as server:
        api = start(replace(empty, bureau_url=server.url))
        weather = api.get("/latest_weather?station_name=Cairns")
        assert weather.status_code == 503
        assert "expected a row of 2024-05-20 or the day before" in weather.json()["detail"]
        said = api.post(asked).json()
    climate = Registry(empty.models).load_active().metadata.climate["Cairns"]
    assert (said["basis"], said["rain_probability"]) == ("climatology", climate[4])


def test_a_batch_answers_in_the_order_asked_and_like_single_calls(
    api_with_bureau: httpx.Client, root: Path
):
    rows = [OBSERVATION, morning(Location="Cairns"), morning(Date="2024-05-01"), OBSERVATION]
    batch = {"observations": rows, "stations": ["perth", "Alice Springs"], "use_latest": True}
    answer = api_with_bureau.post("/predict/batch", json=batch)
    items = answer.json()["items"]
    assert answer.status_code == 200
    assert [item["status"] for item in items] == ["ok"] * 6
    assert [item["station_name"] for item in items] == [
        "Albury",
        "Cairns",
        "Albury",
        "Albury",
        "perth",
        "Alice Springs",
    ]
    single = [api_with_bureau.post("/predict", json=row).json() for row in rows]
    for item, alone in zip(items, single, strict=False):
        assert item["forecast"]["rain_probability"] == alone["rain_probability"]
    journal = Journal(root / "outputs/preds_api.csv").read()
    assert journal["forecast_id"].tolist()[:6] == [
        item["forecast"]["forecast_id"] for item in items
    ]


def test_a_batch_of_a_thousand_days(shared_api: httpx.Client):
    days = [f"{2000 + i // 300}-{i % 12 + 1:02}-{i % 28 + 1:02}" for i in range(1000)]
    answer = shared_api.post(
        "/predict/batch", json={"observations": [observation(Date=day) for day in days]}
    )
    assert [item["forecast"]["feature_date"] for item in answer.json()["items"]] == days


def test_a_batch_with_anything_wrong_is_refused_whole_and_all_of_it_told(
    shared_api: httpx.Client, shared_root: Path
):
    before = len(Journal(shared_root / "outputs/preds_api.csv").read())
    bad = [
        OBSERVATION,
        observation(Humidity9am=140),
        OBSERVATION,
        observation(Temp3pm="x", Location="Gotham"),
    ]
    answer = shared_api.post("/predict/batch", json={"observations": bad})
    assert answer.status_code == 422
    found = [(error["index"], error["field"]) for error in answer.json()["errors"]]
    assert found == [(1, "Humidity9am"), (3, "Location"), (3, "Temp3pm")]
    later = [OBSERVATION, observation(Date="2024-05-22"), observation(Location=UNTRAINED)]
    answer = shared_api.post(
        "/predict/batch", json={"observations": later, "stations": [UNTRAINED], "use_latest": True}
    )
    found = [(error["index"], error["field"]) for error in answer.json()["errors"]]
    assert found == [(1, "Date"), (2, "Location"), (0, "stations")]
    assert len(Journal(shared_root / "outputs/preds_api.csv").read()) == before


@pytest.mark.parametrize(
    ("batch", "status"),
    [
        ({}, 400),
        ({"observations": [], "stations": []}, 400),
        ({"stations": ["Cairns"]}, 422),
        ({"observations": [OBSERVATION] * 1001}, 422),
        ({"stations": ["Cairns"] * 1001, "use_latest": True}, 422),
        ({"observation": [OBSERVATION]}, 422),
    ],
)
def test_a_batch_that_cannot_be_answered(
    shared_api: httpx.Client, batch: dict[str, object], status: int
):
    answer = shared_api.post("/predict/batch", json=batch)
    assert answer.status_code == status
    assert answer.json()["detail"]


def test_one_stations_failure_hides_no_other(
    settings: Settings, start: Callable[[Settings], httpx.Client], tmp_path: Path
):
    with served.bureau(tmp_path / "bureau") as server:
        (tmp_path / "bureau/202405/IDCJDW4024.202405.csv").unlink()
        (tmp_path / "bureau/202405/IDCJDW6111.202405.csv").write_bytes(b"no such file at all")
        api = start(replace(settings, bureau_url=server.url))
        batch = {
            "stations": ["Cairns", "Sydney", "Perth"],
            "use_latest": True,
            "observations": [OBSERVATION],
        }
        items = api.post("/predict/batch", json=batch).json()["items"]
    assert {item["station_name"]: item["status"] for item in items} == {
        "Albury": "ok",
        "Cairns": "not_published",
        "Sydney": "ok",
        "Perth": "unreachable",
    }
    assert all(item["detail"] for item in items if item["status"] != "ok")
    bases = Journal(settings.journal).read().set_index("location")["basis"].to_dict()
    assert bases == {"Albury": "today", "Sydney": "alone"} | dict.fromkeys(
        ("Cairns", "Perth"), "yesterday"
    )


def test_a_few_stations_that_cannot_be_had_keep_no_other_from_being_asked(
    settings: Settings, start: Callable[[Settings], httpx.Client], tmp_path: Path
):
    with served.bureau(tmp_path / "bureau"):
        pass
    broken = ["Adelaide", "Albany", "AliceSprings", "Ballarat", "Bendigo"]
    spoilt = {find(name).product: says(500) for name in broken}
    with serving(served.files_of(tmp_path / "bureau", spoilt)) as server:
        api = start(replace(settings, bureau_url=server.url, fetch_tries=1))
        asked = {"stations": [*broken, "Cairns"], "use_latest": True}
        for _ in range(2):
            items = api.post("/predict/batch", json=asked).json()["items"]
            assert [i["status"] for i in items] == ["unreachable"] * len(broken) + ["ok"]


def test_callers_who_ask_for_the_same_station_at_once_share_a_fetch(
    settings: Settings, start: Callable[[Settings], httpx.Client], tmp_path: Path
):
    with served.bureau(tmp_path / "bureau") as server:
        api = start(replace(settings, bureau_url=server.url))
        with ThreadPoolExecutor(8) as many:
            ask = "/predict?use_latest=true&station_name=Cairns"
            statuses = [a.status_code for a in many.map(lambda _: api.post(ask), range(8))]
        assert statuses == [200] * 8
        assert 1 <= len(server.asked) < 8
