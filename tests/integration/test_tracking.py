"""Runs are kept without a server, sent once to one, and the registry's aliases follow the models
folder.
"""

import json
import logging
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from raincast.loop import retrain, retrain_set, search, study_store
from raincast.settings import Settings
from raincast.store.ledger import Ledger
from raincast.store.registry import Registry
from raincast.tracking import after_run, ledger
from raincast.tracking.run import Run
from tests import commands, learned, tracked_runs

ROOT = Path(__file__).resolve().parents[2]
NOBODY = "http://127.0.0.1:9"
NOW = datetime(2016, 4, 14, 6, tzinfo=UTC)


def command(
    *words: str, root: Path, uri: str = "", **more: str
) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PROJECT_ROOT": str(root), "MLFLOW_TRACKING_URI": uri} | more
    return commands.command(words, environment)


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A folder in which all four kinds of run have happened, with no server set."""
    settings = Settings(root=tmp_path_factory.mktemp("tracked"), tune_seconds=0)
    learned.with_history(settings)
    learned.with_model(settings, learned.TINY | {"learning_rate": 0.02})
    learned.with_live(settings, date(2016, 4, 10))
    search.run(settings)
    study_store.save_best(settings)
    best = json.loads(settings.best_params.read_text())
    settings.best_params.write_text(json.dumps(best | {"best_params": {"learning_rate": 0.1}}))
    retrain_set.build(settings)
    tried = retrain.retrain(settings, NOW, "run 1").version
    Registry(settings.models).promote(tried, NOW, "so that two have served, whoever is better")
    return settings


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with tracked_runs.mlflow_server(tmp_path_factory.mktemp("mlflow") / "kept") as uri:
        yield uri


@pytest.fixture(scope="module")
def sent(lived: Settings, server: str) -> dict[str, Any]:
    """What `raincast track` answered the first time."""
    done = command("track", "--json", root=lived.root, uri=server)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


@pytest.mark.slow
class TestServer:
    def test_every_run_arrives_with_what_it_was_made_from(
        self, lived: Settings, server: str, sent: dict[str, Any]
    ) -> None:
        kept = ledger.read(Ledger(lived.runs))
        assert [run.kind for run in kept] == ["training", "search", "retraining"]
        assert sent["keys"] == [run.key for run in kept]
        there = {
            run["tags"]["raincast.key"]: run
            for run in tracked_runs.all_runs(server)
            if "raincast.key" in run["tags"]
        }
        for run in kept:
            told = there[run.key]
            assert told["status"] == "FINISHED"
            assert told["params"] == {name: str(value) for name, value in run.params.items()}
            told_once = {name: told["metrics"][name] for name in run.metrics}
            assert told_once == pytest.approx(run.metrics)
            assert set(told["metrics"]) - set(run.metrics) == set(run.curves.get("course", {}))
            assert told["tags"]["data.raw_md5"] == after_run.data_version(lived)["raw_md5"]
            used = told["inputs"]["dataset_inputs"][0]["dataset"]
            assert (used["name"], used["digest"]) == (
                "weatherAUS.csv",
                told["tags"]["data.raw_md5"],
            )
        training = there[kept[0].key]
        assert {"9am/roc_auc", "3pm/brier", "complete/recall"} <= set(training["metrics"])
        pictures = tracked_runs.files(server, training["run_id"], "plots")
        assert sorted(pictures) == [
            f"plots/{name}.png" for name in ("importance", "reliability", "roc", "skill_by_station")
        ]

    @pytest.mark.usefixtures("sent")
    def test_a_search_is_a_parent_with_its_trials(self, lived: Settings, server: str) -> None:
        there = tracked_runs.all_runs(server)
        parent = next(run for run in there if run["tags"].get("kind") == "search")
        trials = [run for run in there if run["tags"].get("mlflow.parentRunId") == parent["run_id"]]
        kept = next(run for run in ledger.read(Ledger(lived.runs)) if run.kind == "search")
        assert len(trials) == len(kept.children) == 2
        assert {run["status"] for run in trials} == {"FINISHED"}
        assert [run["metrics"]["value"] for run in trials] == pytest.approx(
            [trial.metrics["value"] for trial in kept.children]
        )
        assert {"max_depth", "learning_rate"} <= set(trials[0]["params"])

    @pytest.mark.usefixtures("sent")
    def test_the_pipeline_is_there_too_and_answers_as_ours(
        self, lived: Settings, server: str
    ) -> None:
        program = """
