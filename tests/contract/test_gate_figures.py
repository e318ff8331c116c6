"""The page on the gate has the figures of the file that the benchmark wrote."""

import json
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROWS = json.loads((ROOT / "metrics/gate.json").read_text("utf-8"))["gates"]


@pytest.mark.parametrize(
    "row",
    [row for row in ROWS if row["promoted"]],
    ids=lambda row: f"{row['gate']}, {row['challengers']}",
)
def test_the_page_has_its_row(row) -> None:
    low, high = row["promoted_worse_share_95"]
    line = (
        f"| {row['gate']} | {row['challengers']} | {row['promoted']} of {row['seen']}"
        f" | {row['promoted_worse']} of {row['promoted']} ({low:.0%} to {high:.0%}) |"
    )
    page = (ROOT / "docs/gate.md").read_text("utf-8")
    assert line in [" ".join(told.split()) for told in page.splitlines()]
