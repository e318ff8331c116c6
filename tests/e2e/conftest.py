"""The app and the API as processes of their own, over a small simulated world, and a real browser
in front of them.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests import lived
from tests.e2e import still
from tests.e2e.visits import Tabs
from tests.trusting import trusted

ROOT = Path(__file__).resolve().parents[2]
TOKEN = "a token of the tests"
FLAGS = ["--no-sandbox", "--process-per-site"]  # all tabs in the process that has the scripts
START_SECONDS = 600


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def process(
    command: list[str], health: str, log: Path, **environment: str
) -> Iterator[subprocess.Popen]:
    """A server that answers at its health address, ended by its own id."""
    with (
        log.open("wb") as out,
        subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, **environment},
            stdout=out,
            stderr=subprocess.STDOUT,
        ) as server,
    ):
        try:
            _wait(health, server, log)
            yield server
        finally:
            server.terminate()
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()


def _wait(address: str, server: subprocess.Popen, log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        assert server.poll() is None, log.read_text("utf-8", "replace")[-2000:]
        try:
            if httpx.get(address, timeout=2, verify=trusted(), trust_env=False).is_success:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError(f"{address} did not answer: {log.read_text('utf-8', 'replace')[-2000:]}")


def api(root: Path, port: int, log: Path):
    command = [sys.executable, "-m", "raincast", "serve", "--port", str(port)]
    return process(
        command, f"http://127.0.0.1:{port}/health", log, API_KEY=TOKEN, PROJECT_ROOT=str(root)
    )


def app(root: Path, port: int, api_port: int, log: Path):
    command = [
        sys.executable,
        "-m",
        "streamlit",
        "run",
        "streamlit_app.py",
        "--server.port",
        str(port),
    ]
    return process(
        command,
        f"http://127.0.0.1:{port}/_stcore/health",
        log,
        API_KEY=TOKEN,
        PROJECT_ROOT=str(root),
        API_URL=f"http://127.0.0.1:{api_port}",
        AIRFLOW_URL=f"http://127.0.0.1:{free_port()}",
    )


@pytest.fixture(scope="module")
def lived_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The world's folder, of a module's own: its visits leave forecasts and models behind."""
    root = tmp_path_factory.mktemp("lived")
    lived.build(root)
    return root


@pytest.fixture(scope="session")
def chromium() -> str:
    """Where the browser is."""
    found = (
        shutil.which("chromium")
        or shutil.which("chromium-browser")
        or shutil.which("google-chrome")
    )
    if not found:
        pytest.skip("no Chromium on this machine: `apt-get install chromium` brings one")
    return found


@pytest.fixture(scope="module")
def still_network() -> Iterator[None]:
    """See `tests.e2e.still`: for a module's browser and its servers."""
    with still.still_network():
        yield


@pytest.fixture(scope="module")
def browser(chromium: str, still_network: None) -> Iterator[Tabs]:
    """The browser, without a window and, as root needs it, without its sandbox.

    Ended with its module: until then it keeps an event loop running in this thread, and
    `asyncio.run` refuses.
    """
    sync_api = pytest.importorskip(
        "playwright.sync_api", reason="Playwright is in requirements-dev.txt"
    )
    with sync_api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield Tabs(opened.new_context())
        opened.close()


@pytest.fixture(scope="module")
def running(lived_root: Path, browser, tmp_path_factory) -> Iterator[str]:
    """The app and its API; the app's address."""
    logs, port, api_port = tmp_path_factory.mktemp("logs"), free_port(), free_port()
    with (
        api(lived_root, api_port, logs / "api.txt"),
        app(lived_root, port, api_port, logs / "app.txt"),
    ):
        yield f"http://127.0.0.1:{port}"
