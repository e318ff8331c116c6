"""The operator's page in Prometheus: filled in by a real one that reads a real API, with alerts
that fire, and before there is anything to show.
"""

import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
import yaml

from raincast.serving.app import create_app
from raincast.settings import Settings
from tests import served
from tests.integration.test_figures import NOW, TOKEN, lived
from tests.tracked_runs import free_port

__all__ = ["lived"]
ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 300.0


@contextmanager
def prometheus(folder: Path, target: str) -> Iterator[httpx.Client]:
    """A server with the product's rules and page that looks at the target every second."""
    program = shutil.which("prometheus")
    if program is None:
        pytest.skip("prometheus is not there: apt install prometheus")
    config = yaml.safe_load((ROOT / "docker/prometheus/prometheus.yml").read_text())
    config["global"] = {"scrape_interval": "1s", "evaluation_interval": "1s"}
    config["rule_files"] = [str(ROOT / "docker/prometheus/rules.yml")]
    config["scrape_configs"][0]["static_configs"][0]["targets"] = [target]
    folder.mkdir()
    (folder / "prometheus.yml").write_text(yaml.safe_dump(config))
    port = free_port()
    words = (
        f"--config.file={folder}/prometheus.yml",
        f"--storage.tsdb.path={folder}/data",
        f"--web.listen-address=127.0.0.1:{port}",
        f"--web.console.templates={ROOT}/docker/prometheus/consoles",
    )
    with (folder / "log").open("w") as log:
        server = subprocess.Popen([program, *words], stdout=log, stderr=log)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
            yield client
    finally:
        server.terminate()
        server.wait()


def page(client: httpx.Client, wanted: str) -> str:
    """The page, once it says what is waited for."""
    until, said = time.monotonic() + PATIENCE_SECONDS, ""
    while time.monotonic() < until:
        try:
            said = client.get("/consoles/raincast.html").text
        except httpx.TransportError:
            said = "no answer"
        if wanted in said:
            return said
        time.sleep(0.2)
    raise AssertionError(f"{wanted!r} was never said, last: {said[-2000:]}")


@pytest.mark.slow
def test_it_shows_what_fires_and_how_the_loop_is(lived: Settings, tmp_path: Path) -> None:
    with (
        served.listening(create_app(lived, lambda: NOW), TOKEN) as api,
        prometheus(tmp_path / "prometheus", f"{api.base_url.host}:{api.base_url.port}") as client,
    ):
        said = page(client, "RaincastObservationsOld")
    assert "RaincastNoForecast" in said
    assert "The loop has told of: silent" in said
    assert "<tr><th>Case</th><td>B</td></tr>" in said
    assert "<tr><th>New rows</th><td>7</td></tr>" in said
    assert "<tr><td>recall</td><td>1.000</td>" in said
    assert "<td><strong>fails</strong></td>" in said
    assert "error executing template" not in said


def test_before_anything_was_seen_it_says_so(tmp_path: Path) -> None:
    with prometheus(tmp_path / "prometheus", f"127.0.0.1:{free_port()}") as client:
        said = page(client, "No step has run.")
    assert "No forecast has its truth yet." in said
    assert "None fires." in said or "RaincastApiDown" in said
