"""Parameters that a person names one by one."""

import pytest
from typer.testing import CliRunner

from raincast.cli.app import app
from raincast.errors import BadInput
from raincast.learning import parameters


def test_parameters_are_taken_by_name():
    given = {"n_estimators": 20, "learning_rate": 1, "fit_rows": 500, "n_jobs": 1}
    assert parameters.named(given, "--params") == given
    assert isinstance(parameters.named(given, "--params")["learning_rate"], float)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"n_estimator": 20}, "expected a mapping of some of n_estimators"),
        ([20], "expected a mapping"),
        ({"n_estimators": "many"}, "expected a value of type int"),
        ({"fit_rows": 0}, "fit_rows: found 0, expected a number from 1 on"),
        ({"n_jobs": True}, "n_jobs: found True, expected a number from 1 on"),
        ({"n_estimators": True}, "n_estimators: found True, expected a value of type int"),
        ({"n_estimators": -5}, "n_estimators: found -5, expected a number from 1 to 1000000"),
        ({"n_estimators": 10**9}, "expected a number from 1 to 1000000"),
        ({"learning_rate": float("nan")}, "found nan, expected a number above 0, at most 1"),
        ({"subsample": 7}, "subsample: found 7, expected a number above 0, at most 1"),
        ({"gamma": float("inf")}, "gamma: found inf, expected a number from 0 to 1000000"),
        ({"networks": -1}, "networks: found -1, expected a number from 0 to 1000000"),
    ],
)
def test_what_no_model_has_is_refused(given, said):
    with pytest.raises(BadInput, match=said):
        parameters.named(given, "--params")


def test_a_replay_looks_at_its_parameters_before_all_else(tmp_path, monkeypatch):
    monkeypatch.setenv("PROJECT_ROOT", str(tmp_path))
    words = ["replay", "--start", "2016-05-01", "--end", "2016-05-03", "--params", '{"n_tree": 2}']
    with pytest.raises(BadInput, match="--params: found"):
        CliRunner().invoke(app, words, catch_exceptions=False)
    assert not any(tmp_path.iterdir())
