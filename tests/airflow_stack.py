"""Airflow for real: started by `scripts/local_airflow.py` in a folder of its own, and asked over
its REST API.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests import trusting, worlds
from tests.tracked_runs import free_port

ROOT = Path(__file__).resolve().parents[1]
VENV = Path(os.environ.get("AIRFLOW_VENV") or ROOT / ".venv-airflow")
SCRIPT = ROOT / "scripts/local_airflow.py"
SETTINGS = "settings.json"
DONE = {"success", "failed"}
PATIENCE_SECONDS = 1200.0
"""How long a busy machine may take over what a quiet one does in seconds."""


def skip_without_airflow() -> None:
    if not (VENV / "bin/airflow").exists():
        pytest.skip(f"no Airflow in {VENV}: `make airflow-setup` installs it")


class Airflow:
    """Airflow's REST API, wherever it runs."""

    airflow: str

    def password(self) -> str:
        raise NotImplementedError

    def ask(self, method: str, path: str, **body: Any) -> dict[str, Any]:
        """With a token from the password."""
        answer = self._sent(method, f"/api/v2/{path}", self._token, body or None)
        assert answer.is_success, f"{path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else {}

    @cached_property
    def _token(self) -> dict[str, str]:
        """Good for a day."""
        who = {"username": "admin", "password": self.password()}
        login = self._sent("POST", "/auth/token", {}, who).raise_for_status()
        return {"Authorization": f"Bearer {login.json()['access_token']}"}

    def _sent(
        self, method: str, path: str, headers: dict[str, str], body: dict[str, Any] | None
    ) -> httpx.Response:
        with httpx.Client(timeout=300, trust_env=False, verify=trusting.trusted()) as client:
            return client.request(method, self.airflow + path, headers=headers, json=body)

    def unpause(self, dag: str) -> None:
        self.ask("PATCH", f"dags/{dag}", is_paused=False)

    @contextmanager
    def paused(self, *dags: str) -> Iterator[None]:
        """DAGs that the scheduler leaves alone meanwhile."""
        for dag in dags:
            self.ask("PATCH", f"dags/{dag}", is_paused=True)
        try:
            yield
        finally:
            for dag in dags:
                self.unpause(dag)

    def wait_until_parsed(self, dags: tuple[str, ...], seconds: float = PATIENCE_SECONDS) -> None:
        until = time.monotonic() + seconds
        while not set(dags) <= {dag["dag_id"] for dag in self.ask("GET", "dags")["dags"]}:
            assert time.monotonic() < until, self.ask("GET", "importErrors")
            time.sleep(1)

    def trigger(self, dag: str, run: str, **conf: object) -> str:
        self.ask("POST", f"dags/{dag}/dagRuns", dag_run_id=run, conf=conf, logical_date=None)
        return run

    def scheduled(self, dag: str, seconds: float = PATIENCE_SECONDS) -> str:
        """The run of the schedule's last slot, which comes when a DAG is unpaused."""
        until = time.monotonic() + seconds
        while not (runs := self.ask("GET", f"dags/{dag}/dagRuns")["dag_runs"]):
            assert time.monotonic() < until, f"no run of {dag} was scheduled"
            time.sleep(1)
        return str(runs[0]["dag_run_id"])

    def state(self, dag: str, run: str) -> str:
        return str(self.ask("GET", f"dags/{dag}/dagRuns/{run}")["state"])

    def finished(self, dag: str, run: str, seconds: float = PATIENCE_SECONDS) -> str:
        """How a run ends."""
        until = time.monotonic() + seconds
        while (state := self.state(dag, run)) not in DONE:
            assert time.monotonic() < until, f"{dag} {run} is {state}: {self.tasks(dag, run)}"
            time.sleep(1)
        return state

    def tasks(self, dag: str, run: str) -> dict[str, str | None]:
        found = self.ask("GET", f"dags/{dag}/dagRuns/{run}/taskInstances")["task_instances"]
        return {task["task_id"]: task["state"] for task in found}

    def xcom(self, dag: str, run: str, task: str) -> Any:
        path = f"dags/{dag}/dagRuns/{run}/taskInstances/{task}/xcomEntries/return_value"
        return self.ask("GET", path + "?deserialize=true")["value"]


def lived(folder: Path) -> dict[str, str]:
    """Fills a folder with the world of `make airflow`, made once in a run; its settings."""
    worlds.copied("airflow", _live, folder)
    return dict(json.loads((folder / SETTINGS).read_text("utf-8")))


def _live(part: Path) -> None:
    """A replay's folder has links to where it was made; what is kept are the files themselves."""
    inherited = {name: value for name, value in os.environ.items() if name != "PROJECT_ROOT"}
    with tempfile.TemporaryDirectory(dir=part.parent) as made:
        done = subprocess.run(
            [sys.executable, SCRIPT, "world"],
            env=inherited | {"AIRFLOW_FOLDER": made, "RAINCAST_PYTHON": sys.executable},
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
        )
        assert done.returncode == 0, done.stderr[-2000:]
        shutil.copytree(made, part, dirs_exist_ok=True)
    (part / SETTINGS).write_text(done.stdout.splitlines()[-1], "utf-8")


class Stack(Airflow):
    """Everything that `make airflow` starts, on free ports; its DAGs are paused at first."""

    def __init__(self, folder: Path, **settings: object) -> None:
        self.folder, self.project = folder, folder / "replay/never"
        ports = {
            f"{name}_PORT": str(free_port()) for name in ("AIRFLOW", "API", "MIRROR", "DATABASE")
        }
        asked = {name: str(value) for name, value in settings.items()}
        about = {
            "AIRFLOW_FOLDER": str(folder),
            "AIRFLOW_VENV": str(VENV),
            "RAINCAST_PYTHON": sys.executable,
        }
        inherited = {name: value for name, value in os.environ.items() if name != "PROJECT_ROOT"}
        self._environment = inherited | ports | asked | about | {"DAGS_PAUSED": "True"}
        lived(folder)
        self.started: dict[str, dict[str, int]] = {}
        self.airflow, self.api = (
            f"http://127.0.0.1:{ports[name]}" for name in ("AIRFLOW_PORT", "API_PORT")
        )

    def run(self, word: str) -> str:
        """`start`, `stop`, `status`, or one service's name with `start`: what it prints."""
        done = subprocess.run(
            [sys.executable, SCRIPT, *word.split()],
            env=self._environment,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        if (self.folder / "processes.json").exists():
            self.started = self.processes()
        return done.stdout

    def processes(self) -> dict[str, dict[str, int]]:
        return json.loads((self.folder / "processes.json").read_text("utf-8"))

    def key(self) -> str:
        return json.loads((self.folder / "secrets.json").read_text("utf-8"))["api_key"]

    def password(self) -> str:
        return json.loads((self.folder / "passwords.json").read_text("utf-8"))["admin"]

    def database(self) -> Path:
        """PostgreSQL's folder, which may lie elsewhere: it is the directory that its process works
        in.
        """
        return Path(f"/proc/{self.started['postgres']['pid']}/cwd").resolve()

    def memory_mb(self) -> int:
        """What the started processes and all in their sessions hold, in MB."""
        sessions = {one["pid"] for one in self.started.values()}
        return sum(
            _resident_mb(Path(entry))
            for entry in Path("/proc").glob("[0-9]*")
            if _session(entry) in sessions
        )


def _session(process: Path) -> int:
    try:
        return int((process / "stat").read_text().rpartition(")")[2].split()[3])
    except OSError:
        return 0


def _resident_mb(process: Path) -> int:
    try:
        pages = int((process / "statm").read_text().split()[1])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE") // 1_000_000
