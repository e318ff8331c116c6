"""What cannot be meant ends in one line that names it: dates reversed, a root or a path that is
none, a disk that is full.
"""

import os
import runpy
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from raincast.console import require_order
from raincast.errors import BadFile, BadInput
from raincast.store import files
from tests import commands

SEARCHES = sorted((Path(__file__).resolve().parents[2] / "optimisations").rglob("*.py"))
REVERSED = ["--start", "2024-10-01", "--end", "2023-10-01"]


def run(*words: object, root: Path) -> subprocess.CompletedProcess[str]:
    environment = {"PROJECT_ROOT": str(root), "PATH": "/usr/bin:/bin", "OMP_NUM_THREADS": "1"}
    return commands.command([*map(str, words)], environment)


def one_line(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 2, done.stderr
    lines = done.stderr.strip().splitlines()
    assert "Traceback" not in done.stderr
    assert len(lines) == 1, lines
    return lines[0]


@pytest.mark.parametrize("command", ["evaluate", "hindcast", "simulate"])
def test_dates_the_wrong_way_round(tmp_path, command):
    said = one_line(run(command, *REVERSED, "--out", tmp_path / "out", root=tmp_path))
    assert "--end: found 2023-10-01, expected a day from --start on, 2024-10-01" in said
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        ("2024-10-01", "9999-12-31", "--end: found 9999-12-31, expected a day of the years 1900"),
        ("0001-01-01", "2024-10-01", "--start: found 0001-01-01, expected a day of the years"),
    ],
)
def test_days_of_no_calendar_in_use(start, end, said):
    with pytest.raises(BadInput, match=said):
        require_order(datetime.fromisoformat(start), datetime.fromisoformat(end))


@pytest.mark.parametrize("script", SEARCHES, ids=lambda script: script.stem)
def test_a_search_in_a_root_that_is_a_file(tmp_path, monkeypatch, capsys, script):
    (tmp_path / "file").touch()
    monkeypatch.setenv("PROJECT_ROOT", str(tmp_path / "file"))
    monkeypatch.setattr(sys, "argv", [script.name])
    with pytest.raises(SystemExit) as ended:
        runpy.run_path(str(script), run_name="__main__")
    assert ended.value.code == 2
    assert "which is a file, expected a folder" in capsys.readouterr().err


def test_a_pipe_is_not_replaced_by_a_file(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(BadFile, match="found 'a device or a pipe', expected a file"):
        files.write_text(pipe, "text")
    assert [path for path in tmp_path.iterdir() if path.is_fifo()] == [pipe]


@pytest.mark.parametrize("below", ["", "deeper"])
@pytest.mark.parametrize("words", [["ingest", "."], ["stations", "check"], ["doctor"]])
def test_a_root_that_is_a_file(tmp_path, words, below):
    root = tmp_path / "root"
    root.write_text("a file")
    said = one_line(run(*words, root=root / below))
    assert f"PROJECT_ROOT: found {root}, which is a file, expected a folder" in said


@pytest.mark.slow
def test_an_output_below_a_file_or_onto_a_folder_leaves_nothing_behind(tmp_path):
    (tmp_path / "file").write_text("a file")
    short = ["--start", "2024-01-01", "--end", "2024-01-03"]
    said = one_line(run("simulate", *short, "--out", tmp_path / "file/out", root=tmp_path))
    assert "file" in said
    (tmp_path / "out/weatherAUS.csv").mkdir(parents=True)
    one_line(run("simulate", *short, "--out", tmp_path / "out", root=tmp_path))
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["weatherAUS.csv"]


def test_a_full_disk(tmp_path):
    """No file may grow beyond a kilobyte: the write fails in the middle."""
    limited = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1024, 1024));"
        "from raincast.cli import main; main()"
    )
    words = ["simulate", "--start", "2024-01-01", "--end", "2024-01-03", "--out", str(tmp_path)]
    environment = {"PROJECT_ROOT": str(tmp_path), "PATH": "/usr/bin:/bin"}
    environment["PYTHONDONTWRITEBYTECODE"] = (
        "1"  # it would be cut short, and break what comes after
    )
    done = subprocess.run(
        [sys.executable, "-c", limited, *words], capture_output=True, text=True, env=environment
    )
    assert "File too large" in one_line(done)
    assert list(tmp_path.iterdir()) == [], "no .part is left"
