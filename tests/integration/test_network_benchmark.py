"""The benchmark of a network's cost, in small: it runs, and what it writes is whole. How long a
station takes is the machine's affair; that memory follows the stations is not.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
SIZES = ("49", "250")
STEPS = ("features", "slot", "training")


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, dict[str, Any]]:
    """What it printed, and what it wrote."""
    out = tmp_path_factory.mktemp("network") / "network.json"
    done = subprocess.run(
        [sys.executable, "benchmarks/network.py", *SIZES, "--out", str(out)],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout, json.loads(out.read_text("utf-8"))


def test_it_prints_what_it_writes(measured: tuple[str, dict[str, Any]]) -> None:
    printed, written = measured
    lines = [line.split(" ", 2) for line in printed.splitlines()]
    assert [(step, size) for step, size, _ in lines] == [(a, b) for a in STEPS for b in SIZES]
    for step, size, figures in lines:
        assert json.loads(figures).items() <= written[step][size].items()


def test_every_figure_is_above_zero(measured: tuple[str, dict[str, Any]]) -> None:
    for step in STEPS:
        for figures in measured[1][step].values():
            assert min(figures.values()) > 0
    assert measured[1]["training"]["250"]["cpu_seconds_per_million_rows"] > 0
    assert measured[1]["slot"]["on_paper"]["stations"] == 100_000


@pytest.mark.parametrize("step", STEPS)
def test_a_stations_memory_does_not_grow_with_the_network(
    step: str, measured: tuple[str, dict[str, Any]]
) -> None:
    """With a matrix of all stations it would be five times that of the 49."""
    assert measured[1][step]["250"]["memory_to_the_49"] < 1.5
