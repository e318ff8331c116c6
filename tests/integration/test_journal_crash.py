"""What was acknowledged is in the journal, whatever happens next."""

import itertools
import os
import random
import re
import resource
import sys
import tempfile
import time
from fcntl import LOCK_EX, flock
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from raincast.errors import JournalFailed
from raincast.forecasts.row import COLUMNS, OLDER, Forecast
from raincast.store.journal import Journal
from raincast.store.locks import lock_file
from tests.journals import SEVEN, WHOLE, forecasts
from tests.writers import begun, heard, ids, numbered, start_writer


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "outputs/preds_api.csv"


def _append(path: Path, rows: list[Forecast], sizes: list[int]) -> None:
    journal, rest = Journal(path), iter(rows)
    for size in sizes:
        journal.append(list(itertools.islice(rest, size)))
    journal.append(list(rest))


@settings(max_examples=8)
@given(
    st.lists(st.lists(forecasts(), max_size=6), min_size=2, max_size=3),
    st.lists(st.integers(0, 3), max_size=4),
    st.sampled_from(["", ",".join(OLDER) + "\n" + SEVEN, ",".join(COLUMNS) + "\n" + WHOLE[:30]]),
)
@pytest.mark.slow
def test_any_appends_by_several_processes_are_the_set_of_their_rows(
    writers: Any, sizes: list[int], start: str
):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "preds_api.csv"
        path.write_text(start)
        before = len(Journal(path).examine().rows)
        processes = [begun(_append, path, rows, sizes) for rows in writers]
        for process in processes:
            process.join()
        found = Journal(path).examine().rows
        assert len(found) == before + sum(map(len, writers))
        assert set(found["forecast_id"].dropna()) == {
            f.forecast_id for rows in writers for f in rows
        }


@pytest.mark.slow
def test_killed_in_the_middle_of_appending_every_acknowledged_row_is_there(path: Path):
    chance = random.Random(7)
    acknowledged: set[str] = set()
    for round_ in range(5):
        writers = [start_writer(path, 2 * round_ + i, 1_000) for i in range(2)]
        acknowledged |= {hears.recv() for _, hears in writers}
        time.sleep(chance.random() / 10)
        for process, _ in writers:
            process.kill()
        acknowledged |= set.union(*(heard(hears) for _, hears in writers))
    assert len(acknowledged) > 10
    assert acknowledged <= set(Journal(path).examine().rows["forecast_id"])


def test_readers_never_see_half_a_row(path: Path):
    process, hears = start_writer(path, 1, 200)
    seen = []
    while process.is_alive():
        seen.append(len(ids(path)))
    assert seen == sorted(seen)
    assert set(ids(path)) == heard(hears)
    assert len(ids(path)) == 200


def test_the_rows_are_on_disk_and_the_folders_too_before_append_returns(path: Path):
    calls: list[str] = []

    def note(frame: FrameType, event: str, called: Any) -> None:
        if event == "c_call" and called in (os.write, os.fdatasync, os.fsync, os.replace):
            calls.append(called.__name__)

    journal = Journal(path)
    for _ in range(2):
        sys.setprofile(note)
        journal.append(numbered(1))
        sys.setprofile(None)
        calls.append("returned")
    first, second = " ".join(calls).split(" returned")[:2]
    assert first == "fsync replace fsync write fdatasync fsync fsync"
    assert second == " write fdatasync"


def test_the_mark_of_a_call_of_many_rows_is_on_disk_before_them(path: Path):
    calls: list[str] = []

    def note(frame: FrameType, event: str, called: Any) -> None:
        if event == "c_call" and called in (os.pwrite, os.write, os.fdatasync):
            calls.append(called.__name__)

    journal = Journal(path)
    journal.append(numbered(1))
    sys.setprofile(note)
    journal.append(numbered(2, 3))
    sys.setprofile(None)
    marked, rows, wiped = "pwrite fdatasync", "write fdatasync", "pwrite"
    assert " ".join(calls) == f"{marked} {rows} {wiped}"


def test_a_mark_of_a_writer_that_was_killed_before_it_wrote_hides_no_row(path: Path):
    journal = Journal(path)
    journal.append(numbered(1))
    left = path.stat()
    lock_file(path).write_text(f"{left.st_ino} {left.st_size} 100000")
    journal.append(numbered(2))
    assert ids(path) == [f"{1:032x}", f"{2:032x}"]


def _append_on_a_full_disk(path: Path) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + 100,) * 2)
    with pytest.raises(JournalFailed, match=re.escape(str(path))):
        Journal(path).append(numbered(2, 3))


def test_a_full_disk_fails_the_append_and_leaves_no_part_of_it(path: Path):
    Journal(path).append(numbered(1))
    process = begun(_append_on_a_full_disk, path)
    process.join()
    assert process.exitcode == 0
    assert ids(path) == [f"{1:032x}"]


def test_a_lock_that_is_never_given_back_fails_the_append_in_time(path: Path):
    Journal(path).append(numbered(1))
    with (path.parent / ".preds_api.csv.lock").open() as lock:
        flock(lock, LOCK_EX)
        began = time.monotonic()
        with pytest.raises(JournalFailed, match=r"preds_api\.csv"):
            Journal(path, patience_seconds=0.1).append(numbered(2))
        assert time.monotonic() - began < 5
    assert ids(path) == [f"{1:032x}"]
