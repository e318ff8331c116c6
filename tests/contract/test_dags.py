"""The DAGs are the ones that were agreed on: tasks, order, outputs, and what they may import."""

import ast
import json
import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.airflow_stack import VENV, skip_without_airflow

ROOT = Path(__file__).resolve().parents[2]
DAGS = ROOT / "airflow/dags"
MAIN = [
    "ensure_latest_model",
    "predict_all_and_push",
    "compute_live_metrics",
    "read_quality_metrics",
    "branch_on_recall",
]
TUNING = ["run_optuna", "save_best_params", "retrain_with_best", "mark_retrain_consumed"]
OUTPUTS = [  # task, what it writes, the code that says where
    ("predict_all_and_push", "outputs/preds_api.csv", "journal"),
    ("compute_live_metrics", "outputs/preds_api_scored.csv", "scored_journal"),
    ("compute_live_metrics", "metrics/live_eval.json", "live_eval"),
    ("run_optuna", "data/processed/weatherAUS_retrain.csv", "retrain_dataset"),
    ("run_optuna", "metrics/retrain_dataset_meta.json", "retrain_meta"),
    ("save_best_params", "models/best_params.json", "best_params"),
    ("mark_retrain_consumed", "metrics/retrain_watermark.json", "watermark"),
]
READ = """
import json, sys, logging
logging.disable(logging.CRITICAL)
sys.path.insert(0, sys.argv[1])
import optuna_tuning_dag, weather_main_dag
from airflow.sdk import DAG
found = {}
for module in (weather_main_dag, optuna_tuning_dag):
    dag = getattr(module, module.__name__)()
    tasks = {
        t.task_id: {
            "next": sorted(t.downstream_task_ids),
            "retries": t.retries,
            "backoff": bool(t.retry_exponential_backoff),
            "limit": t.execution_timeout.total_seconds(),
            "call_back": bool(t.on_failure_callback),
            "owner": t.owner,
            "text": t.doc_md,
            "pool": t.pool,
            "inlets": sorted(a.name for a in t.inlets),
            "outlets": sorted(a.name for a in t.outlets),
            "rule": str(getattr(t.trigger_rule, "value", t.trigger_rule)),
        }
        for t in dag.tasks
    }
    found[dag.dag_id] = {
        "schedule": dag.schedule,
        "catchup": dag.catchup,
        "max_active_runs": dag.max_active_runs,
        "doc": dag.doc_md,
        "about": dag.description,
        "most_failed": dag.max_consecutive_failed_dag_runs,
        "kinds": sorted(kind.value for kind in dag.allowed_run_types),
        "params": {name: dag.params.get_param(name).schema for name in dag.params},
        "tasks": tasks,
    }
print(json.dumps(found))
"""


