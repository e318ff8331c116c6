"""Hosts in folders of their own share one PostgreSQL and are killed at random: nothing that was
answered is lost, and nothing is there twice.
"""

import json
import os
import random
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import optuna
import pytest
from optuna.storages import RDBStorage
from optuna.trial import TrialState

from raincast.errors import BadFile
from raincast.learning import blend, studies, tuning
from raincast.loop import retrain_set, study_store
from raincast.observations.network import within
from raincast.settings import Settings
from raincast.store import stores, transfer
from raincast.store.postgres.stores import Postgres
from tests import learned, served
from tests.integration.conftest import NOBODY, TOKEN
from tests.places import SMALL
from tests.tracked_runs import free_port

pytestmark = pytest.mark.slow
ANSWERS, KILLS, PATIENCE_SECONDS = 120, 4, 200
ROOT = Path(__file__).resolve().parents[2]
SEARCH = ROOT / "optimisations/prod/optuna_search_recall_small.py"
WORKERS, TRIALS, SEARCH_SECONDS = 3, 6, 1200


class Host:
    """An API in a folder of its own, that is started again whenever it has been killed."""

    def __init__(self, settings: Settings) -> None:
        self._settings, self._port = settings, free_port()
        self.url = f"http://127.0.0.1:{self._port}"
        self.start()

    def start(self) -> None:
        words = [sys.executable, "-m", "raincast", "serve", "--port", str(self._port)]
        self._process = subprocess.Popen(
            words, env=environment(self._settings), stderr=subprocess.DEVNULL
        )

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()


def environment(settings: Settings) -> dict[str, str]:
    return os.environ | {
        "PROJECT_ROOT": str(settings.root),
        "DATABASE_URL": settings.database,
        "API_KEY": TOKEN,
        "BUREAU_URL": NOBODY,
    }


