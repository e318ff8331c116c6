"""What decision 7 says of a right forecast's worst bin is what the benchmark wrote."""

import json
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOUND = json.loads((ROOT / "metrics/reliability.json").read_text("utf-8"))["regimes"]
TESTED = json.loads((ROOT / "metrics/eval.json").read_text("utf-8"))["regimes"]
PAGE = (ROOT / "docs/decisions/0007-calibration.md").read_text("utf-8")


@pytest.mark.parametrize("regime", FOUND)
def test_the_table_is_the_files(regime: str) -> None:
    found, bins = FOUND[regime], TESTED[regime]["reliability"]
    worst = max(abs(b["mean_forecast"] - b["observed"]) for b in bins if b["n"] >= 200)
    assert (
        f"| {regime} | {found['median']:.3f} | {found['nineteen_in_twenty_below']:.3f} |"
        f" {100 * found['within_the_bar']:.0f} % | {worst:.3f} |"
    ) in PAGE
