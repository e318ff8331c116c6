"""What the app asks over HTTP: the API, and Airflow."""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime

import httpx
import pytest

from raincast.app import airflow
from raincast.app.airflow import AirflowAway
from raincast.app.client import NOT_ASKED, TOGETHER, Api, ApiAway, ApiRefused
from tests.integration.conftest import NOBODY, TOKEN
from tests.places import LOCATIONS
from tests.served import OBSERVATION, morning
from tests.web_servers import Answer, says, serving


def test_the_api_is_asked_like_by_any_client(shared_api: httpx.Client):
    api = Api(str(shared_api.base_url).rstrip("/"), TOKEN)
    assert api.health()["status"] == "ok"
    assert api.predict(OBSERVATION)["location"] == "Albury"
    assert api.explain(OBSERVATION)["parts"]
    assert (
        api.explain_archived("Albury", date(2024, 5, 19), datetime(2024, 5, 19, 7, tzinfo=UTC))[
            "regime"
        ]
        == "3pm"
    )
    found = list(api.batch([morning(Location=name) for name in LOCATIONS[: TOGETHER + 2]]))
    assert [len(part) for part in found] == [TOGETHER, 2]
    assert all(outcome.forecast for part in found for outcome in part)
    nowhere = next(api.batch_of_newest(["Albury", "Cairns"]))
    assert [(o.station, o.forecast and o.forecast["basis"]) for o in nowhere] == [
        ("Albury", "yesterday"),
        ("Cairns", "yesterday"),
    ]
    assert all(outcome.detail for outcome in nowhere)


def test_the_state_of_the_api_is_asked_once_and_an_absence_is_told_to_whoever_waits_for_it():
    with serving(_json({"status": "ok"})) as server:
        api = Api(server.url, TOKEN)
        api.begin()
        assert api.health() == api.health() == {"status": "ok"}
        assert [request.path for request in server.asked] == ["/health"]
    away = Api(NOBODY, TOKEN)
    away.begin()
    with pytest.raises(ApiAway, match=NOBODY):
        away.health()


def test_a_refusal_and_an_absence_are_told_apart(shared_api: httpx.Client):
    url = str(shared_api.base_url).rstrip("/")
    with pytest.raises(ApiRefused, match="401"):
        Api(url, "another token").predict(OBSERVATION)
    with pytest.raises(ApiRefused, match="Humidity3pm") as refused:
        Api(url, TOKEN).predict(OBSERVATION | {"Humidity3pm": 500})
    assert refused.value.status == 422
    with pytest.raises(ApiRefused):
        next(Api(url, TOKEN).batch([OBSERVATION | {"Location": "Nowhere"}]))
    with pytest.raises(ApiAway, match="does not answer"):
        Api(NOBODY, TOKEN).health()


RUN = {
    "dag_run_id": "manual__1",
    "state": "success",
    "start_date": "2026-03-01T06:00:00Z",
    "end_date": None,
}


TASKS = [
    {"task_id": "join_after_branch", "state": None, "start_date": None},
    {"task_id": "compute_live_metrics", "state": "success", "start_date": "2026-03-01T06:01:00Z"},
]


def _json(value: object, status: int = 200):
    return says(status, json.dumps(value).encode(), Content_Type="application/json")


def test_airflows_runs_are_read_from_its_api():
    answers = (
        _json({"access_token": "t"}),
        _json({"dag_runs": [RUN]}),
        _json({"task_instances": TASKS}),
        says(404),
    )
    with serving(*answers) as server:
        found = airflow.runs(server.url, "somebody", "secret")
    assert [(run.dag, run.run, run.state) for run in found] == [
        ("weather_main_dag", "manual__1", "success")
    ]
    assert found[0].began == datetime(2026, 3, 1, 6, tzinfo=UTC)
    assert list(found[0].tasks.items()) == [
        ("compute_live_metrics", "success"),
        ("join_after_branch", "none"),
    ]
    assert server.asked[1].headers["Authorization"] == "Bearer t"
    assert server.asked[1].path.startswith("/api/v2/dags/weather_main_dag/dagRuns?")


@pytest.mark.parametrize(
    "answer", [says(500), says(200, b"<html>"), _json({"unexpected": 1}), _json([])]
)
def test_an_answer_that_is_not_airflows_is_told(answer):
    with serving(answer) as server, pytest.raises(AirflowAway, match=server.url):
        airflow.runs(server.url, None, None)


def test_nobody_at_airflows_address_is_told():
    with pytest.raises(AirflowAway, match=NOBODY):
        airflow.runs(NOBODY, None, None)


def _items(names: Sequence[str], status: str) -> Answer:
    told = {"status": status, "forecast": {}, "detail": "why"}
    return _json({"items": [told | {"station_name": name} for name in names]})


@pytest.mark.parametrize(("status", "calls"), [("unreachable", 1), ("not_published", 3)])
def test_a_bureau_that_answers_for_no_station_is_asked_no_further(status, calls):
    names = LOCATIONS[: 2 * TOGETHER + 1]
    parts = (names[:TOGETHER], names[TOGETHER : 2 * TOGETHER], names[2 * TOGETHER :])
    with serving(*(_items(part, status) for part in parts)) as server:
        found = [one for part in Api(server.url, TOKEN).batch_of_newest(names) for one in part]
    assert len(server.asked) == calls
    assert [one.station for one in found] == list(names)
    asked = min(len(names), calls * TOGETHER)
    assert [one.detail for one in found] == ["why"] * asked + [NOT_ASKED] * (len(names) - asked)