import mlflow, numpy as np, sys
from pathlib import Path
from raincast.features import block
from raincast.store.registry import Registry
m = mlflow.sklearn.load_model("models:/weather-ml@champion")
ours = Registry(Path(sys.argv[1])).load_active()
about = mlflow.models.get_model_info("models:/weather-ml@champion")
assert about.signature.inputs.required_input_names() == ["Date", "Location"]
assert about.saved_input_example_info["type"] == "dataframe"
assert about.flavors["sklearn"]["serialization_format"] == "skops"
X = np.random.default_rng(0).normal(size=(50, len(block.NAMES))).astype(np.float32)
assert (m.predict_proba(X)[:, 1] == ours.probabilities(X)).all()
folder = Path(mlflow.artifacts.download_artifacts("models:/weather-ml@champion"))
assert (folder / "code/raincast/learning/blend.py").is_file()
asked = (folder / "requirements.txt").read_text()
assert "raincast" not in asked and "xgboost-cpu==" in asked
"""
        environment = os.environ | {"MLFLOW_TRACKING_URI": server}
        words = [sys.executable, "-c", program, str(lived.models)]
        done = subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr

    def test_sending_again_sends_nothing_and_a_half_sent_run_is_begun_anew(
        self, lived: Settings, server: str, sent: dict[str, Any], tmp_path: Path
    ) -> None:
        settings = replace(lived, root=shutil.copytree(lived.root, tmp_path / "copy"))
        before = tracked_runs.all_runs(server)
        assert (
            json.loads(command("track", "--json", root=settings.root, uri=server).stdout)["keys"]
            == []
        )
        (settings.root / "metrics/runs.jsonl").write_text(
            "".join(
                json.dumps({"run": run.to_json()}) + "\n" for run in ledger.read(Ledger(lived.runs))
            )
        )
        half = next(run for run in before if run["tags"].get("kind") == "search")
        httpx.post(
            f"{server}/api/2.0/mlflow/runs/delete-tag",
            json={"run_id": half["run_id"], "key": "raincast.whole"},
        ).raise_for_status()
        again = command("track", "--json", root=settings.root, uri=server)
        assert json.loads(again.stdout)["keys"] == sent["keys"]
        after = tracked_runs.all_runs(server)
        assert sorted(run["run_name"] for run in after) == sorted(run["run_name"] for run in before)
        assert {run["run_id"] for run in before} - {run["run_id"] for run in after} >= {
            half["run_id"]
        }

    def test_the_aliases_move_with_promotion_and_rollback(
        self, lived: Settings, server: str, sent: dict[str, Any], tmp_path: Path
    ) -> None:
        root = shutil.copytree(lived.root, tmp_path / "copy")
        champion = Registry(root / "models").load_active().version
        first = next(run.model for run in ledger.read(Ledger(lived.runs)) if run.kind == "training")
        assert (
            tracked_runs.aliases(server)
            == {"champion": champion, "challenger": first}
            == sent["aliases"]
        )
        assert command("models", "rollback", root=root, uri=server).returncode == 0
        assert Registry(root / "models").load_active().version == first
        assert tracked_runs.aliases(server) == {"champion": first, "challenger": champion}
        assert command("models", "promote", champion, root=root, uri=server).returncode == 0
        assert tracked_runs.aliases(server) == {"champion": champion, "challenger": first}
        assert command("models", "rollback", root=root, uri=NOBODY).returncode == 0
        assert tracked_runs.aliases(server)["champion"] == champion
        assert command("track", root=root, uri=server).returncode == 0
        assert tracked_runs.aliases(server) == {"champion": first, "challenger": champion}

    @pytest.mark.usefixtures("sent")
    def test_what_is_judged_is_registered_apart(
        self, lived: Settings, server: str, tmp_path: Path
    ) -> None:
        root = shutil.copytree(lived.root, tmp_path / "copy")
        judged = Registry(root / "models").load_active().metadata.judged_version
        when = NOW.isoformat()
        run = Run(kind="evaluation", key="evaluation-1", name="evaluate", at_utc=when, model=judged)
        ledger.keep(Ledger(root / "metrics/runs.jsonl"), run)
        assert command("track", root=root, uri=server).returncode == 0
        assert tracked_runs.registered(server, "weather-ml-judged") == {judged}
        assert judged not in tracked_runs.registered(server, "weather-ml")


@pytest.mark.slow
def test_training_without_a_reachable_server_succeeds_and_says_so(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings = Settings(root=tmp_path, tracking_uri=NOBODY)
    learned.with_history(settings)
    with caplog.at_level(logging.WARNING):
        version = learned.with_model(settings, learned.TINY | {"n_estimators": 2})
    assert Registry(settings.models).load_active().version == version
    assert [run.key for run in ledger.unsent(Ledger(settings.runs), NOBODY)] == [
        f"training-{version}"
    ]
    assert NOBODY in caplog.text
    assert "raincast track" in caplog.text
    assert "mlflow" not in caplog.text.replace("make mlflow", "").replace("MLFLOW_TRACKING_URI", "")
    refused = command("track", root=tmp_path, uri=NOBODY)
    assert refused.returncode == 4
    assert len(refused.stderr.splitlines()) == 1


@pytest.mark.slow
def test_serving_never_imports_mlflow() -> None:
    program = (
        "import sys, api.main, raincast.cli.app, raincast.serving.server; print('mlflow' in"
        " sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"
