"""A model's card, the names of runs, and what they say of where they come from."""

import subprocess
from datetime import date
from pathlib import Path

from raincast.learning.metadata import FittedRows, ModelMetadata
from raincast.tracking import after_run, card
from raincast.tracking import run as tracked
from raincast.verification.records import HEADLINE, Evaluation
from tests.clones import run as git

ROOT = Path(__file__).resolve().parents[2]
MODEL = ModelMetadata(
    version="20260303T120000Z-1",
    created_at_utc="2026-03-03T12:00:00+00:00",
    params={"max_depth": 3},
    figures={
        "first": "2015-01-01",
        "last": "2015-12-31",
        "3pm": {"roc_auc": 0.91, "brier": 0.1, "recall": None},
    },
    thresholds={"3pm": 0.3},
    threshold=0.3,
    rows=FittedRows(count=9, first=date(2014, 1, 1), last=date(2014, 3, 1), sha256="abc"),
    libraries={"xgboost": "3.4.1"},
    stations=["Albury", "Perth"],
    purpose="serving",
    sha256="def",
)


def test_a_card_says_what_a_model_was_fitted_to_and_how_it_did() -> None:
    text = card.of(MODEL)
    assert "fitted to 9 station-days of 2 stations, 2014-01-01 to 2014-03-01" in text
    assert "Scores on the tuning span, 2015-01-01 to 2015-12-31" in text
    assert "| 3pm | 0.300 | 0.910 | 0.100 | not known | not known | not known |" in text
    assert "- max_depth: 3" in text
    assert "- xgboost: 3.4.1" in text
    assert "`def`" in text


def test_a_card_of_a_model_that_says_little_says_little() -> None:
    bare = ModelMetadata(version="v1", threshold=0.5, stations=[], sha256="def")
    assert "Scores" not in card.of(bare)


def test_a_training_has_a_name_that_speaks() -> None:
    found = tracked.training(MODEL, {})
    assert found.name == "train 20260303T120000Z-1, to 2014-03-01"
    assert found.key == "training-20260303T120000Z-1"


def test_a_run_knows_its_commit_and_whether_the_tree_differed(tmp_path: Path) -> None:
    assert "commit" not in after_run.origin(tmp_path), "no repository"
    git(tmp_path, "git", "init", "-q")
    (tmp_path / "a").write_text("1")
    git(tmp_path, "git", "add", "a")
    git(tmp_path, "git", "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "one")
    commit = subprocess.run(
        ["git", "-C", tmp_path, "rev-parse", "HEAD"], capture_output=True, text=True, check=True
    ).stdout.strip()
    assert after_run.origin(tmp_path)["commit"] == commit
    (tmp_path / "a").write_text("2")
    assert after_run.origin(tmp_path)["commit"] == f"{commit}-dirty"


def test_the_headline_in_the_tree_is_that_of_the_evaluation_in_the_tree() -> None:
    from raincast.store import files

    kept = Evaluation.from_json(files.read_json(ROOT / "metrics/eval.json"), "metrics/eval.json")
    found = files.read_json(ROOT / "metrics/headline.json")
    assert found == kept.headline()
    assert all(list(scores) == list(HEADLINE) for scores in found.values())
