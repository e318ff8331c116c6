"""What the documents say of unseen stations is what the benchmark wrote."""

import json
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOUND = json.loads((ROOT / "metrics/unseen_stations.json").read_text("utf-8"))
APART = json.loads((ROOT / "metrics/unseen_neighbours.json").read_text("utf-8"))["2015"]["arms"]
ARMS = {
    "known_without_neighbours": "known | none of their region",
    "unseen_with_neighbours": "unseen | all",
    "unseen": "unseen | none of their region",
}
SPANS = {"2015": "2015", "2016": "2016-17"}
PAGE = (ROOT / "docs/scores.md").read_text("utf-8")


@pytest.mark.parametrize("year", SPANS)
@pytest.mark.parametrize("group", ["random", "region"])
def test_the_table_of_unseen_stations_is_the_files(group: str, year: str) -> None:
    for regime, found in FOUND[year][group]["regimes"].items():
        low, high = found["roc_auc_loss_interval"]
        cells = (
            f"{found['roc_auc_known']:.3f} | {found['roc_auc_unseen']:.3f} |"
            f" {found['roc_auc_loss']:.3f} ({low:.3f} to {high:.3f}) | {found['brier_loss']:.4f}"
        )
        lines = [line for line in PAGE.splitlines() if f"| {regime} | {cells} |" in line]
        assert [line.startswith(f"| {SPANS[year]} |") for line in lines] == [True]


@pytest.mark.parametrize("year", SPANS)
def test_every_station_was_withheld_once(year: str) -> None:
    for group in ("random", "region"):
        names = [name for part in FOUND[year][group]["groups"] for name in part]
        assert len(names) == len(set(names)) == 49


@pytest.mark.parametrize("arm", ARMS)
def test_the_table_of_what_an_unknown_region_lacks_is_the_files(arm: str) -> None:
    for regime, found in APART[arm].items():
        low, high = found["roc_auc_loss_interval"]
        assert (
            f"| {ARMS[arm]} | {regime} | {found['roc_auc_unseen']:.3f} |"
            f" {found['roc_auc_loss']:.3f} ({low:.3f} to {high:.3f}) |"
            f" {found['brier_loss']:.4f} |"
        ) in PAGE
