"""A file is written whole or stays as it was."""

import os
from pathlib import Path

import pandas as pd
import pytest

from raincast.errors import BadFile
from raincast.store import files


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a folder" / "told.json"


def half_written(part: Path) -> None:
    part.write_text("half")
    raise OSError(28, "no space")


def test_what_is_written_is_there_and_nothing_beside_it(path: Path) -> None:
    files.write_json(path, {"recall": None, "n": 3})
    assert files.read_json(path) == {"recall": None, "n": 3}
    assert path.read_text("utf-8").endswith("}\n")
    assert [one.name for one in path.parent.iterdir()] == ["told.json"]
    assert path.stat().st_mode & 0o777 == 0o644


def test_a_write_that_fails_leaves_the_former_content_and_no_part(path: Path) -> None:
    files.write_text(path, "before")
    with pytest.raises(OSError, match="no space"), files.replacing(path) as part:
        half_written(part)
    assert path.read_text("utf-8") == "before"
    assert [one.name for one in path.parent.iterdir()] == ["told.json"]


def test_a_figure_that_is_no_number_is_refused_before_anything_is_written(path: Path) -> None:
    files.write_json(path, {"recall": 0.5})
    with pytest.raises(ValueError, match="JSON compliant"):
        files.write_json(path, {"recall": float("nan")})
    assert files.read_json(path) == {"recall": 0.5}


def test_a_pipe_is_not_taken_from_those_who_read_it(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(BadFile, match="a device or a pipe"):
        files.write_text(pipe, "ours")
    assert pipe.is_fifo()


def test_no_file_is_none_and_one_that_is_no_json_is_refused(path: Path) -> None:
    assert files.read_json(path) is None
    files.write_text(path, '{"recall": 0.')
    with pytest.raises(BadFile, match=str(path)):
        files.read_json(path)
    files.write_text(path, "[" * 100_000)
    with pytest.raises(BadFile, match=str(path)):
        files.read_json(path)


def test_a_table_has_its_columns_and_no_numbers_of_rows(tmp_path: Path) -> None:
    files.write_csv(tmp_path / "told.csv", pd.DataFrame({"a": [1], "b": ["x"]}, index=[7]))
    assert (tmp_path / "told.csv").read_text("utf-8") == "a,b\n1,x\n"


def test_a_stamp_tells_new_content_from_old(path: Path) -> None:
    assert files.stamp(path) is None
    files.write_text(path, "one")
    first = files.stamp(path)
    assert first == files.stamp(path)
    files.write_text(path, "two")
    assert files.stamp(path) != first
