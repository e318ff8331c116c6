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
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from raincast.settings import Settings
from raincast.store import stores, transfer
from raincast.store.postgres.stores import Postgres
from tests import served
from tests.integration.conftest import NOBODY, TOKEN
from tests.tracked_runs import free_port

pytestmark = pytest.mark.slow
ANSWERS, KILLS, PATIENCE_SECONDS = 120, 4, 200


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


def asked(url: str, answered: list[str], enough: int, until: float) -> None:
    """Asks until so many answers have come; keeps their ids."""
    own = 0
    with httpx.Client(base_url=url, headers={"Authorization": f"Bearer {TOKEN}"}) as client:
        while own < enough and time.monotonic() < until:
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
    until = time.monotonic() + PATIENCE_SECONDS
    chosen = random.Random(12)
    with ExitStack() as ending:
        hosts = [Host(one), Host(two)]
        for host in hosts:
            ending.callback(host.kill)
        callers = [
            threading.Thread(target=asked, args=(host.url, answered, ANSWERS // 2, until))
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
