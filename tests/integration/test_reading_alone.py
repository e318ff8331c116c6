"""Who may only read can hindcast; a root that is new is said to be; a demonstration's API."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from raincast.cli.demo_api import wait
from raincast.errors import ServerUnavailable

# The administrator may write anywhere; these are the capabilities by which.
UNPRIVILEGED = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"]
DAY = ["--start", "2024-05-10", "--end", "2024-05-12"]


def run(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    before = UNPRIVILEGED if os.geteuid() == 0 else []
    return subprocess.run(
        [*before, sys.executable, "-m", "raincast", *words],
        capture_output=True,
        text=True,
        env=os.environ | {"PROJECT_ROOT": str(root)},
        check=False,
    )


@pytest.fixture
def fixed(root: Path) -> Iterator[Path]:
    """The root, in which nobody may write."""
    everything = [root, *root.rglob("*")]
    for path in everything:
        path.chmod(0o555 if path.is_dir() else 0o444)
    yield root
    for path in everything:
        path.chmod(0o755 if path.is_dir() else 0o644)


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("setpriv"), reason="no setpriv")
def test_a_hindcast_needs_no_right_to_write(fixed: Path, tmp_path: Path):
    before = sorted(path.name for path in fixed.rglob("*"))
    out = tmp_path / "out.csv"
    done = run(fixed, "hindcast", *DAY, "--out", str(out))
    assert done.returncode == 0, done.stderr
    assert len(pd.read_csv(out)) > 100
    assert sorted(path.name for path in fixed.rglob("*")) == before
    refused = run(fixed, "simulate", *DAY, "--out", str(fixed / "data"))
    assert refused.returncode == 2, "the right is really missing"


@pytest.mark.slow
def test_a_root_that_is_new_is_said_to_be(tmp_path: Path):
    said = run(tmp_path / "mispelt", "score")
    assert f"{tmp_path / 'mispelt'} is new; is it spelt right?" in said.stderr
    known = run(tmp_path, "score")
    assert "is new" not in known.stderr
    assert "recall_live -, " in known.stdout


def test_a_backup_is_restored_into_a_new_root_without_a_question(tmp_path: Path):
    lived, file = tmp_path / "lived", tmp_path / "backup.tar.gz"
    (lived / "metrics").mkdir(parents=True)
    (lived / "metrics" / "runs.jsonl").write_text("{}\n")
    assert run(lived, "backup", str(file)).returncode == 0
    back = run(tmp_path / "back", "restore", str(file))
    assert (back.returncode, back.stderr) == (0, "")
    assert (tmp_path / "back" / "metrics" / "runs.jsonl").read_text() == "{}\n"


def test_an_api_that_dies_is_not_waited_for_and_its_last_words_are_told(tmp_path: Path):
    words = tmp_path / "log"
    dying = "import sys; sys.exit('no model: nothing to serve')"
    with words.open("wb") as log:
        server = subprocess.Popen([sys.executable, "-c", dying], stderr=log)
        with pytest.raises(ServerUnavailable, match="ended with 1: no model: nothing to serve"):
            wait("http://127.0.0.1:9/health", server, words)