def asked(url: str, answered: list[str], killed: threading.Event, until: float) -> None:
    """Asks until all is killed that shall be, and its part of the answers has come; keeps their
    ids.
    """
    own = 0
    with httpx.Client(base_url=url, headers={"Authorization": f"Bearer {TOKEN}"}) as client:
        while (own < ANSWERS // 2 or not killed.is_set()) and time.monotonic() < until:
            try:
                answer = client.post("/predict", json=served.observation(), timeout=20)
            except httpx.HTTPError:
                time.sleep(0.2)  # it was killed, and comes back
                continue
            if answer.status_code == 200:
                answered.append(answer.json()["forecast_id"])
                own += 1
            else:
                time.sleep(0.2)


def scored(settings: Settings) -> dict:
    """What one round of the scheduler's scoring says."""
    words = [sys.executable, "-m", "raincast", "score", "--json"]
    done = subprocess.run(words, env=environment(settings), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_two_apis_and_a_scheduler_share_the_records(
    served_root: Path, database: str, tmp_path: Path
) -> None:
    roots = [shutil.copytree(served_root, tmp_path / name) for name in ("one", "two", "loop")]
    one, two, loop = (Settings(root=root, database=database) for root in roots)
    transfer.fill(stores.Files(one), Postgres(one))
    for host in (one, two, loop):  # what is shared is in no folder any more
        host.archive.unlink()
        (host.models / "history.jsonl").unlink()
    answered: list[str] = []
    killed = threading.Event()
    until = time.monotonic() + PATIENCE_SECONDS
    chosen = random.Random(12)
    with ExitStack() as ending:
        hosts = [Host(one), Host(two)]
        for host in hosts:
            ending.callback(host.kill)
        callers = [
            threading.Thread(target=asked, args=(host.url, answered, killed, until))
            for host in hosts
        ]
        for caller in callers:
            caller.start()
        for kill in range(KILLS):
            before = len(answered)
            while len(answered) < before + 10 and time.monotonic() < until:
                time.sleep(0.01)
            host = chosen.choice(hosts)
            host.kill()
            host.start()
            if kill == KILLS // 2:
                scored(loop)
        killed.set()
        for caller in callers:
            caller.join()
    assert len(answered) >= ANSWERS
    there = stores.of(loop).journal().examine()
    ids = there.rows["forecast_id"].tolist()
    assert there.unreadable.empty
    assert len(ids) == len(set(ids))
    assert set(answered) <= set(ids)
    scored(loop)
    assert stores.of(two).scored().snapshot().count(b"\n") == len(ids) + 1
    assert not any(root.joinpath("outputs/preds_api.csv").exists() for root in roots)
    exported = set(transfer.export(loop, stores.of(loop)))
    assert loop.journal in exported
    assert loop.journal.read_bytes() == stores.of(one).journal().snapshot()


class Worker:
    """A host that searches, in a folder of its own; its study lies beside the shared records."""

    def __init__(self, number: int, settings: Settings) -> None:
        self._number, self._settings = number, settings
        self.start()

    def start(self) -> None:
        asked = {"OPTUNA_STORAGE": self._settings.database, "TUNE_TRIALS": str(TRIALS)}
        asked |= {"TUNE_SECONDS": str(SEARCH_SECONDS), "PYTHONPATH": str(ROOT)}
        self.process = subprocess.Popen(
            [sys.executable, SEARCH, "--worker", str(self._number)],
            env=environment(self._settings) | asked,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def told(self) -> dict:
        """What it says at its end."""
        out, errors = self.process.communicate(timeout=SEARCH_SECONDS)
        assert self.process.returncode == 0, errors
        return json.loads(out.splitlines()[-1])


@contextmanager
def studies_of(settings: Settings) -> Iterator[RDBStorage]:
    """Where the workers keep them; made here, where none of them was quicker."""
    found = study_store._storage(settings)
    yield found
    found.remove_session()
    found.engine.dispose()


def study(settings: Settings, kept: RDBStorage) -> optuna.Study:
    """That of the retraining set which the folder's own search has built."""
    built = retrain_set.read_meta(settings)
    name = study_store.study_name(built, settings.target_recall)
    return optuna.load_study(study_name=name, storage=kept)


def begun(settings: Settings, kept: RDBStorage) -> int:
    """How many trials run whose parameters are all drawn."""
    try:
        running = studies.of_state(study(settings, kept), TrialState.RUNNING)
    except (KeyError, BadFile):  # the set or its study is not there yet
        return 0
    return sum(set(trial.params) == set(tuning.SEARCHED) for trial in running)


def test_three_hosts_search_one_study_and_one_is_killed(database: str, tmp_path: Path) -> None:
    first = Settings(root=tmp_path / "0", database=database, optuna_storage=database)
    with within(SMALL):
        learned.with_history(first)
    roots = [first.root, *(tmp_path / str(n) for n in range(1, WORKERS))]
    for root in roots[1:]:
        shutil.copytree(first.root, root)
    hosts = [Settings(root=root, database=database, optuna_storage=database) for root in roots]
    with studies_of(first) as kept, ExitStack() as ending:
        workers = [Worker(n, host) for n, host in enumerate(hosts)]
        for worker in workers:
            ending.callback(worker.process.kill)
        until = time.monotonic() + SEARCH_SECONDS
        while begun(first, kept) < WORKERS:
            assert time.monotonic() < until, "the three did not search side by side"
            assert all(worker.process.poll() is None for worker in workers)
            time.sleep(0.1)
        workers[1].process.kill()
        workers[1].process.communicate()
        told = [workers[n].told() for n in (0, 2)]
        workers[1].start()  # comes back, and finds the work done
        ending.callback(workers[1].process.kill)
        told.append(workers[1].told())
        trials = study(first, kept).trials
    assert len({answer["study_name"] for answer in told}) == 1
    judged = [trial.params for trial in trials if trial.state in studies.JUDGED]
    # Whoever is in a trial when another ends the last one that is wanted ends its own.
    assert TRIALS <= len(judged) <= TRIALS + WORKERS - 1
    drawn = [params for params in judged if params != tuning.searched(blend.DEFAULT_PARAMS)]
    assert len({json.dumps(params, sort_keys=True) for params in drawn}) == len(drawn)
    assert len(judged) - len(drawn) in range(1, WORKERS + 1)  # each may begin with what is there
    assert told[-1]["trials"] + told[-1]["pruned"] == len(judged)
