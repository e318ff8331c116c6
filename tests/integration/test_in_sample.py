"""Nothing scores a model on days that it has seen, unasked."""

import json
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner, Result

from raincast.cli.app import app
from raincast.loop import rolling
from raincast.settings import Settings
from raincast.store.registry import Registry
from tests import learned


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A model tuned on 2015 that serves, fitted again to February 2016."""
    return learned.root(tmp_path_factory.mktemp("root"))


def run(lived: Settings, monkeypatch: pytest.MonkeyPatch, *words: str) -> Result:
    monkeypatch.setenv("PROJECT_ROOT", str(lived.root))
    return CliRunner().invoke(app, list(words))


def hindcast(lived: Settings, patch: pytest.MonkeyPatch, out: Path, first: str, *more: str):
    words = ("--start", first, "--end", "2016-01-20", "--out", str(out))
    return run(lived, patch, "hindcast", *words, *more)


def test_the_test_span_is_what_the_judged_model_has_not_seen(lived, monkeypatch):
    run(lived, monkeypatch, "evaluate")
    found = json.loads((lived.metrics / "eval.json").read_text())
    assert found["span"] == {"first": "2016-01-01", "last": "2016-02-28"}
    assert found["in_sample"] is False


def test_the_whole_span_on_request_is_marked(lived, monkeypatch):
    said = run(lived, monkeypatch, "evaluate", "--in-sample")
    found = json.loads((lived.metrics / "eval.json").read_text())
    assert found["span"]["first"] == "2014-09-01"
    assert found["in_sample"] is True
    assert "says nothing of skill" in said.output


def test_each_year_is_tested_by_a_model_that_knew_only_what_lay_before(lived):
    found = rolling.evaluate(lived, learned.TINY)
    assert [(year.year, year.fitted_to) for year in found.years] == [(2016, "2014-12-31")]
    path = lived.metrics / "rolling.json"
    before = path.stat().st_mtime_ns
    assert rolling.evaluate(lived, learned.TINY) == found
    assert path.stat().st_mtime_ns == before
    rolling.evaluate(lived, learned.TINY | {"n_estimators": 5})
    assert json.loads(path.read_text())["params"]["n_estimators"] == 5


def test_the_archive_from_a_seen_day_on_is_refused(lived, monkeypatch, tmp_path):
    words = ("--start", "2015-12-30", "--end", "2016-01-20", "--out", str(tmp_path / "e.json"))
    refused = run(lived, monkeypatch, "evaluate", *words)
    assert refused.exit_code != 0
    assert "has seen days up to 2015-12-31" in str(refused.exception)
    assert not (tmp_path / "e.json").exists()


def test_a_hindcast_of_days_that_the_serving_model_has_seen_is_the_judged_models(
    lived, monkeypatch, tmp_path
):
    said = hindcast(lived, monkeypatch, tmp_path / "h.csv", "2016-01-01")
    judged = Registry(lived.models).load_active().metadata.judged_version
    assert f"by model {judged}" in said.output
    assert "in_sample" not in pd.read_csv(tmp_path / "h.csv").columns


def test_a_hindcast_of_days_that_both_have_seen_is_refused_or_marked(lived, monkeypatch, tmp_path):
    refused = hindcast(lived, monkeypatch, tmp_path / "h.csv", "2015-12-20")
    assert "has seen days up to 2015-12-31" in str(refused.exception)
    said = hindcast(lived, monkeypatch, tmp_path / "h.csv", "2015-12-20", "--in-sample")
    assert "says nothing of skill" in said.output
    assert pd.read_csv(tmp_path / "h.csv")["in_sample"].eq(1).all()


def test_scores_written_elsewhere_leave_the_repositorys_as_they_are(lived, monkeypatch, tmp_path):
    kept = lived.metrics / "eval.json"
    kept.parent.mkdir(exist_ok=True)
    kept.write_text("published")
    run(lived, monkeypatch, "evaluate", "--out", str(tmp_path / "mine" / "eval.json"))
    found = json.loads((tmp_path / "mine" / "eval.json").read_text())
    assert found["span"]["first"] == "2016-01-01"
    assert kept.read_text() == "published"


def test_the_list_says_what_each_version_is_for(lived, monkeypatch, tmp_path):
    lines = run(lived, monkeypatch, "models", "list").output.splitlines()
    judged = Registry(lived.models).load_active().metadata.judged_version
    assert [judged in line for line in lines] == ["evaluation: tested" in line for line in lines]
    assert "no model in" in run(Settings(root=tmp_path), monkeypatch, "models", "list").output
