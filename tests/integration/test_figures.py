"""`/metrics` says what the files say, the same from every worker, and nothing that a stranger must
not know.
"""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from raincast.decisions.alarms import Alarm, Alarms
from raincast.loop import monitor, steps
from raincast.serving.app import create_app
from raincast.serving.figures import Figures
from raincast.settings import Settings
from raincast.store import files
from tests import served
from tests.journals import FORECAST
from tests.observed import archive, day, forecast, write_journal

ROOT = Path(__file__).resolve().parents[2]
TOKEN = "a token of the tests"
NOW = datetime(2024, 11, 10, 7, tzinfo=UTC)

Values = dict[tuple[str, tuple[str, ...]], float]


def parsed(text: str) -> Values:
    """Every sample by its name and the values of its labels."""
    return {
        (sample.name.removeprefix("raincast_"), tuple(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def of(settings: Settings) -> Values:
    return parsed(Figures(settings).text().decode())


@pytest.fixture
def lived(tmp_path: Path) -> Settings:
    """A root with observations, forecasts, scores, steps that ended well and badly, a trouble."""
    settings = Settings(root=tmp_path)
    archive(settings, {("Cairns", i): 5.0 * (i % 2) for i in range(9)})
    made = [forecast("Cairns", i, 0.9 * ((i + 1) % 2)) for i in range(8)]
    write_journal(settings.journal, made)
    monitor.score(settings)
    steps.ended(settings, NOW, "predict", well=True)
    steps.ended(settings, NOW + timedelta(hours=12), "predict", well=False)
    steps.ended(settings, NOW, "decide", well=True, case="B", new_rows=7)
    alarm = Alarm(title="Stations are silent", found="Perth", since=NOW)
    files.write_json(settings.alarms, Alarms(alarms={"silent:Perth": alarm}).to_json())
    return settings


def test_the_files_of_a_root_become_figures(lived: Settings) -> None:
    found = of(lived)
    assert found["step_success_seconds", ("predict",)] == NOW.timestamp()
    assert found["step_failing", ("predict",)] == 1
    assert found["step_failing", ("decide",)] == 0
    assert found["new_rows", ()] == 7
    assert (found["case", ("B",)], found["case", ("C",)]) == (1, 0)
    assert found["live_score", ("recall",)] == 1
    assert found["scored_rows", ()] == 8
    end_of_newest = datetime.combine(day(9), datetime.min.time(), UTC)
    assert found["newest_observation_seconds", ()] == end_of_newest.timestamp()
    assert found["journal_written_seconds", ()] == pytest.approx(lived.journal.stat().st_mtime)
    assert found["troubles", ("silent",)] == 1
    assert found["unreadable", ("live",)] == 0


def test_a_file_that_is_spoilt_costs_its_own_figures_and_is_counted(lived: Settings) -> None:
    lived.live_eval.write_text("{")
    found = of(lived)
    assert found["unreadable", ("live",)] == 1
    assert ("live_score", ("recall",)) not in found
    assert found["new_rows", ()] == 7


def test_an_empty_root_has_figures_and_stays_empty(tmp_path: Path) -> None:
    found = of(Settings(root=tmp_path))
    assert found["disk_free_bytes", ()] > 0
    assert list(tmp_path.iterdir()) == []


def test_forecasts_are_counted_by_regime_with_what_was_missing(tmp_path: Path) -> None:
    figures = Figures(Settings(root=tmp_path))
    made = FORECAST._replace(regime="9am", missing=("Rainfall", "MinTemp"))
    figures.forecasts([made, made._replace(missing=())])
    found = parsed(figures.text().decode())
    assert found["forecasts_total", ("9am",)] == 2
    assert found["missing_inputs_total", ("9am",)] == 2


def test_requests_are_counted_by_route_and_a_stranger_sees_no_secret_and_no_path(
    lived: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("API_KEY", TOKEN)
    monkeypatch.setenv("ALERT_URLS", "json://nobody:hidden@127.0.0.1:9")
    with served.listening(create_app(lived, lambda: NOW), "a wrong token") as api:
        api.get("/health")
        api.post("/predict", json={})
        for i in range(5):
            api.get(f"/secret-{i}")
        answer = api.get("/metrics", headers={"Authorization": ""})
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    found = parsed(answer.text)
    assert found["requests_total", ("GET", "/health", "200")] == 1
    assert found["requests_total", ("POST", "/predict", "401")] == 1
    assert found["requests_total", ("any", "other", "404")] == 5
    assert found["request_seconds_count", ("/health",)] == 1
    for secret in (TOKEN, "hidden", "secret-", str(lived.root)):
        assert secret not in answer.text


WORKER = """
import sys
from pathlib import Path
from raincast.serving.figures import Figures
from raincast.settings import Settings
figures = Figures(Settings(root=Path(sys.argv[1])))
figures.request("GET", "/health", 200, 0.1)
print("counted", flush=True)
sys.stdin.readline()
sys.stdout.write(figures.text().decode())
"""


@pytest.mark.slow
def test_two_workers_count_together(lived: Settings, tmp_path: Path) -> None:
    shared = tmp_path / "counters"
    shared.mkdir()
    environment = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(shared)}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    words = [sys.executable, "-c", WORKER, str(lived.root)]
    workers = [subprocess.Popen(words, env=environment, cwd=ROOT, **pipes) for _ in range(2)]
    for worker in workers:
        assert worker.stdout.readline() == "counted\n"
    texts = [worker.communicate("\n")[0] for worker in workers]
    for found in map(parsed, texts):
        assert found["requests_total", ("GET", "/health", "200")] == 2
        assert found["new_rows", ()] == 7
