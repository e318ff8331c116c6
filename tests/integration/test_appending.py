"""A file to which whole calls are appended: what a killed writer left is set aside, never lost."""

import os
from pathlib import Path

import pytest

from raincast.store import appending, journal_file
from raincast.store.locks import locked

FIRST, CALL = b"a,1\n", b"b,2\nc,3\n"


def is_row(line: bytes) -> bool:
    return line.count(b",") == 1 and line[-1:].isdigit()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "kept.csv"
    made.write_bytes(FIRST)
    return made


def killed_after(path: Path, written: int) -> None:
    """A writer's mark, and as many bytes of its call as it came to."""
    with locked(path) as lock:
        found = path.stat()
        mark = f"{found.st_ino} {found.st_size} {len(CALL)}".encode()
        os.pwrite(lock, mark.ljust(64), 0)
    with path.open("ab") as file:
        file.write(CALL[:written])


@pytest.mark.parametrize("written", range(len(CALL)))
def test_half_a_call_counts_for_no_reader_and_is_set_aside(path: Path, written: int) -> None:
    killed_after(path, written)
    assert journal_file.snapshot(path) == FIRST
    with path.open("rb") as file:
        assert journal_file.settled_size(path, file) == len(FIRST)
    with locked(path) as lock:
        appending.settle(path, lock)
        appending.settle(path, lock)  # a crash repeats it
    assert path.read_bytes() == FIRST
    torn = appending.torn_file(path)
    left = torn.read_bytes() if torn.exists() else b""
    assert left.rstrip(b"\n") == CALL[:written].rstrip(b"\n")


def test_a_whole_call_counts_though_its_writer_could_not_say_so(path: Path) -> None:
    killed_after(path, len(CALL))
    with locked(path) as lock:
        appending.settle(path, lock)
    assert path.read_bytes() == FIRST + CALL
    assert not appending.torn_file(path).exists()


def test_a_mark_of_a_file_that_was_replaced_says_nothing(path: Path) -> None:
    killed_after(path, 2)
    other = path.with_name("other.csv")
    other.write_bytes(FIRST + CALL[:4])
    other.replace(path)
    with locked(path) as lock:
        appending.settle(path, lock)
    assert path.read_bytes() == FIRST + CALL[:4]


def test_what_is_not_there_needs_no_settling(tmp_path: Path) -> None:
    with locked(tmp_path / "none.csv") as lock:
        appending.settle(tmp_path / "none.csv", lock)
    assert not (tmp_path / "none.csv").exists()


@pytest.mark.parametrize(
    ("end", "kept", "torn"),
    [
        (b"", FIRST, b""),
        (b"b,2", FIRST + b"b,2\n", b""),
        (b"b,", FIRST, b"b,\n"),
        (b"b", FIRST, b"b\n"),
    ],
)
def test_a_last_line_without_end_is_a_row_or_is_set_aside(
    path: Path, end: bytes, kept: bytes, torn: bytes
) -> None:
    with path.open("ab") as file:
        file.write(end)
    for _ in range(2):
        appending.mend_end(path, is_row)
        assert path.read_bytes() == kept
    there = appending.torn_file(path)
    assert (there.read_bytes() if there.exists() else b"") == torn


def test_a_copy_is_named_by_what_is_in_it(path: Path) -> None:
    journal_file.keep_copy(path, FIRST)
    journal_file.keep_copy(path, FIRST)
    journal_file.keep_copy(path, CALL)
    copies = sorted(path.parent.glob("kept.before-*.csv"))
    assert {copy.read_bytes() for copy in copies} == {FIRST, CALL}
    assert len(copies) == 2
    assert path.read_bytes() == FIRST
