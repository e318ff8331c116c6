"""The commands that an orchestrator's tasks run: what they print for it, and how they fail."""

import hashlib
import json
import shutil
from pathlib import Path

import pytest

from tests.commands import raincast


@pytest.fixture
def root(served_root: Path, tmp_path: Path) -> Path:
    return shutil.copytree(served_root, tmp_path / "root")


def test_the_model_that_serves_is_checked_and_named(root: Path) -> None:
    told = json.loads(raincast(root, "models", "check", "--json").stdout)
    pipeline = root / "models/pipeline.joblib"
    assert told["path"] == str(pipeline)
    assert told["metadata"]["sha256"] == hashlib.sha256(pipeline.read_bytes()).hexdigest()
    assert (
        told["metadata"]["version"]
        == json.loads((root / "models/model_metadata.json").read_text())["version"]
    )


def test_a_model_with_another_hash_fails_the_check(root: Path) -> None:
    pipeline = root / "models/pipeline.joblib"
    pipeline.write_bytes(pipeline.read_bytes() + b" ")
    done = raincast(root, "models", "check", "--json")
    assert done.returncode == 3
    assert "SHA-256" in done.stderr or "hash" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_nothing_is_consumed_for_a_run_that_has_decided_nothing(root: Path) -> None:
    done = raincast(root, "consume", "--run-id", "nobody's")
    assert done.returncode == 2
    assert "neither promoted nor refused" in done.stderr
    assert not (root / "metrics/retrain_watermark.json").exists()


def test_there_is_no_best_before_a_search(root: Path) -> None:
    done = raincast(root, "best", "--json")
    assert done.returncode == 2
    assert "src.retrain_dataset_builder" in done.stderr
