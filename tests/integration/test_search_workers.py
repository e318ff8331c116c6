"""Several workers search one study, each with parameters of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Barrier

import optuna
import pytest

from raincast.learning import studies, tuning
from raincast.loop import retrain_set, study_store
from raincast.settings import Settings
from tests import searched
from tests.databases import postgres
from tests.searched import ROOT, SCRIPT, study

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("four_stations")]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A folder in which a search has begun, of the test's own."""
    return searched.folder(tmp_path / "copy")[0]


def open_at_once(settings: Settings, workers: int = 6) -> None:
    """Opens the studies in several threads that begin together; the first error is raised."""
    begin = Barrier(workers)

    def opened() -> None:
        begin.wait()
        study_store._storage(settings).remove_session()

    with ThreadPoolExecutor(workers) as pool:
        for done in [pool.submit(opened) for _ in range(workers)]:
            done.result()


def test_workers_that_begin_together_share_an_empty_database(tmp_path: Path) -> None:
    with postgres(tmp_path) as address:
        for settings in (Settings(root=tmp_path), Settings(root=tmp_path, optuna_storage=address)):
            open_at_once(settings)
            assert optuna.get_all_study_names(settings.studies) == []


@contextmanager
def side_by_side(
    words: list[str], count: int, **asked: str
) -> Iterator[list[subprocess.Popen[str]]]:
    """Searches in processes of their own, which end with the block."""
    with ExitStack() as ending:
        workers = [
            ending.enter_context(
                subprocess.Popen(
                    [*words, "--worker", str(n)],
                    cwd=ROOT,
                    env=os.environ | asked,
                    stdout=subprocess.PIPE,
                    text=True,
                )
            )
            for n in range(count)
        ]
        for worker in workers:
            ending.callback(worker.kill)
        yield workers


def test_two_workers_search_one_study_on_postgresql(settings: Settings, tmp_path: Path) -> None:
    words = [sys.executable, SCRIPT, "--run-id", "both"]
    with postgres(tmp_path) as address:
        asked = {"OPTUNA_STORAGE": address, "TUNE_SECONDS": "600", "TUNE_TRIALS": "4"}
        with side_by_side(words, 2, PROJECT_ROOT=str(settings.root), **asked) as workers:
            printed = [worker.communicate(timeout=1200)[0] for worker in workers]
            assert [worker.returncode for worker in workers] == [0, 0]
        there = replace(settings, optuna_storage=address)
        drawn = [trial.params for trial in study(there).trials if trial.state.is_finished()]
    told = [json.loads(out.splitlines()[-1]) for out in printed]
    assert told[0]["study_name"] == told[1]["study_name"]
    assert retrain_set.read_meta(settings).run_id == "both"
    assert len(drawn) in (4, 5)  # one may be at its last trial when the other ends the fourth
    assert (
        len({json.dumps(params, sort_keys=True) for params in drawn}) >= len(drawn) - 2
    )  # the first ones may be tried twice


def test_each_worker_draws_other_parameters() -> None:
    def first(worker: int) -> dict[str, object]:
        study = optuna.create_study(sampler=studies.sampler(0, worker))
        return tuning.suggest(study.ask())

    assert first(0) == first(0)
    assert first(0) != first(1)
