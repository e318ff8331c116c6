"""Both Compose files on a real engine, over the mirror and simulated weather: the loop from
forecasts to a promoted model, and an API that comes back.

Real: dockerd with overlay2, its networks, published ports, volumes, restarts, health checks, memory
limits, dropped capabilities, read-only roots and user 1000; Compose 2 with both files as they are;
the three images from their Dockerfiles, with every pinned package from the package index; Airflow's
four services, MLflow, the API, the app, and the commands of `docs/operations.md`.

Stand-ins: both base images, since no registry can be reached. `python:3.12-slim-bookworm` is Debian
12 with its Python 3.11; `postgres:15-bookworm` the same with Debian's PostgreSQL 15 and a short
entry point of ours. The Bureau is the mirror, in one container more. The images are built by
Compose from the Dockerfiles without the digests, not as its files name them. Prometheus is
Debian's in an image of the tests. Grafana is not started: no package index has it, so what its
dashboard asks for is asked of Prometheus.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests import engine as engines
from tests.composed import HEALTHY_SECONDS, IMAGES, RUN_SECONDS, UID, Containers
from tests.engine import ROOT, Engine

pytestmark = pytest.mark.slow
MAIN, TUNING = "weather_main_dag", "optuna_tuning_dag"
SERVING = ("api-inference", "mlflow-server", "app")
AIRFLOW = ("airflow-webserver", "airflow-scheduler", "airflow-dag-processor", "airflow-triggerer")


def raincast(root: Path, *words: str) -> str:
    """A command on this host, in a root of its own."""
    inherited = {name: value for name, value in os.environ.items() if name != "ALERT_URLS"}
    done = subprocess.run(
        [sys.executable, "-m", "raincast", *words],
        env=inherited | {"PROJECT_ROOT": str(root)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=RUN_SECONDS,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    if reason := engines.missing():
        pytest.skip(reason)
    folder = Path(tempfile.mkdtemp(prefix="raincast-"))  # a socket's path is short
    try:
        with engines.running(folder) as started:
            begun = time.monotonic()
            started.bases()
            started.build(IMAGES)
            print(f"base images and three of the product: {time.monotonic() - begun:.0f} s")
            yield started
    except engines.NoEngine as error:
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def containers(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Containers]:
    made = Containers(engine, tmp_path_factory.mktemp("compose"))
    try:
        made.compose("up", "-d", *SERVING, "mirror", "listener")
        made.compose.wait_until_healthy(*SERVING, seconds=HEALTHY_SECONDS)
        yield made
    finally:
        made.compose("--profile", "*", "down", "--volumes", "--timeout", "5")


@pytest.fixture(scope="module")
def airflow(containers: Containers) -> Containers:
    """Airflow's services beside them, by the documented command."""
    services = ("airflow-postgres", "airflow-init", *AIRFLOW, "api-inference")
    containers.compose("up", "-d", *services, seconds=HEALTHY_SECONDS)
    containers.compose.wait_until_healthy("airflow-postgres", *AIRFLOW, seconds=HEALTHY_SECONDS)
    return containers


@pytest.mark.parametrize("tag", IMAGES.values())
def test_an_image_runs_as_an_ordinary_user(engine: Engine, tag: str) -> None:
    assert engine.inspect(tag)["Config"]["User"] == str(UID)


def test_the_services_answer_and_forecast_from_the_newest_observations(
    containers: Containers,
) -> None:
    assert httpx.post(f"{containers.api}/predict", json={}).status_code == 401
    forecast = containers.forecast("Sydney")
    journal = containers.root / "outputs/preds_api.csv"
    assert str(forecast["forecast_id"]) in journal.read_text()
    assert journal.stat().st_uid == UID
    assert httpx.get(containers.app, timeout=300).status_code == 200
    assert httpx.get(f"{containers.mlflow}/health", timeout=300).status_code == 200


def test_a_killed_api_comes_back_by_itself_and_forecasts(containers: Containers) -> None:
    before = containers.compose.container("api-inference")
    os.kill(before["State"]["Pid"], signal.SIGKILL)
    begun = time.monotonic()
    until = begun + HEALTHY_SECONDS
    while (after := containers.compose.container("api-inference"))["RestartCount"] == 0:
        assert time.monotonic() < until, after["State"]
        time.sleep(0.2)
    containers.wait_until_ready(HEALTHY_SECONDS)
    print(f"the API was back {time.monotonic() - begun:.0f} s after it was killed")
    assert after["Id"] == before["Id"]
    assert containers.forecast("Perth")["rain_tomorrow"] in (0, 1)


def test_the_jobs_score_and_report_to_the_tracking_server(containers: Containers) -> None:
    run = ("--profile", "jobs", "run", "--rm", "--no-deps")
    containers.compose(*run, "score", seconds=RUN_SECONDS)
    assert containers.record("live_eval.json")["status"] == "ok"
    listed = containers.compose(
        *run, "tune", "python", "-m", "raincast", "models", "list", "--json"
    )
    assert containers.served_version() in {model["version"] for model in json.loads(listed)}
    script = "optimisations/prod/optuna_search_recall_small.py"
    brief = ("-e", "TUNE_SECONDS=0")
    containers.compose(*run, *brief, "tune", "python", script, seconds=RUN_SECONDS)
    assert (containers.root / "optimisations/optuna_xgb_recall_small.db").exists()
    containers.compose(*run, "track", seconds=RUN_SECONDS)
    found = httpx.get(
        f"{containers.mlflow}/api/2.0/mlflow/experiments/get-by-name",
        params={"experiment_name": "weather-ml"},
        timeout=300,
    )
    assert found.status_code == 200, found.text


