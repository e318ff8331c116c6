"""A tracking server of the tests' own, and what it has."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from tests.trusting import trusted

ROOT = Path(__file__).resolve().parents[1]
PATIENCE_SECONDS = 900.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def mlflow_server(folder: Path) -> Iterator[str]:
    """The server as `make mlflow` starts it, but for port and folder; its address."""
    port = free_port()
    tools = str(Path(sys.executable).parent)
    environment = os.environ | {
        "MLFLOW_PORT": str(port),
        "MLFLOW_FOLDER": str(folder),
        "PATH": f"{tools}:{os.environ['PATH']}",
    }
    log = folder.with_suffix(".log")
    with log.open("wb") as out:
        process = subprocess.Popen(
            [ROOT / "scripts/mlflow_server.sh"], env=environment, stdout=out, stderr=out
        )
        try:
            wait_for(f"http://127.0.0.1:{port}/health", process, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(30)


def wait_for(
    address: str, process: subprocess.Popen[Any], log: Path, seconds: float = PATIENCE_SECONDS
) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        assert process.poll() is None, log.read_text("utf-8", "replace")
        try:
            if httpx.get(address, timeout=2, verify=trusted()).is_success:
                return
        except httpx.HTTPError:
            time.sleep(0.2)
    raise AssertionError(
        f"{address} did not answer within {seconds} s: {log.read_text('utf-8', 'replace')}"
    )


def asked(uri: str, what: str, /, **query: Any) -> dict[str, Any]:
    answer = httpx.get(f"{uri}/api/2.0/mlflow/{what}", params=query, timeout=300)
    answer.raise_for_status()
    found: dict[str, Any] = answer.json()
    return found


def all_runs(uri: str) -> list[dict[str, Any]]:
    """Every run of the experiment, oldest first, with `tags`, `params` and `metrics` by name."""
    experiment = asked(uri, "experiments/get-by-name", experiment_name="weather-ml")["experiment"][
        "experiment_id"
    ]
    body = {
        "experiment_ids": [experiment],
        "max_results": 500,
        "order_by": ["attributes.start_time ASC"],
    }
    answer = (
        httpx.post(f"{uri}/api/2.0/mlflow/runs/search", json=body, timeout=300)
        .raise_for_status()
        .json()
    )
    parts = ("tags", "params", "metrics")
    return [
        run["info"]
        | {part: {e["key"]: e["value"] for e in run["data"].get(part, [])} for part in parts}
        | {"inputs": run.get("inputs", {})}
        for run in answer.get("runs", [])
    ]


def files(uri: str, run_id: str, path: str = "") -> list[str]:
    found = asked(uri, "artifacts/list", run_id=run_id, path=path)
    return [entry["path"] for entry in found.get("files", [])]


def aliases(uri: str) -> dict[str, str]:
    """Our version of each alias."""
    found = asked(uri, "registered-models/get", name="weather-ml")["registered_model"].get(
        "aliases", []
    )
    told = {}
    for entry in found:
        version = asked(uri, "model-versions/get", name="weather-ml", version=entry["version"])[
            "model_version"
        ]
        told[entry["alias"]] = {tag["key"]: tag["value"] for tag in version["tags"]}[
            "raincast.version"
        ]
    return told


def registered(uri: str, name: str) -> set[str]:
    """Our versions under a name."""
    said = asked(uri, "model-versions/search", filter=f"name = '{name}'")
    tags = [entry["tags"] for entry in said.get("model_versions", [])]
    return {tag["value"] for one in tags for tag in one if tag["key"] == "raincast.version"}


def bash() -> str:
    return shutil.which("bash") or "/bin/bash"
