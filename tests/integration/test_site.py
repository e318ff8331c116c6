"""The documentation: every recipe works word by word, and the site builds without a warning."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests import recipes

ROOT = Path(__file__).resolve().parents[2]
RECIPES = sorted((ROOT / "docs/how-to").glob("*.md"))


@pytest.mark.slow
@pytest.mark.parametrize("page", RECIPES, ids=lambda page: page.stem)
def test_a_recipe_works_word_by_word(page: Path, tmp_path: Path) -> None:
    for name in ("raincast", "scripts", "tests", "docs"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    for path in (*ROOT.glob("docker-compose*.yml"), ROOT / ".env.example", ROOT / "pyproject.toml"):
        shutil.copy(path, tmp_path)
    assert recipes.follow(page, tmp_path) > 1, "a recipe edits a file and runs its tests"


@pytest.mark.slow
def test_the_site_builds_strictly(tmp_path: Path) -> None:
    built = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", tmp_path],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert built.returncode == 0, built.stderr
    page = (tmp_path / "reference/commands/index.html").read_text("utf-8")
    assert "raincast models promote" in page
    # Everything local: no page loads anything from another host.
    loaded = [
        line
        for path in tmp_path.rglob("*.html")
        for line in path.read_text("utf-8").splitlines()
        if ('src="http' in line or 'rel="stylesheet" href="http' in line)
    ]
    assert loaded == []
