"""What the documents rest on is in the repository: figures that a command wrote."""

import json
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NAMED = sorted((ROOT / "benchmarks").glob("*.py"), key=lambda path: path.name) + sorted(
    (ROOT / "docs/decisions").glob("*.md")
)
OF_A_ROOT = {"metrics/train.json"}
"""What the loop writes into the root that it serves."""


@pytest.mark.parametrize("path", NAMED, ids=lambda path: path.stem)
def test_the_figures_that_it_names_are_kept(path: Path) -> None:
    kept = subprocess.run(
        ["git", "ls-files", "metrics"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.split()
    named = set(re.findall(r"metrics/[\w/]+\.json", path.read_text("utf-8"))) - OF_A_ROOT
    assert named <= set(kept)


def test_the_watchs_false_alarms_beside_a_past_are_the_files() -> None:
    found = {
        one["past"]: f"{one['a_year']:.2f} ± {one['error']:.2f}"
        for one in json.loads((ROOT / "metrics/watch_years.json").read_text("utf-8"))
    }
    page = " ".join((ROOT / "docs/watch.md").read_text("utf-8").split())
    assert f"alarmed {found['nine years']} times beside nine years" in page
    assert f"{found['six years, three stations of ten months']} beside six" in page
    assert f"and {found['three years']} beside three" in page
