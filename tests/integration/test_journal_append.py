"""Appends from several processes lose and tear nothing, and what was acknowledged is there whatever
happens next.
"""

import itertools
import logging
import os
import random
import re
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from fcntl import LOCK_EX, flock
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from raincast.errors import JournalFailed
from raincast.forecasts.reader import header_of
from raincast.forecasts.row import COLUMNS, FIXED, OLDER, Forecast
from raincast.store.journal import Journal
from raincast.store.locks import lock_file
from tests.journals import EIGHT, FORECAST, SEVEN, WHOLE, forecasts

PROCESSES = get_context("forkserver")
PROCESSES.set_forkserver_preload(["raincast.store.journal", "tests.journals"])


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "outputs/preds_api.csv"


def numbered(*numbers: int) -> list[Forecast]:
    return [FORECAST._replace(forecast_id=f"{i:032x}") for i in numbers]


def ids(path: Path) -> list[str]:
    reading = Journal(path).examine()
    assert reading.unreadable.empty
    return reading.rows["forecast_id"].tolist()


def _append_and_tell(path: Path, writer: int, count: int, told: Connection) -> None:
    journal = Journal(path)
    for i in range(count):
        journal.append([FORECAST._replace(forecast_id=f"{writer:08x}{i:024x}")])
        told.send(f"{writer:08x}{i:024x}")


def _start(target: Callable[..., None], *args: Any) -> BaseProcess:
    process = PROCESSES.Process(target=target, args=args)
    process.start()
    return process


def _start_writer(path: Path, writer: int, count: int) -> tuple[BaseProcess, Connection]:
    hears, tells = PROCESSES.Pipe(duplex=False)
    process = _start(_append_and_tell, path, writer, count, tells)
    tells.close()
    return process, hears


def _heard(hears: Connection) -> set[str]:
    """Everything that was acknowledged before the writer ended."""
    told = set()
    with suppress(EOFError):
        while True:
            told.add(hears.recv())
    return told


def test_the_first_append_makes_folder_file_and_header(path: Path):
    Journal(path).append(numbered(1, 2))
    assert header_of(path.read_bytes().splitlines()[0]) == COLUMNS
    assert ids(path) == [f.forecast_id for f in numbered(1, 2)]


def test_no_journal_is_no_rows(path: Path):
    assert list(Journal(path).read().columns) == list(COLUMNS)
    assert len(Journal(path).read()) == 0


def test_reading_needs_no_right_to_write(path: Path):
    Journal(path).append(numbered(1))
    path.parent.chmod(0o500)
    assert len(Journal(path).read()) == 1


def test_unreadable_rows_are_told_once_and_the_others_read(
    path: Path, caplog: pytest.LogCaptureFixture
):
    path.parent.mkdir()
    path.write_text(
        "\n".join([",".join(FIXED), EIGHT, EIGHT.replace("Cairns", "Gotham"), "torn"]) + "\n"
    )
    with caplog.at_level(logging.WARNING):
        assert len(Journal(path).read()) == 1
    assert "2 rows left out; line 3, location: found 'Gotham'" in caplog.text


@pytest.mark.parametrize(("header", "row"), [(OLDER, SEVEN), (FIXED, EIGHT)])
def test_an_older_journal_is_migrated_whole_before_the_first_append(
    path: Path, header: tuple[str, ...], row: str
):
    path.parent.mkdir()
    path.write_text("\n".join([",".join(header), row, row, "torn,line"]))
    before = Journal(path).examine()
    Journal(path).append(numbered(1))
    after = Journal(path).examine()
    assert header_of(path.read_bytes().splitlines()[0]) == COLUMNS
    assert after.rows.iloc[:2].equals(before.rows)
    assert after.rows["forecast_id"].iloc[2] == f"{1:032x}"
    assert list(after.unreadable) == list(before.unreadable) != []


@pytest.mark.parametrize("tail", [WHOLE[:-7], WHOLE[:40], EIGHT, '2026-02-18,"Adel'])
def test_what_a_crash_or_a_hand_left_without_line_end_does_not_swallow_the_next_row(
    path: Path, tail: str
):
    Journal(path).append(numbered(1))
    with path.open("a") as file:
        file.write(tail)
    Journal(path).append(numbered(2))
    assert {f"{1:032x}", f"{2:032x}"} <= set(Journal(path).examine().rows["forecast_id"].dropna())


