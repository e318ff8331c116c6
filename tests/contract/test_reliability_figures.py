"""What decision 7 and the scores say of the worst bins is what was written."""

import json
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOUND = json.loads((ROOT / "metrics/reliability.json").read_text("utf-8"))["regimes"]
TESTED = json.loads((ROOT / "metrics/eval.json").read_text("utf-8"))["regimes"]
SCORES = (ROOT / "docs/scores.md").read_text("utf-8")
PAGE = (ROOT / "docs/decisions/0007-calibration.md").read_text("utf-8")


def worst(bins: list[dict[str, float]]) -> float:
    return max(abs(b["mean_forecast"] - b["observed"]) for b in bins if b["n"] >= 200)


@pytest.mark.parametrize("regime", FOUND)
def test_the_table_is_the_files(regime: str) -> None:
    found, tested = FOUND[regime], TESTED[regime]["reliability"]
    assert (
        f"| {regime} | {found['median']:.3f} | {found['nineteen_in_twenty_below']:.3f} |"
        f" {100 * found['within_the_bar']:.0f} % | {worst(tested):.3f} |"
    ) in PAGE


def test_how_far_apart_chance_and_frequency_of_amounts_lie_is_the_files() -> None:
    found = [f["amounts"]["amounts"] for f in TESTED.values()]
    apart = {a: max(worst(of[a]["reliability"]) for of in found) for a in found[0]}
    said = "at most {:.3f} apart for 0.2 mm, {:.3f} for 10 mm and {:.3f} for 25 mm."
    assert said.format(apart["0.2"], apart["10"], apart["25"]) in SCORES
    assert all(one["brier_difference_interval"][1] < 0 for of in found for one in of.values())
