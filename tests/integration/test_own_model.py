"""An estimator of one's own: trained, evaluated, compared, promoted, served, retrained."""

import json
import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from raincast import settings as settings_module
from raincast.cli.app import app
from raincast.errors import BadInput
from raincast.learning import estimators, explanation
from raincast.learning.estimators import OwnModel
from raincast.loop import retrain, retrain_set
from raincast.settings import Settings
from raincast.store.registry import Registry
from tests import learned

MODULE = """
from sklearn.tree import DecisionTreeClassifier

class Mine(DecisionTreeClassifier):
    pass

def make(params, seed):
    return Mine(max_depth=3, random_state=seed)

def useless(params, seed):
    return object()
"""


@pytest.fixture
def lived(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A built-in model that serves, and a module in the root."""
    found = replace(settings_module.from_environment({}), root=tmp_path)
    learned.with_history(found)
    learned.with_model(found)
    (tmp_path / "its_model.py").write_text(MODULE)
    monkeypatch.setenv("PROJECT_ROOT", str(tmp_path))
    monkeypatch.setattr(sys, "path", list(sys.path))
    return found


def command(*words: str) -> str:
    done = CliRunner().invoke(app, list(words), catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.mark.slow
def test_it_goes_the_way_of_every_model(lived: Settings) -> None:
    serving = Registry(lived.models).load_active().version
    told = json.loads(command("train", "--model", "its_model:make", "--json"))
    mine = told["version"]
    assert (told["serves"], Registry(lived.models).load_active().version) == (False, serving)

    listed = {line[2:].split()[0]: line for line in command("models", "list").splitlines()}
    assert listed[mine].endswith("made by its_model:make")
    assert "made by" not in listed[serving]

    command("evaluate", "--model", mine)
    assert json.loads((lived.metrics / "eval.json").read_text())["model_version"] == told["judged"]

    out = lived.root / "comparison.json"
    assert mine in command("compare", serving, mine, "--out", str(out))
    found = json.loads(out.read_text())
    assert found["span"] == {"first": "2016-01-01", "last": "2016-02-28"}
    rows = found["regimes"]["3pm"]
    assert rows[serving]["brier_difference"] == 0
    gap = rows[mine]["brier"] - rows[serving]["brier"]
    assert rows[mine]["brier_difference"] == pytest.approx(gap)
    low, high = rows[mine]["brier_difference_interval"]
    assert low <= gap <= high

    command("models", "promote", mine, "--reason", "test")
    forecaster = Registry(lived.models).load_active()
    assert isinstance(forecaster.pipeline[-1], OwnModel)
    with pytest.raises(BadInput, match="expected boosted trees and networks, found OwnModel"):
        explanation.reasons(forecaster, None)  # type: ignore[arg-type]

    learned.with_live(lived, date(2016, 4, 20))
    retrain_set.build(lived)
    done = retrain.retrain(lived, datetime(2016, 5, 1, tzinfo=UTC), "run 1")
    again = Registry(lived.models).load(done.version)
    assert type(again.pipeline[-1].estimator).__name__ == "Mine"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("its_model:useless", "found object, expected an estimator with `fit`"),
        ("its_model:nothing", "expected module:function"),
        ("no_such_module:make", "expected module:function"),
        ("make", "expected module:function"),
    ],
)
def test_what_is_no_estimator_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, said: str
) -> None:
    (tmp_path / "its_model.py").write_text(MODULE)
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(BadInput, match=said):
        estimators.made(name, {}, 0)


@pytest.mark.parametrize(
    ("line", "said"),
    [("n_estimator: 20", "n_estimator"), ("model: no_such_module:make", "no_such_module")],
)
def test_a_quick_training_heeds_the_parameters_of_the_root(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str, said: str
) -> None:
    learned.with_history(replace(settings_module.from_environment({}), root=tmp_path))
    (tmp_path / "params.yaml").write_text(f"train:\n  {line}\n")
    monkeypatch.setenv("PROJECT_ROOT", str(tmp_path))
    with pytest.raises(BadInput, match=said):
        command("train", "--quick")
    assert not (tmp_path / "models" / "history.jsonl").exists()
