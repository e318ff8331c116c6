"""A fit's room on disk, and what a killed one leaves of it."""

import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from raincast.store import scratch

FIT = """
import sys, time
from pathlib import Path
from raincast.store import scratch
with scratch.folder() as folder:
    (Path(folder) / "trees").write_bytes(b"1")
    print(folder, flush=True)
    time.sleep(600)
"""


@contextmanager
def fitting(home: Path) -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """A process in the middle of a fit, and its folder."""
    words = [sys.executable, "-c", FIT]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env={"TMPDIR": str(home)}) as p:
        assert p.stdout is not None
        yield p, Path(p.stdout.readline().strip())
        p.send_signal(signal.SIGKILL)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_it_is_gone_when_it_is_closed(home: Path) -> None:
    with scratch.folder() as made:
        (Path(made) / "trees").write_bytes(b"1")
    assert list(home.iterdir()) == []


def test_the_next_clears_what_a_killed_one_left_and_no_other(home: Path) -> None:
    (home / "raincast-fit").mkdir()
    with fitting(home) as (_, running):
        with fitting(home) as (_, killed):
            pass
        assert (killed / "trees").exists()
        with scratch.folder() as mine:
            assert not killed.exists()
            assert (running / "trees").exists()
            assert Path(mine).is_dir()
    assert (home / "raincast-fit").exists()
