"""The page on replays is what the committed figures make."""

import re
import shutil
from pathlib import Path

import pytest
from matplotlib.image import imread
from typer.testing import CliRunner

from raincast.cli.app import app
from raincast.replay.page import markdown, page
from raincast.store import files

ROOT = Path(__file__).resolve().parents[2]
FIGURES, PAGE = ROOT / "metrics/replay", ROOT / "docs/replay.md"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("page") / "replay.md"
    done = CliRunner().invoke(app, ["replay-page", "--figures", str(FIGURES), "--out", str(out)])
    assert done.exit_code == 0, done.output
    return out


def test_the_committed_page_is_made_by_its_command(made: Path) -> None:
    assert made.read_text("utf-8") == PAGE.read_text("utf-8")


def test_so_are_its_tables_and_none_is_left_over(made: Path) -> None:
    folders = made.with_suffix(""), PAGE.with_suffix("")
    mine, theirs = (
        {p.name: p.read_text("utf-8") for p in folder.glob("*.csv")} for folder in folders
    )
    assert mine == theirs


def test_so_are_its_pictures(made: Path) -> None:
    pictures = sorted(path.name for path in PAGE.with_suffix("").glob("*.png"))
    assert sorted(path.name for path in made.with_suffix("").glob("*.png")) == pictures
    for name in pictures:
        assert f"(replay/{name})" in PAGE.read_text("utf-8")
        assert (
            imread(made.with_suffix("") / name).shape == imread(PAGE.with_suffix("") / name).shape
        )


def test_its_prose_is_wrapped_cleanly() -> None:
    text = PAGE.read_text("utf-8")
    for paragraph in text.split("\n\n"):
        if paragraph[:1] not in "#|!`-" and not paragraph.startswith("```"):
            assert paragraph.strip() == markdown.prose(paragraph).strip()


def test_a_part_without_figures_is_left_out(tmp_path: Path) -> None:
    shutil.copy(FIGURES / "offline.json", tmp_path)
    page.write({"offline": files.read_json(tmp_path / "offline.json")}, tmp_path / "a.md")
    text = (tmp_path / "a.md").read_text("utf-8")
    assert "## Live equals offline" in text
    assert "## The real world" not in text


def test_the_decision_page_has_the_figures_of_the_files() -> None:
    # Tables are padded, so that they can be read as text.
    page = re.sub(" +", " ", (ROOT / "docs/decisions/0005-decision-rule.md").read_text("utf-8"))
    worlds = files.read_json(FIGURES / "climates.json")["worlds"]
    spec, interval = (worlds["stationary"][rule] for rule in ("specification", "interval"))
    rates = (
        f"{f['triggers_per_year']:.1f} ± {f['triggers_per_year_error']:.1f}"
        for f in (spec, interval)
    )
    assert f"{spec['replays']} replays of 90 days | {' | '.join(rates)} |" in page
    assert f"| {spec['seen_share']:.0%} | {interval['seen_share']:.0%} |".replace("%", " %") in page
    for name, title in (("pays_real", "2023-10 to 2024-12"), ("pays_past", "2013-01 to 2017-06")):
        found = files.read_json(FIGURES / f"{name}.json")
        rules = ("specification", "interval")
        done = (found["policies"][rule]["actions"] for rule in rules)
        ended = (f"{one.get('promote', 0)} / {one.get('refuse', 0)}" for one in done)
        briers = (f"{1000 * found['against_first'][rule]['brier'][0]:+.2f}" for rule in rules)
        assert f"| promoted / refused, {title} | {' | '.join(ended)} |" in page
        assert f"| Brier score less that of never × 1000, {title} | {' | '.join(briers)} |" in page
