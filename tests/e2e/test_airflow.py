"""The loop under a real scheduler on an empty PostgreSQL: the four cases, a model exchanged under a
running API, a crash.
"""

import json
import os
import shutil
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from raincast.app import airflow
from tests.airflow_stack import PATIENCE_SECONDS, Stack, skip_without_airflow

pytestmark = pytest.mark.slow
MAIN, TUNING = "weather_main_dag", "optuna_tuning_dag"
OBSERVATION = {
    "Date": "2026-11-20",
    "Location": "Sydney",
    "Humidity3pm": 78,
    "Pressure3pm": 1009.2,
    "Rainfall": 2.4,
}
BELOW_ANY, ABOVE_ALL, MORE_THAN_THERE_ARE = 0.0, 1.0, 1_000_000


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    skip_without_airflow()
    begun = time.monotonic()
    started = Stack(
        tmp_path_factory.mktemp("airflow"),
        TUNE_SECONDS=5,
        RECALL_THRESHOLD=BELOW_ANY,
        OPTUNA_WORKERS=1,
    )
    try:
        print(started.run("start"))
        started.wait_until_parsed((MAIN, TUNING))
        print(f"cold start on an empty database: {time.monotonic() - begun:.0f} s")
        for dag in (TUNING, MAIN):
            started.unpause(dag)
        yield started
    finally:
        print(
            f"everything that was started holds {started.memory_mb()} MB;"
            f" {time.monotonic() - begun:.0f} s from the start"
        )
        database = started.database()
        started.run("stop")
        shutil.rmtree(database)
        assert started.memory_mb() == 0


def verdict(stack: Stack, run: str, **conf: object) -> tuple[dict, dict[str, str | None]]:
    """What a run of the main DAG decided, and how its tasks ended."""
    assert stack.finished(MAIN, stack.trigger(MAIN, run, **conf)) == "success", stack.tasks(
        MAIN, run
    )
    return stack.xcom(MAIN, run, "read_quality_metrics"), stack.tasks(MAIN, run)


def weaker(done: dict) -> set[str]:
    """The stations whose forecast of the slot rests on less than their own row and others'."""
    return {name for names in done["basis"].values() for name in names}


class Caller:
    """Asks the API all the time; keeps what it was answered."""

    def __init__(self, stack: Stack) -> None:
        self.versions: list[str] = []
        self.refused: list[str] = []
        self._stack, self._over = stack, threading.Event()

    def ask(self, client: httpx.Client) -> None:
        headers = {"Authorization": f"Bearer {self._stack.key()}"}
        answer = client.post(f"{self._stack.api}/predict", json=OBSERVATION, headers=headers)
        if answer.is_success:
            self.versions.append(answer.json()["model_version"])
        else:
            self.refused.append(answer.text)

    def _call(self) -> None:
        with httpx.Client(timeout=300, trust_env=False) as client:
            while not self._over.wait(0.2):
                self.ask(client)

    @contextmanager
    def calling(self) -> Iterator["Caller"]:
        thread = threading.Thread(target=self._call)
        thread.start()
        try:
            yield self
        finally:
            self._over.set()
            thread.join()


def kill_while(stack: Stack, dag: str, run: str, task: str) -> None:
    """Kills the scheduler and all that it has started, while a task runs; then starts it again."""
    until = time.monotonic() + PATIENCE_SECONDS
    while stack.tasks(dag, run).get(task) != "running":
        assert time.monotonic() < until, stack.tasks(dag, run)
        time.sleep(0.3)
    time.sleep(2)
    os.killpg(stack.processes()["scheduler"]["pid"], signal.SIGKILL)
    time.sleep(1)
    stack.run("start scheduler")


