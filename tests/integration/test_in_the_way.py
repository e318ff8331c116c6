"""What another process or a full disk puts in the way: said in one line, in time, nothing left."""

import os
import resource
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from raincast.errors import BadInput, Busy
from raincast.serving import server
from raincast.settings import Settings
from raincast.store import model_history
from raincast.store.archive import Archive
from raincast.store.ledger import Ledger
from raincast.store.locks import locked
from raincast.store.registry import Registry
from tests.registries import at, keep
from tests.served import morning

ROOT = Path(__file__).resolve().parents[2]
LATER = "2024-02-17"
"""A day of which no context is kept yet."""


@pytest.mark.parametrize("kind", ["a folder", "a file"])
def test_a_lock_says_who_holds_it_and_waiting_ends(tmp_path: Path, kind: str):
    path = tmp_path if kind == "a folder" else tmp_path / "journal.csv"
    me = rf"process {os.getpid()} \((.*pytest|python)"  # a worker of many is plain Python
    with locked(path), pytest.raises(Busy, match=me) as busy:  # noqa: SIM117
        with locked(path, 0.05):
            raise AssertionError
    assert str(path) in str(busy.value)
    with locked(path, 0.05):
        pass


def test_a_lock_that_is_shared_is_shared_and_ends_with_its_process(tmp_path: Path):
    path = tmp_path / "journal.csv"
    with pytest.raises(FileNotFoundError), locked(path, shared=True):
        raise AssertionError
    child = os.fork()
    if child == 0:
        with locked(path):
            os._exit(0)
    os.waitpid(child, 0)
    with locked(path, 0.05, shared=True), locked(path, 0.05, shared=True):
        pass


def test_a_registry_that_is_held_ends_the_wait(tmp_path: Path):
    models = tmp_path / "models"
    version = keep(models, 0.2, 0)
    decisions = Ledger(models / model_history.HISTORY, patience_seconds=0.05)
    with locked(models), pytest.raises(Busy, match="works on it"):
        Registry(models, decisions).promote(version, at(1), "first")


def _limited(size: int) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def test_a_full_disk_is_one_line_and_leaves_nothing(root: Path):
    """As far as a process can tell, files that may not grow are a disk that is full."""
    version = str(Registry(root / "models").versions()[1].version)
    before = {p for p in root.rglob("*") if p.is_file()}
    done = subprocess.run(
        [sys.executable, "-m", "raincast", "models", "promote", version],
        cwd=ROOT,
        # Bytecode would be cut short, and break what comes after.
        env=os.environ | {"PROJECT_ROOT": str(root), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        preexec_fn=lambda: _limited(2000),
    )
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    left = {p.name for p in root.rglob("*") if p.is_file()} - {p.name for p in before}
    assert not [name for name in left if name.endswith(".part")]


def test_a_version_that_does_not_fit_the_disk_leaves_no_part(tmp_path: Path):
    models = tmp_path / "models"
    child = os.fork()
    if child == 0:
        _limited(100)
        try:
            keep(models, 0.2, 0)
        except OSError:
            os._exit(0)
        os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert list((models / "versions").iterdir()) == []


@pytest.mark.slow
def test_a_locked_archive_is_503_in_time(
    start: Callable[[Settings], httpx.Client], settings: Settings
):
    """After the seconds that the service waits for it; a caller need not give up first."""
    api = start(settings)
    holder = sqlite3.connect(settings.archive, isolation_level=None)
    try:
        holder.execute("PRAGMA locking_mode = EXCLUSIVE")
        holder.execute("PRAGMA journal_mode = DELETE")
        holder.execute("BEGIN EXCLUSIVE")
        answer = api.post("/predict", json=morning(Date=LATER), timeout=60)
        ready = api.get("/health/ready", timeout=60)
    except sqlite3.OperationalError:
        pytest.skip("the service reads at this moment, so the archive cannot be taken")
    finally:
        holder.close()
    assert (answer.status_code, ready.status_code) == (503, 503)
    assert "locked" in answer.json()["detail"]


@pytest.mark.parametrize("damage", ["deleted", "corrupt"])
def test_an_archive_that_is_gone_or_damaged_is_503_with_the_reason(
    start: Callable[[Settings], httpx.Client], settings: Settings, damage: str
):
    api = start(settings)
    if damage == "deleted":
        for path in settings.archive.parent.glob("archive.sqlite*"):
            path.unlink()
    else:
        settings.archive.write_bytes(b"no database" * 1000)
    answer = api.post("/predict", json=morning(Date=LATER))
    assert answer.status_code == 503
    assert "archive.sqlite" in answer.json()["detail"]
    ready = api.get("/health/ready").json()
    assert (ready["ready"], ready["model"], ready["journal"]) == (False, None, None)
    assert "archive.sqlite" in ready["archive"]
    assert damage == "corrupt" or not settings.archive.exists()


def test_ready_says_what_is_in_the_way(
    start: Callable[[Settings], httpx.Client], settings: Settings
):
    api = start(settings)
    answer = api.get("/health/ready")
    assert (answer.status_code, answer.json()["ready"]) == (200, True)
    settings.journal.parent.write_text("a file where the folder should be")
    answer = api.get("/health/ready")
    assert answer.status_code == 503
    assert "outputs" in answer.json()["journal"]
    with httpx.Client(base_url=api.base_url) as stranger:
        said = stranger.get("/health/ready").json()
    assert said["journal"] == said["detail"] == "the journal cannot be written"


def test_without_a_model_nothing_is_ready(
    start: Callable[[Settings], httpx.Client], tmp_path: Path
):
    answer = start(Settings(root=tmp_path / "empty")).get("/health/ready")
    assert answer.status_code == 503
    assert "raincast train" in answer.json()["model"]


def test_an_archive_is_made_where_there_is_none(tmp_path: Path):
    assert Archive(tmp_path / "data/archive.sqlite").revision() == 0


@pytest.mark.parametrize(
    ("made", "found"),
    [
        (lambda path: path.symlink_to("/nowhere/archive.sqlite"), "No such file"),
        (lambda path: path.write_text("no database"), "file is not a database"),
    ],
    ids=["a link that leads nowhere", "no database"],
)
@pytest.mark.slow
def test_an_archive_that_cannot_be_opened_keeps_the_api_from_starting_in_one_line(
    tmp_path: Path, made: Callable[[Path], object], found: str
):
    path = Settings(root=tmp_path).archive
    path.parent.mkdir(parents=True)
    made(path)
    done = subprocess.run(
        [sys.executable, "-m", "raincast", "serve", "--port", "0"],
        cwd=ROOT,
        env=os.environ | {"PROJECT_ROOT": str(tmp_path), "API_KEY": "a token of the tests"},
        capture_output=True,
        text=True,
    )
    _, said = done.stderr.strip().splitlines()
    assert done.returncode == 2
    assert str(path) in said
    assert found in said


def test_a_port_that_is_taken_is_told_of_before_the_model_is_loaded(tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(BadInput, match=r"expected an address that is free.*--port"):
            server.run(Settings(root=tmp_path), "127.0.0.1", port)
