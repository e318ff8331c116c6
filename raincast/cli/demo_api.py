"""The last step of `raincast demo`: a forecast asked of the API."""

import secrets
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from time import sleep

import typer
from tqdm import tqdm

from raincast.cli.demo_loop import step
from raincast.errors import ServerUnavailable
from raincast.settings import Settings, for_child


def ask(settings: Settings, day: date) -> None:
    """Starts an API over the folder, and asks it for Sydney's forecast."""
    import httpx

    step(5, "Ask the API for a forecast over HTTP.")
    body = {
        "Date": str(day),
        "Location": "Sydney",
        "Humidity3pm": 78,
        "Pressure3pm": 1009.2,
        "Rainfall": 2.4,
        "Cloud3pm": 7,
    }
    with _api(settings) as (address, key):
        answer = httpx.post(
            f"{address}/predict", json=body, headers={"Authorization": f"Bearer {key}"}, timeout=10
        )
    answer.raise_for_status()
    said = answer.json()
    names = ("rain_tomorrow", "rain_probability", "regime", "threshold", "model_version")
    typer.echo(f"POST /predict {body}\n  " + ", ".join(f"{name} {said[name]}" for name in names))


@contextmanager
def _api(settings: Settings) -> Iterator[tuple[str, str]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    key = secrets.token_hex(16)
    command = [sys.executable, "-m", "raincast", "serve", "--port", str(port)]
    environment = for_child(API_KEY=key, PROJECT_ROOT=str(settings.root))
    words = settings.root / "api.log"
    with (
        words.open("wb") as log,
        subprocess.Popen(command, env=environment, stdout=log, stderr=log) as server,  # noqa: S603
    ):
        try:
            wait(f"http://127.0.0.1:{port}/health", server, words)
            yield f"http://127.0.0.1:{port}", key
        finally:
            server.terminate()


def wait(address: str, server: subprocess.Popen[bytes], words: Path) -> None:
    """Until the API answers, as long as it lives.

    Raises:
        ServerUnavailable: it has died; says its last words.
    """
    import httpx

    with httpx.Client(timeout=2) as client, tqdm(desc="starting", leave=False, disable=None) as bar:
        while server.poll() is None:
            try:
                if client.get(address).is_success:
                    return
            except httpx.TransportError:
                sleep(0.2)
            bar.update()
    last = " / ".join(words.read_text("utf-8", "replace").splitlines()[-3:])
    raise ServerUnavailable(f"the API ended with {server.returncode}: {last}; {words} has the rest")