def airflow(*words: str, home: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    given = {
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__DAGS_FOLDER": str(DAGS),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
    }
    return subprocess.run(
        words, env=os.environ | given | environment, capture_output=True, text=True
    )


@pytest.fixture(scope="module")
def dags(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Both DAGs as Airflow reads them."""
    skip_without_airflow()
    home = tmp_path_factory.mktemp("airflow")
    done = airflow(str(VENV / "bin/python"), "-c", READ, str(DAGS), home=home, OPTUNA_WORKERS="3")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize("path", sorted(DAGS.glob("*.py")), ids=lambda p: p.stem)
def test_dags_import_airflow_and_the_standard_library_only(path: Path) -> None:
    allowed = set(sys.stdlib_module_names) | {"airflow", "raincast_commands"}
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        assert {name.split(".")[0] for name in names} <= allowed


def test_nothing_under_airflow_hides_airflow() -> None:
    assert not list((ROOT / "airflow").rglob("__init__.py"))


def test_the_main_dag_is_the_agreed_one(dags: dict[str, Any]) -> None:
    dag = dags["weather_main_dag"]
    assert (dag["schedule"], dag["catchup"], dag["max_active_runs"]) == ("0 6,18 * * *", False, 1)
    tasks = dag["tasks"]
    assert set(tasks) == {*MAIN, "trigger_optuna", "skip_optuna", "join_after_branch"}
    for before, after in pairwise(MAIN):
        assert after in tasks[before]["next"]
    assert tasks["compute_live_metrics"]["rule"] == "all_done", "scores do not wait for forecasts"
    assert tasks["read_quality_metrics"]["rule"] == "all_success"
    assert tasks["branch_on_recall"]["next"] == ["skip_optuna", "trigger_optuna"]
    assert tasks["trigger_optuna"]["next"] == tasks["skip_optuna"]["next"] == ["join_after_branch"]


def test_the_tuning_dag_is_the_agreed_one(dags: dict[str, Any]) -> None:
    dag = dags["optuna_tuning_dag"]
    assert (dag["schedule"], dag["catchup"], dag["max_active_runs"]) == (None, False, 1)
    assert [task["next"] for task in dag["tasks"].values()] == [[name] for name in TUNING[1:]] + [
        []
    ]
    assert list(dag["tasks"]) == TUNING


def test_every_task_is_tried_again_has_a_limit_and_says_what_to_do(dags: dict[str, Any]) -> None:
    for dag in dags.values():
        assert dag["doc"]
        assert dag["about"]
        for task in dag["tasks"].values():
            assert task["text"]
            assert task["owner"] == "raincast"
            assert task["retries"] >= 2
            assert task["backoff"]
            assert task["limit"] > 0
            assert task["call_back"]


def test_what_takes_all_processors_has_a_pool(dags: dict[str, Any]) -> None:
    every = {name: task for dag in dags.values() for name, task in dag["tasks"].items()}
    heavy = {name for name, task in every.items() if task["pool"] == "heavy"}
    assert heavy == {"run_optuna", "retrain_with_best"}


def test_a_dag_that_fails_again_and_again_is_paused(dags: dict[str, Any]) -> None:
    assert {name: dag["most_failed"] for name, dag in dags.items()} == {
        "weather_main_dag": 14,
        "optuna_tuning_dag": 3,
    }


def test_no_past_day_can_be_filled(dags: dict[str, Any]) -> None:
    assert all("backfill" not in dag["kinds"] for dag in dags.values())


def test_what_a_run_may_be_given_has_limits(dags: dict[str, Any]) -> None:
    given = dags["weather_main_dag"]["params"]
    threshold = given["RECALL_THRESHOLD"]
    assert (threshold["minimum"], threshold["maximum"]) == (0, 1)
    assert given["MIN_NEW_ROWS_FOR_RETRAIN"]["minimum"] == 0


def test_assets_are_what_passes_between_tasks(dags: dict[str, Any]) -> None:
    main, tuning = (dags[name]["tasks"] for name in ("weather_main_dag", "optuna_tuning_dag"))
    assert main["predict_all_and_push"]["inlets"] == ["raincast_model"]
    assert main["predict_all_and_push"]["outlets"] == ["raincast_journal"]
    assert main["compute_live_metrics"]["outlets"] == ["raincast_scored"]
    assert main["read_quality_metrics"]["inlets"] == ["raincast_scored"]
    assert tuning["retrain_with_best"]["outlets"] == ["raincast_promoted"]


@pytest.mark.parametrize(("task", "path", "setting"), OUTPUTS)
def test_every_output_lies_where_its_consumers_look(task: str, path: str, setting: str) -> None:
    from raincast.settings import Settings

    assert getattr(Settings(root=Path("/root")), setting) == Path("/root") / path
    assert task in {*MAIN, *TUNING}


RUN = """
import sys
sys.path.insert(0, sys.argv[1])
from raincast_commands import product
print(product("-c", sys.argv[2]))
"""


@pytest.mark.parametrize(
    ("program", "said"),
    [
        (
            "import sys; print('no forecast for Cairns: refused', file=sys.stderr); sys.exit(4)",
            "no forecast for Cairns: refused",
        ),
        ("print('words')", "found 'words', expected JSON on its last line"),
    ],
)
@pytest.mark.slow
def test_a_command_that_fails_fails_its_task_with_the_end_of_what_it_said(
    tmp_path: Path, program: str, said: str
) -> None:
    skip_without_airflow()
    words = (str(VENV / "bin/python"), "-c", RUN, str(DAGS), program)
    done = airflow(*words, home=tmp_path, RAINCAST_PYTHON=sys.executable)
    assert done.returncode != 0
    assert "AirflowException" in done.stderr
    assert said in done.stderr


@pytest.mark.slow
def test_a_command_that_was_done_for_some_is_no_failure(tmp_path: Path) -> None:
    skip_without_airflow()
    run = RUN.replace('product("-c", sys.argv[2])', 'product("-c", sys.argv[2], fine=(0, 7))')
    program = "import sys; print(1); sys.exit(7)"
    words = (str(VENV / "bin/python"), "-c", run, str(DAGS), program)
    done = airflow(*words, home=tmp_path, RAINCAST_PYTHON=sys.executable)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "1")


@pytest.mark.slow
def test_a_command_has_the_settings_and_nothing_of_airflows(tmp_path: Path) -> None:
    skip_without_airflow()
    program = (
        "import json, os; print(1); print(json.dumps([os.environ.get('AIRFLOW_HOME'),"
        " os.environ['LIVE_WINDOW']]))"
    )
    words = (str(VENV / "bin/python"), "-c", RUN, str(DAGS), program)
    done = airflow(*words, home=tmp_path, RAINCAST_PYTHON=sys.executable, LIVE_WINDOW="300")
    assert done.stdout.splitlines()[-1] == "[None, '300']"


@pytest.mark.slow
def test_airflow_finds_no_import_errors(tmp_path: Path) -> None:
    skip_without_airflow()
    program = str(VENV / "bin/airflow")
    assert airflow(program, "db", "migrate", home=tmp_path).returncode == 0
    done = airflow(program, "dags", "list-import-errors", "--local", home=tmp_path)
    assert done.returncode == 0, done.stdout
