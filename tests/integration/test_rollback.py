"""The way back: who served when, what a rollback brings, and the file that says so."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from raincast.errors import BadFile, NoModel
from raincast.store.ledger import Ledger
from raincast.store.registry import Registry
from tests.registries import at, keep


class TestWayBack:
    def test_rollbacks_walk_back_and_end(self, models: Path) -> None:
        first, second, third = (keep(models, 0.1 * n, n) for n in (1, 2, 3))
        for version in (first, second, third):
            Registry(models).promote(version, at(10), "next")
        assert Registry(models).rollback(at(11), "bad") == second
        assert Registry(models).rollback(at(12), "bad too") == first
        assert Registry(models).load_active().version == first
        with pytest.raises(NoModel, match="no version was active before"):
            Registry(models).rollback(at(13), "more")

    def test_what_was_rolled_back_is_not_what_a_later_rollback_brings(self, models: Path) -> None:
        first, bad, third = (keep(models, 0.1 * n, n) for n in (1, 2, 3))
        Registry(models).promote(first, at(10), "")
        Registry(models).promote(bad, at(11), "")
        Registry(models).rollback(at(12), "")
        Registry(models).promote(third, at(13), "")
        assert Registry(models).rollback(at(14), "") == first

    def test_no_folder_says_what_to_do(self, models: Path) -> None:
        with pytest.raises(NoModel, match="raincast train"):
            Registry(models).rollback(at(0), "")

    def test_who_served_when(self, models: Path) -> None:
        first, second = keep(models, 0.1, 0), keep(models, 0.9, 1)
        Registry(models).promote(first, at(10), "")
        Registry(models).promote(second, at(20), "")
        Registry(models).refuse(second, at(25), "")
        Registry(models).rollback(at(30), "")
        assert [Registry(models).served_at(at(m)) for m in (10, 19, 20, 29, 30, 99)] == [
            first,
            first,
            second,
            second,
            first,
            first,
        ]
        with pytest.raises(NoModel, match="begins 2026-03-03T12:10"):
            Registry(models).served_at(at(9))

    def test_the_list_shows_which_serves(self, models: Path) -> None:
        first, second = keep(models, 0.1, 0), keep(models, 0.9, 1)
        Registry(models).promote(second, at(10), "")
        listed = {v.version: v for v in Registry(models).versions()}
        assert {name: v.active for name, v in listed.items()} == {first: False, second: True}
        assert listed[first].to_json() | {"active": None} == {
            "version": first,
            "created_at_utc": "2026-03-03T12:00:00+00:00",
            "rows": {"count": 100, "first": "2024-01-01", "last": "2024-03-01", "sha256": "0"},
            "figures": {"9am": {"brier": 0.1}},
            "threshold": 0.1,
            "run_id": None,
            "active": None,
            "purpose": None,
        }


def test_what_a_rollback_would_bring_back_is_known_before(models: Path) -> None:
    first, second = keep(models, 0.1, 0), keep(models, 0.9, 1)
    Registry(models).promote(first, at(10), "")
    assert Registry(models).before() is None
    Registry(models).promote(second, at(11), "")
    assert Registry(models).before() == first
    assert Registry(models).rollback(at(12), "") == first
    assert Registry(models).before() is None


class TestHistoryFile:
    def test_a_torn_last_line_is_passed_over_and_written_over(self, models: Path) -> None:
        first, second = keep(models, 0.1, 0), keep(models, 0.9, 1)
        Registry(models).promote(first, at(10), "")
        with (models / "history.jsonl").open("ab") as out:
            out.write(b'{"at_utc": "2026-03-03T12:11:00+00:00", "action": "prom')
        assert Registry(models).load_active().version == first
        Registry(models).promote(second, at(12), "")
        assert [d.version for d in Registry(models).history()] == [first, second]

    def test_a_whole_line_that_is_not_an_entry_is_named(self, models: Path) -> None:
        Registry(models).promote(keep(models, 0.1, 0), at(10), "")
        with (models / "history.jsonl").open("ab") as out:
            out.write(b"by hand\n")
        with pytest.raises(BadFile, match=r"history.jsonl, line 2"):
            Registry(models).history()

    @settings(max_examples=25)
    @given(
        entries=st.lists(st.dictionaries(st.text(), st.text() | st.integers() | st.none())),
        cut=st.integers(0, 200),
    )
    def test_whatever_is_cut_off_the_end_the_whole_lines_stay(
        self, tmp_path_factory: pytest.TempPathFactory, entries: list[dict[str, object]], cut: int
    ) -> None:
        path = tmp_path_factory.mktemp("ledger") / "lines.jsonl"
        for entry in entries:
            Ledger(path).append(entry)
        assert Ledger(path).read() == entries
        data = path.read_bytes() if entries else b""
        path.write_bytes(data[: max(len(data) - cut, 0)])
        assert Ledger(path).read() == entries[: path.read_bytes().count(b"\n")]
