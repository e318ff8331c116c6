"""The model is exchanged under load without a failed request; a bad file leaves the one before in
place.
"""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from threading import Event

import httpx
import pytest

from raincast.store.journal import Journal
from raincast.store.registry import Registry
from tests.served import NOW, OBSERVATION, version

PATIENCE_SECONDS = 120


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


def serving(api: httpx.Client) -> str:
    return str(api.get("/health").json()["model_version"])


def newest(root: Path) -> str | None:
    """The version that answered last: on a busy machine it may be promoted long before."""
    versions = Journal(root / "outputs/preds_api.csv").read()["model_version"]
    return None if versions.empty else str(versions.iloc[-1])


def ask(api: httpx.Client, over: Event) -> list[httpx.Response]:
    """One caller who asks again and again."""
    answers = []
    with httpx.Client(base_url=api.base_url, headers=api.headers, timeout=300) as caller:
        while not over.is_set():
            answers.append(caller.post("/predict", json=OBSERVATION))
    return answers


@pytest.mark.slow
def test_promotions_and_a_rollback_under_load_fail_no_request(api: httpx.Client, root: Path):
    first, second = version(root, 0), version(root, 1)
    over = Event()
    with ThreadPoolExecutor(4) as callers:
        asked = [callers.submit(ask, api, over) for _ in range(4)]
        try:
            until(lambda: newest(root) == first)
            Registry(root / "models").promote(second, NOW, "better")
            until(lambda: newest(root) == second)
            Registry(root / "models").rollback(NOW, "worse after all")
            until(lambda: newest(root) == first)
        finally:
            over.set()
        answers = [answer for one in asked for answer in one.result()]
    assert {answer.status_code for answer in answers} == {200}
    assert {answer.json()["model_version"] for answer in answers} == {first, second}
    journal = Journal(root / "outputs/preds_api.csv").read()
    assert set(journal["forecast_id"]) == {answer.json()["forecast_id"] for answer in answers}
    changes = [a != b for a, b in pairwise(journal["model_version"])]
    assert sum(changes) == 2


def test_the_two_versions_differ_in_what_they_say(api: httpx.Client, root: Path):
    before = api.post("/predict", json=OBSERVATION).json()["rain_probability"]
    Registry(root / "models").promote(version(root, 1), NOW, "other")
    until(lambda: serving(api) == version(root, 1))
    assert api.post("/predict", json=OBSERVATION).json()["rain_probability"] != before


def test_a_damaged_model_is_reported_and_the_one_before_goes_on(api: httpx.Client, root: Path):
    first = serving(api)
    path = root / "models/pipeline.joblib"
    whole = path.read_bytes()
    path.write_bytes(whole[:-100])
    until(lambda: api.get("/health").json()["problem"] is not None)
    health = api.get("/health").json()
    assert (health["status"], health["model_version"]) == ("ok", first)
    assert "SHA-256" in health["problem"]
    assert api.post("/predict", json=OBSERVATION).json()["model_version"] == first
    path.write_bytes(whole)
    until(lambda: api.get("/health").json()["problem"] is None)


def test_a_folder_that_goes_and_comes_back_is_taken_again(api: httpx.Client, root: Path):
    away = root.parent / "away"
    (root / "models").rename(away)
    until(lambda: api.get("/health").json()["problem"] is not None)
    away.rename(root / "models")
    until(lambda: api.get("/health").json()["problem"] is None)
    assert api.post("/predict", json=OBSERVATION).status_code == 200
