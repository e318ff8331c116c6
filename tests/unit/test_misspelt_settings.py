"""A setting that is misspelt is named; what only looks a little like one is not."""

import pytest

from raincast import console
from raincast.settings import misspelt


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("RECALL_TRESHOLD", "RECALL_THRESHOLD"),
        ("MIN_NEW_ROW_FOR_RETRAIN", "MIN_NEW_ROWS_FOR_RETRAIN"),
        ("BUREAU_ULR", "BUREAU_URL"),
        ("PROJEKT_ROOT", "PROJECT_ROOT"),
    ],
)
def test_the_setting_that_was_meant_is_named(name, meant):
    (line,) = misspelt({name: "0.5", "PATH": "/usr/bin"})
    assert line.startswith(f"{name} is no setting: is {meant} meant?")


def test_what_is_right_or_of_others_is_passed_over():
    others = ("PATH", "HOME", "API_KEY", "AIRFLOW_HOME", "PROJECT", "ROOT", "LIVE_MODE", "DATA_URL")
    assert misspelt({"RECALL_THRESHOLD": "0.5"} | dict.fromkeys(others, "x")) == []


def test_a_command_says_it_and_goes_on(monkeypatch, capsys):
    monkeypatch.setenv("RECALL_TRESHOLD", "0.7")
    settings, _ = console.ready()
    assert settings.recall_threshold == 0.59
    assert "warning: RECALL_TRESHOLD is no setting" in capsys.readouterr().err