@pytest.mark.parametrize("start", [b"", b"\n", b"\xef\xbb\xbf" + ",".join(COLUMNS).encode()])
def test_an_empty_or_odd_beginning_gets_its_header(path: Path, start: bytes):
    path.parent.mkdir()
    path.write_bytes(start)
    Journal(path).append(numbered(1))
    assert ids(path) == [f"{1:032x}"]


def test_columns_of_others_stay_and_ours_are_filled(path: Path):
    path.parent.mkdir()
    path.write_text(",".join((*FIXED, "note")) + "\n" + EIGHT + ",fine\n")
    journal = Journal(path)
    journal.append(numbered(1))
    journal.append(numbered(2))
    text = path.read_text().splitlines()
    assert text[0] == ",".join((*COLUMNS, "note"))
    assert [line.rsplit(",", 1)[1] for line in text[1:]] == ["fine", "", ""]
    assert ids(path)[1:] == [f"{1:032x}", f"{2:032x}"]


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
        processes = [_start(_append, path, rows, sizes) for rows in writers]
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
        writers = [_start_writer(path, 2 * round_ + i, 1_000) for i in range(2)]
        acknowledged |= {hears.recv() for _, hears in writers}
        time.sleep(chance.random() / 10)
        for process, _ in writers:
            process.kill()
        acknowledged |= set.union(*(_heard(hears) for _, hears in writers))
    assert len(acknowledged) > 10
    assert acknowledged <= set(Journal(path).examine().rows["forecast_id"])


def test_readers_never_see_half_a_row(path: Path):
    process, hears = _start_writer(path, 1, 200)
    seen = []
    while process.is_alive():
        seen.append(len(ids(path)))
    assert seen == sorted(seen)
    assert set(ids(path)) == _heard(hears)
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


def test_a_header_that_a_person_lengthened_meanwhile_is_kept_to(path: Path):
    journal = Journal(path)
    journal.append(numbered(1))
    header, row = path.read_text().splitlines()
    path.write_text(f"{header},note\n{row},mine\n")
    journal.append(numbered(2))
    assert path.read_text().splitlines()[2].count(",") == header.count(",") + 1
    assert ids(path) == [f"{1:032x}", f"{2:032x}"]


def _append_on_a_full_disk(path: Path) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + 100,) * 2)
    with pytest.raises(JournalFailed, match=re.escape(str(path))):
        Journal(path).append(numbered(2, 3))


def test_a_full_disk_fails_the_append_and_leaves_no_part_of_it(path: Path):
    Journal(path).append(numbered(1))
    process = _start(_append_on_a_full_disk, path)
    process.join()
    assert process.exitcode == 0
    assert ids(path) == [f"{1:032x}"]


def test_a_journal_that_cannot_be_made_is_an_error_that_names_it(tmp_path: Path):
    (tmp_path / "outputs").write_text("a file where the folder should be")
    with pytest.raises(JournalFailed, match=r"preds_api\.csv"):
        Journal(tmp_path / "outputs/preds_api.csv").append(numbered(1))


def test_a_lock_that_is_never_given_back_fails_the_append_in_time(path: Path):
    Journal(path).append(numbered(1))
    with (path.parent / ".preds_api.csv.lock").open() as lock:
        flock(lock, LOCK_EX)
        began = time.monotonic()
        with pytest.raises(JournalFailed, match=r"preds_api\.csv"):
            Journal(path, patience_seconds=0.1).append(numbered(2))
        assert time.monotonic() - began < 5
    assert ids(path) == [f"{1:032x}"]


def test_a_journal_that_somebody_replaced_is_appended_to_where_it_is_now(path: Path):
    journal = Journal(path)
    journal.append(numbered(1))
    other = path.with_name("edited.csv")
    other.write_text(",".join(FIXED) + "\n" + EIGHT + "\n")
    other.replace(path)
    journal.append(numbered(2))
    assert Journal(path).examine().rows["location"].tolist() == ["Cairns", "AliceSprings"]