def test_the_main_dag_runs_to_its_end_with_nobodys_help(airflow: Containers) -> None:
    airflow.wait_until_parsed((MAIN, TUNING))
    run = airflow.scheduled(MAIN)
    assert airflow.finished(MAIN, run, RUN_SECONDS) == "success", airflow.tasks(MAIN, run)
    stations = airflow.xcom(MAIN, run, "predict_all_and_push")
    assert stations["unreachable"] == {}
    assert len({name for found in stations["regimes"].values() for name in found}) == 49


def test_the_files_of_the_dags_import(airflow: Containers) -> None:
    words = ("airflow", "dags", "list-import-errors", "--local")
    assert "No data found" in airflow.compose("exec", "-T", "airflow-webserver", *words)


def test_case_c_searches_retrains_promotes_and_moves_the_watermark(airflow: Containers) -> None:
    version = airflow.served_version()
    conf = json.dumps({"RECALL_THRESHOLD": 1.0})
    words = ("airflow", "dags", "trigger", MAIN, "--run-id", "c", "--conf", conf)
    airflow.compose("exec", "-T", "airflow-webserver", *words)
    assert airflow.finished(MAIN, "c", RUN_SECONDS) == "success", airflow.tasks(MAIN, "c")
    case = airflow.xcom(MAIN, "c", "read_quality_metrics")
    assert case["evidence"]["case"] == "C"
    assert airflow.finished(TUNING, "after__c", RUN_SECONDS) == "success", airflow.tasks(
        TUNING, "after__c"
    )
    done = airflow.xcom(TUNING, "after__c", "retrain_with_best")
    assert done["promoted"], done["reason"]
    mark = airflow.record("retrain_watermark.json")
    assert (mark["run_id"], mark["consumed_rows"]) == ("after__c", case["new_rows_for_retrain"])
    until = time.monotonic() + HEALTHY_SECONDS
    while airflow.served_version() == version:
        assert time.monotonic() < until, "the API did not take the promoted model"
        time.sleep(1)
    assert airflow.served_version() == done["version"]
    airflow.forecast("Hobart")


def test_whoever_is_to_be_told_was(airflow: Containers) -> None:
    """Of the search and the promotion in Airflow's containers, after the test of case C."""
    said = airflow.compose.log("listener")
    assert "A search has started" in said
    assert f"{airflow.served_version()} was promoted" in said


def test_prometheus_knows_all_that_rules_and_dashboard_ask_for(
    engine: Engine, airflow: Containers
) -> None:
    if not shutil.which("prometheus"):
        pytest.skip("prometheus is not there: apt install prometheus")
    engine.prometheus()
    airflow.compose("--profile", "watch", "up", "-d", "--no-deps", "prometheus")
    until = time.monotonic() + HEALTHY_SECONDS
    while not airflow.prometheus_is_ready():
        assert time.monotonic() < until, airflow.compose.log("prometheus")
        time.sleep(1)
    while not airflow.answers("rate(raincast_requests_total[5m])"):  # two looks, 30 s apart
        assert time.monotonic() < until, airflow.compose.log("prometheus")
        time.sleep(2)
    assert airflow.asked('up{job="raincast"}')[0]["value"][1] == "1"
    dashboard = json.loads((ROOT / "docker/grafana/dashboards/raincast.json").read_text())
    queries = ((t["expr"], p["title"]) for p in dashboard["panels"] for t in p["targets"])
    # The newest 200 rows of this world lie on too few days for an interval.
    asked = {q: title for q, title in queries if not re.search("_(low|high){", q)}
    assert [title for query, title in asked.items() if not airflow.answers(query)] == []
    rules = httpx.get(f"{airflow.prometheus}/api/v1/rules", timeout=60).json()["data"]["groups"]
    assert {rule["health"] for rule in rules[0]["rules"]} == {"ok"}
    page = httpx.get(f"{airflow.prometheus}/consoles/raincast.html", timeout=60)
    assert page.is_success, page.text
    assert airflow.served_version() in page.text


def test_a_backup_of_the_containers_goes_on_elsewhere(airflow: Containers, tmp_path: Path) -> None:
    """By the commands of docs/backup.md: made while all runs, restored on another host."""
    kept = airflow.folder / "backups"
    kept.mkdir()
    os.chown(kept, UID, UID)
    words = ("--profile", "jobs", "run", "--rm", "--no-deps", "-v", f"{kept}:/backups", "tune")
    airflow.compose(*words, "python", "-m", "raincast", "backup", "/backups/raincast.tar.gz")
    root = tmp_path / "elsewhere"
    restored = raincast(root, "restore", str(kept / "raincast.tar.gz"))
    assert "files" in restored, restored
    listed = json.loads(raincast(root, "models", "list", "--json"))
    assert airflow.served_version() in {model["version"] for model in listed}
    rows = len((airflow.root / "outputs/preds_api.csv").read_text().splitlines())
    assert len((root / "outputs/preds_api.csv").read_text().splitlines()) == rows
    raincast(root, "predict", "Hobart")
    assert len((root / "outputs/preds_api.csv").read_text().splitlines()) == rows + 1
    raincast(root, "score")
