"""A ledger's line counts once its end is written; locks end, and say who has them."""

import json
import multiprocessing
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raincast.errors import BadFile, Busy
from raincast.store.ledger import Ledger, entries, line
from raincast.store.locks import lock_file, locked

plain = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
entry = st.dictionaries(st.text(max_size=5), plain | st.lists(plain, max_size=3), max_size=4)


@given(st.lists(entry, max_size=5))
def test_what_is_written_is_read_in_its_order(some: list[dict[str, object]]) -> None:
    finite = [one for one in some if "Infinity" not in json.dumps(one)]
    text = "".join(f"{line(one)}\n" for one in finite).encode()
    assert list(entries(text, "a file")) == finite


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_json_cannot_hold_is_refused_and_nothing_is_written(
    tmp_path: Path, value: float
) -> None:
    ledger = Ledger(tmp_path / "ledger.jsonl")
    ledger.append({"a": 1})
    with pytest.raises(ValueError, match="JSON compliant"):
        ledger.append({"a": value})
    assert ledger.read() == [{"a": 1}]


def test_a_torn_last_line_does_not_count_and_the_next_takes_its_place(tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    ledger = Ledger(path)
    assert ledger.read() == []
    ledger.append({"number": 1})
    with path.open("ab") as file:
        file.write(b'{"number": 2')
    assert ledger.read() == [{"number": 1}]
    ledger.append({"number": 3})
    assert path.read_bytes() == b'{"number": 1}\n{"number": 3}\n'


@pytest.mark.parametrize("text", [b"{\n", b"[1]\n", b"null\n", b"\n"])
def test_a_line_that_is_no_object_is_named_by_its_number(tmp_path: Path, text: bytes) -> None:
    path = tmp_path / "ledger.jsonl"
    path.write_bytes(b'{"number": 1}\n' + text)
    with pytest.raises(BadFile, match=r"ledger\.jsonl.*line 2"):
        Ledger(path).read()


def test_whoever_is_alone_makes_the_folder_and_shuts_others_out(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "new/ledger.jsonl", patience_seconds=0)
    with ledger.alone():
        ledger.append({"a": 1})
        with pytest.raises(Busy, match=f"process {os.getpid()} "), ledger.alone():
            raise AssertionError("two are alone")
    with ledger.alone():
        assert ledger.read() == [{"a": 1}]


def test_some_share_a_lock_and_nobody_writes_meanwhile(tmp_path: Path) -> None:
    path = tmp_path / "journal.csv"
    with pytest.raises(FileNotFoundError), locked(path, 0, shared=True):
        raise AssertionError("nobody has ever locked it")
    with locked(path, 0):
        pass
    assert lock_file(path).exists()
    both = locked(path, 0, shared=True), locked(path, 0, shared=True)
    with both[0], both[1], pytest.raises(Busy, match=r"journal\.csv"), locked(path, 0):
        raise AssertionError("written while it is read")
    with locked(path, 0) as handle:
        assert os.fstat(handle).st_ino == lock_file(path).stat().st_ino


def _die_inside(path: Path) -> None:
    with locked(path, 0):
        os._exit(9)


def test_a_lock_ends_with_its_process(tmp_path: Path) -> None:
    process = multiprocessing.get_context("fork").Process(target=_die_inside, args=(tmp_path,))
    process.start()
    process.join()
    assert process.exitcode == 9
    with locked(tmp_path, 0) as handle:
        assert os.fstat(handle).st_ino == tmp_path.stat().st_ino