def test_the_loop_from_a_cold_start_to_a_model_exchanged_and_a_second_trigger_that_skips(
    stack: Stack,
) -> None:
    first = stack.scheduled(MAIN)
    assert (
        stack.finished(MAIN, first) == "success"
    )  # the last slot of the schedule, with nobody's help
    stations = stack.xcom(MAIN, first, "predict_all_and_push")
    assert stations["unreachable"] == {}
    assert len({name for found in stations["regimes"].values() for name in found}) == 49
    # By what the stack is started with nothing is below the threshold.
    case_b, tasks = stack.xcom(MAIN, first, "read_quality_metrics"), stack.tasks(MAIN, first)
    assert (case_b["evidence"]["case"], tasks["skip_optuna"], tasks["trigger_optuna"]) == (
        "B",
        "success",
        "skipped",
    )

    case_a, tasks = verdict(
        stack, "a", RECALL_THRESHOLD=ABOVE_ALL, MIN_NEW_ROWS_FOR_RETRAIN=MORE_THAN_THERE_ARE
    )
    assert set(case_a) == {"live", "new_rows_for_retrain", "retrain_cutoff_date", "evidence"}
    assert (case_a["evidence"]["case"], tasks["skip_optuna"], tasks["trigger_optuna"]) == (
        "A",
        "success",
        "skipped",
    )
    assert case_a["new_rows_for_retrain"] >= 60

    with Caller(stack).calling() as caller:
        case_c, tasks = verdict(stack, "c", RECALL_THRESHOLD=ABOVE_ALL)
        assert (case_c["evidence"]["case"], tasks["trigger_optuna"]) == ("C", "success")
        kill_while(stack, TUNING, "after__c", "retrain_with_best")
        assert stack.finished(TUNING, "after__c") == "success", stack.tasks(TUNING, "after__c")
        time.sleep(2)

    done = stack.xcom(TUNING, "after__c", "retrain_with_best")
    assert done["promoted"], done["reason"]
    assert caller.refused == []
    assert len(set(caller.versions)) == 2
    assert caller.versions[-1] == done["version"]
    decisions = [
        json.loads(line)
        for line in (stack.project / "models/history.jsonl").read_text().splitlines()
    ]
    assert [entry["action"] for entry in decisions] == [
        "promote",
        "promote",
    ]  # the world's, and this one, once

    mark = json.loads((stack.project / "metrics/retrain_watermark.json").read_text())
    assert (mark["run_id"], mark["consumed_rows"]) == ("after__c", case_c["new_rows_for_retrain"])
    case_d, tasks = verdict(stack, "d", RECALL_THRESHOLD=ABOVE_ALL)
    # Where it has become 9 am meanwhile, the truth of the day after the consumed ones has come.
    assert case_d["new_rows_for_retrain"] < 49
    assert case_d["retrain_cutoff_date"] == mark["last_feature_date"]
    assert (tasks["skip_optuna"], tasks["trigger_optuna"]) == ("success", "skipped")
    assert len(stack.ask("GET", f"dags/{TUNING}/dagRuns")["dag_runs"]) == 1


def test_a_run_cleared_and_run_again_changes_nothing(stack: Stack) -> None:
    journal, model = (
        stack.project / "outputs/preds_api.csv",
        stack.project / "models/model_metadata.json",
    )
    before, served = journal.read_text(), model.read_bytes()
    stack.ask("POST", f"dags/{MAIN}/dagRuns/c/clear", dry_run=False)
    assert stack.finished(MAIN, "c") == "success"
    # Between 21:00 and 22:00 UTC the day has begun at Norfolk Island alone, which is tried again.
    tried_again = weaker(stack.xcom(MAIN, "c", "predict_all_and_push"))
    assert journal.read_text().startswith(before)
    added = journal.read_text()[len(before) :].splitlines()
    assert {line.split(",")[3] for line in added} <= tried_again
    assert model.read_bytes() == served
    assert len(stack.ask("GET", f"dags/{TUNING}/dagRuns")["dag_runs"]) == 1


def test_a_search_for_rows_that_are_consumed_is_skipped(stack: Stack) -> None:
    run = stack.trigger(TUNING, "late", retrain_cutoff_date="2026-01-01")
    stack.finished(TUNING, run)
    assert set(stack.tasks(TUNING, run).values()) == {"skipped"}


def test_both_dags_run_in_one_process_too(stack: Stack) -> None:
    """`airflow dags test`: the one as it is, the other for rows that are consumed, which it sees
    and skips.

    Both are paused meanwhile, or the scheduler beside it would take a task of such a run first, and
    the run would fail.
    """
    with stack.paused(MAIN, TUNING):
        stack.run("airflow dags test weather_main_dag")
        told = stack.run(
            'airflow dags test optuna_tuning_dag -c {"retrain_cutoff_date":"2026-01-01"}'
        )
    assert "these rows are consumed" in told


def test_the_app_reads_the_runs_of_both_dags(stack: Stack) -> None:
    found = airflow.runs(stack.airflow, "admin", stack.password())
    assert {run.dag for run in found} == {MAIN, TUNING}
    newest = next(run for run in found if run.dag == MAIN)
    assert set(newest.tasks) >= {"ensure_latest_model", "predict_all_and_push", "join_after_branch"}


def test_a_slot_that_has_its_forecasts_needs_nothing_of_the_bureau(stack: Stack) -> None:
    os.kill(stack.processes()["mirror"]["pid"], signal.SIGTERM)
    run = stack.trigger(MAIN, "without")
    assert stack.finished(MAIN, run) == "success"
    done = stack.xcom(MAIN, run, "predict_all_and_push")
    assert done["already"] == 49 - len(weaker(done)) >= 48
