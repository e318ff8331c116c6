"""The benchmarks of memory, in small: they run, what they write is whole, and memory grows with the
work as the documents say.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="needs Linux's /proc"),
]
ROOT = Path(__file__).resolve().parents[2]


def measured(out: Path, *words: str) -> dict[str, Any]:
    """What a benchmark wrote."""
    command = [sys.executable, "-m", *words, "--out", str(out)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(out.read_text("utf-8")))


def test_trees_of_many_rows_take_less_than_half_the_memory_on_disk(tmp_path: Path) -> None:
    parts = ("--parts", "trees", "trees_in_memory")
    written = measured(tmp_path / "fit.json", "benchmarks.fit_memory", "5", *parts)
    found = written["fits"]["5 years"]
    assert 2 * (found["trees_mib"] - found["before_mib"]) < (
        found["trees_in_memory_mib"] - found["before_mib"]
    )


def test_a_score_holds_no_rows_as_a_table(tmp_path: Path) -> None:
    """As one, a row takes more than a thousand bytes."""
    sizes = ("50000", "300000")
    written = measured(tmp_path / "score.json", "benchmarks.journal", *sizes, "--steps", "score")
    few, many = (written[size]["score"]["mib"] for size in sizes)
    assert (many - few) * 2**20 / 250_000 < 300
