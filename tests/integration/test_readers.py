"""The Python that the pages for readers show runs as it stands there."""

from pathlib import Path

import pytest

from tests import learned, recipes

PAGES = Path(__file__).resolve().parents[2] / "docs/readers"


def test_the_data_scientists_rows_are_had_as_the_page_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PROJECT_ROOT", str(learned.root(tmp_path).root))
    shown = [
        block.body
        for page in sorted(PAGES.glob("*.md"))
        for block in recipes.blocks(page.read_text("utf-8"))
        if block.language == "python"
    ]
    assert shown
    for body in shown:
        exec(compile(body, "docs/readers", "exec"), {})  # noqa: S102 (our own page)
    rows, _, wet = capsys.readouterr().out.partition(") ")
    assert rows.endswith(", 255")
    assert 0 < float(wet) < 1
