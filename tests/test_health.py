"""The API is up, with or without a model, and says so to anybody."""

from pathlib import Path

import pytest

from raincast import __version__
from raincast.serving.app import create_app
from raincast.settings import Settings
from tests.served import NOW, listening


def test_health(tmp_path: Path):
    with listening(create_app(Settings(root=tmp_path), lambda: NOW), "none") as client:
        answer = client.get("/health")
    assert answer.status_code == 200
    assert answer.json()["status"] == "no model"
    assert answer.json()["model_version"] is None
    assert "raincast train" in answer.json()["problem"]
    assert answer.json()["raincast"] == __version__


def test_every_path_of_the_contract_is_documented(tmp_path: Path):
    paths = create_app(Settings(root=tmp_path), lambda: NOW).openapi()["paths"]
    assert {"/health", "/predict", "/predict/batch", "/latest_weather"} <= set(paths)


@pytest.mark.usefixtures("quiet_afterwards")
def test_the_app_that_servers_import_is_that_one():
    from api.main import app

    assert app.title == "raincast"
