"""What the documents say of the API beside a fit is what the benchmark wrote."""

import json
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOUND = json.loads((ROOT / "metrics/beside.json").read_text("utf-8"))["beside"]
PAGE = (ROOT / "docs/operations.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("kind", "said"),
    [("alone", "there is none"), ("stands back", "stands back"), ("does not", "does not")],
)
def test_the_table_is_the_files(kind: str, said: str) -> None:
    found = FOUND[kind]
    figures = f"{found['median_ms']:.1f} ms | {found['p99_ms']:.1f} ms | {found['p99_ratio']:.1f}"
    assert f"| {said} | {figures} |" in PAGE
    assert found["failed"] == 0
