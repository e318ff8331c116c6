"""A new gauge in a station's files: taken with a warning, confirmed by one command."""

import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from raincast.cli.app import app
from tests.dwo_files import ALBURY, PREAMBLE, written


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PROJECT_ROOT", str(tmp_path / "root"))
    (tmp_path / "root").mkdir()
    return tmp_path / "root"


def run(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


@pytest.fixture
def moved(tmp_path: Path) -> Path:
    path = tmp_path / f"{ALBURY}.csv"
    path.write_bytes(written(tuple(line.replace("072160", "072999") for line in PREAMBLE)))
    return path


def test_the_warning_names_the_command_and_the_command_ends_it(root: Path, moved: Path):
    first = run("ingest", str(moved))
    assert first.exit_code == 0
    assert "the site may have moved" in first.stderr
    words = first.stderr.split("`raincast ")[1].split("`")[0].split()
    assert words == ["stations", "confirm", "Albury", "072999"]
    assert run(*words).exit_code == 0
    table = tomllib.loads((root / "stations.toml").read_text())
    assert table["Albury"]["gauges"] == ["072160", "072999"]
    assert len(table) == 49
    again = run("ingest", str(moved))
    assert again.exit_code == 0
    assert "moved" not in again.stderr
    assert run("stations", "check").exit_code == 0


def test_comments_and_other_entries_stay(root: Path):
    (root / "stations.toml").write_text(
        "# ours\n[Home]\nposition = [-33.0, 150.0]\ntime_zone = 'Australia/Sydney' # east\n\n"
        "[Town]\ngauges = [\n  '012345', # old\n]\nposition = [-34.0, 150.0]\n"
        "time_zone = 'Australia/Sydney'\n"
    )
    assert run("stations", "confirm", "home", "77").exit_code == 0
    assert run("stations", "confirm", "town", "88").exit_code == 0
    text = (root / "stations.toml").read_text()
    assert "# ours" in text
    assert "# east" in text
    table = tomllib.loads(text)
    assert table["Home"]["gauges"] == ["000077"]
    assert table["Town"]["gauges"] == ["012345", "000088"]


@pytest.mark.parametrize(
    ("gauge", "said"), [("066037", "found it at Sydney"), ("x1", "six digits")]
)
def test_a_gauge_of_another_station_or_none_at_all_is_refused(root: Path, gauge: str, said: str):
    refused = run("stations", "confirm", "Albury", gauge)
    assert said in str(refused.exception)
    assert not (root / "stations.toml").exists()
