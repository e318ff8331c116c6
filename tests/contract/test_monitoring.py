"""Alert rules and the dashboard ask for figures that there are, and Prometheus takes them."""

import json
import re
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from raincast.loop.alerts import TITLES
from raincast.serving.figures import Figures
from raincast.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
PROMETHEUS = ROOT / "docker/prometheus"
RULES: list[dict[str, Any]] = yaml.safe_load((PROMETHEUS / "rules.yml").read_text())["groups"][0][
    "rules"
]
DASHBOARD = json.loads((ROOT / "docker/grafana/dashboards/raincast.json").read_text())
NOW = datetime(2026, 3, 1, tzinfo=UTC)


def asked(text: str) -> set[str]:
    return set(re.findall(r"raincast_\w+", text))


def given() -> set[str]:
    """Every name that the figures can have: of counters, and of what is read from files."""
    files = ("figures.py", "root_figures.py")
    code = "".join((ROOT / "raincast/serving" / name).read_text("utf-8") for name in files)
    of_files = set(re.findall(r'_(?:gauge|labelled)\(\s*f?"(\w+?)(?:_\{side\})?"', code))
    counters = Figures(Settings(root=ROOT)).text().decode()
    ends = {"live_score_low", "live_score_high"}
    return (
        {f"raincast_{name}" for name in of_files | ends}
        | asked(counters)
        | {
            "raincast_requests_total",
            "raincast_request_seconds_bucket",
            "raincast_forecasts_total",
            "raincast_missing_inputs_total",
        }
    )


def test_rules_dashboard_and_page_ask_for_figures_that_there_are() -> None:
    queries = [rule["expr"] for rule in RULES]
    queries += [t["expr"] for panel in DASHBOARD["panels"] for t in panel["targets"]]
    queries.append((PROMETHEUS / "consoles/raincast.html").read_text("utf-8"))
    assert asked(" ".join(queries)) <= given()


def test_every_rule_says_what_to_do_and_is_in_the_documents() -> None:
    page = (ROOT / "docs/monitoring.md").read_text("utf-8")
    for rule in RULES:
        assert rule["annotations"]["runbook"]
        assert rule["alert"] in page


def test_every_alert_of_the_loop_is_in_the_documents() -> None:
    page = (ROOT / "docs/alerts.md").read_text("utf-8")
    named = {title for title in TITLES.values() if not title.endswith("failed")}
    assert {title for title in named if title not in page} == set()


@pytest.mark.parametrize(
    "words",
    [
        ("check", "config", "prometheus.yml"),
        ("check", "rules", "rules.yml"),
        ("test", "rules", "rules_test.yml"),
    ],
)
def test_prometheus_takes_them(words: tuple[str, ...]) -> None:
    tool = shutil.which("promtool")
    if tool is None:
        pytest.skip("promtool is not there: apt install prometheus")
    done = subprocess.run([tool, *words], cwd=PROMETHEUS, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
