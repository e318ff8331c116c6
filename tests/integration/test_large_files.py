"""Files of a tebibyte: whoever read one before refusing it would run out of memory."""

import os
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from raincast.cli.app import app
from raincast.errors import BadFile
from raincast.mirror import data

TEBIBYTE = 1 << 40
REFUSED = "expected a file of at most 100 MB"


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """It takes no room on the disk."""
    path = tmp_path / "data/raw/weatherAUS.csv"
    path.parent.mkdir(parents=True)
    path.touch()
    try:
        os.truncate(path, TEBIBYTE)
    except OSError as error:
        pytest.skip(f"this disk keeps no file of that size: {error}")
    return path


@pytest.mark.parametrize("words", [["prepare"], ["ingest"], ["merge"], ["demo"]])
def test_a_file_is_refused_by_its_size_alone(
    large: Path, tmp_path: Path, words: list[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("PROJECT_ROOT", str(tmp_path))
    given = [str(large)] if words[0] in ("ingest", "merge") else []
    done = CliRunner().invoke(app, [*words, *given])
    assert done.exit_code != 0
    assert REFUSED in done.stderr or REFUSED in str(done.exception)


def test_the_mirror_refuses_it_too(large: Path):
    with pytest.raises(BadFile, match=REFUSED):
        data.observations(str(large), date(2024, 1, 1), date(2024, 1, 2))
