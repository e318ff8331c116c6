"""Promises of the registry: a model serves whole or not at all, decisions are kept, and there is a
way back.
"""

import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.dummy import DummyClassifier

from raincast.errors import BadFile, NoModel
from raincast.learning.metadata import FittedRows, ModelDescription
from raincast.store import model_checks, model_files
from raincast.store.ledger import Ledger
from raincast.store.registry import Registry
from tests.integration import kill_at_each_step

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)
X = np.zeros((2, 3), dtype=np.float32)


def at(minutes: int) -> datetime:
    return NOON + timedelta(minutes=minutes)


def climate(chance: float) -> DummyClassifier:
    """A forecaster that always says the same."""
    wet = np.arange(100) < round(100 * chance)
    return DummyClassifier().fit(np.zeros((100, 3)), wet)


def keep(models: Path, chance: float, minutes: int) -> str:
    about = ModelDescription(
        threshold=chance,
        rows=FittedRows(count=100, first=date(2024, 1, 1), last=date(2024, 3, 1), sha256="0"),
        figures={"9am": {"brier": 0.1}},
        params={},
        stations=["Albury"],
    )
    return Registry(models).save(climate(chance), about, at(minutes))


@pytest.fixture
def models(tmp_path: Path) -> Path:
    return tmp_path / "models"


def ids(models: Path) -> list[str]:
    return [v.version for v in Registry(models).versions()]


class TestSave:
    def test_a_saved_version_is_kept_whole_and_does_not_serve(self, models: Path) -> None:
        version = keep(models, 0.2, 0)
        assert Registry(models).load(version).probabilities(X) == pytest.approx([0.2, 0.2])
        with pytest.raises(NoModel, match="raincast train"):
            Registry(models).load_active()

    def test_the_same_bits_for_another_purpose_are_a_version_of_their_own(
        self, models: Path
    ) -> None:
        registry, same = Registry(models), climate(0.2)
        about = {"threshold": 0.2, "stations": ["Albury"]}
        judged, serving = (ModelDescription(**about, purpose=p) for p in ("judged", "serving"))
        first, second, again = (registry.save(same, d, NOON) for d in (judged, serving, serving))
        assert first < second == again
        assert [registry.metadata(v).purpose for v in (first, second)] == ["judged", "serving"]

    def test_a_folder_that_cannot_be_written_is_refused_before_a_fit(self, tmp_path: Path) -> None:
        (tmp_path / "models").write_text("a file")
        with pytest.raises(OSError, match="models"):
            Registry(tmp_path / "models").require_writable()

    def test_the_metadata_says_when_with_what_and_which_bytes(self, models: Path) -> None:
        version = keep(models, 0.2, 0)
        metadata = Registry(models).load(version).metadata
        pickled = (models / "versions" / version / "pipeline.joblib").read_bytes()
        assert metadata.created_at_utc == "2026-03-03T12:00:00+00:00"
        assert metadata.version == version
        assert metadata.threshold == 0.2
        assert {"python", "sklearn", "xgboost", "imblearn"} <= set(metadata.libraries or {})
        assert metadata.sha256 == model_files.sha256(pickled)

    def test_ids_sort_by_time_and_the_same_model_at_the_same_time_is_one_version(
        self, models: Path
    ) -> None:
        late, early, again = keep(models, 0.2, 5), keep(models, 0.9, 1), keep(models, 0.2, 5)
        assert ids(models) == [early, late]
        assert again == late


class TestPromote:
    def test_promoting_makes_it_serve_and_is_written_down(self, models: Path) -> None:
        version = keep(models, 0.2, 0)
        Registry(models).promote(version, at(1), "first")
        served = Registry(models).load_active()
        assert (served.version, served.threshold) == (version, 0.2)
        metadata = model_files.read_metadata(models)
        assert [decision.to_json() for decision in Registry(models).history()] == [
            {
                "metadata_sha256": model_checks.content_sha256(metadata),
                "at_utc": "2026-03-03T12:01:00+00:00",
                "action": "promote",
                "version": version,
                "previous": None,
                "reason": "first",
            }
        ]

    def test_the_active_files_are_the_versions_own(self, models: Path) -> None:
        version = keep(models, 0.2, 0)
        Registry(models).promote(version, at(1), "first")
        for name in ("pipeline.joblib", "model_metadata.json"):
            assert (models / name).read_bytes() == (
                models / "versions" / version / name
            ).read_bytes()

    def test_promoting_the_active_version_changes_nothing(self, models: Path) -> None:
        version = keep(models, 0.2, 0)
        Registry(models).promote(version, at(1), "first")
        before = {
            p: (p.stat().st_mtime_ns, p.read_bytes()) for p in models.iterdir() if p.is_file()
        }
        Registry(models).promote(version, at(2), "again")
        assert {
            p: (p.stat().st_mtime_ns, p.read_bytes()) for p in models.iterdir() if p.is_file()
        } == before

    @pytest.mark.parametrize("name", ["nobody", "..", "../versions", ""])
    def test_an_unknown_version_is_refused_and_the_known_are_named(
        self, models: Path, name: str
    ) -> None:
        version = keep(models, 0.2, 0)
        with pytest.raises(NoModel, match=version):
            Registry(models).promote(name, at(1), "a guess")
        assert Registry(models).history() == []

    def test_a_damaged_version_is_not_promoted(self, models: Path) -> None:
        good, bad = keep(models, 0.2, 0), keep(models, 0.9, 1)
        Registry(models).promote(good, at(2), "first")
        (models / "versions" / bad / "pipeline.joblib").write_bytes(b"rot")
        with pytest.raises(NoModel, match="expected SHA-256"):
            Registry(models).promote(bad, at(3), "hope")
        assert Registry(models).load_active().version == good
        assert len(Registry(models).history()) == 1

    def test_a_refusal_is_written_down_and_changes_nothing(self, models: Path) -> None:
        champion, challenger = keep(models, 0.2, 0), keep(models, 0.9, 1)
        Registry(models).promote(champion, at(2), "first")
        Registry(models).refuse(challenger, at(3), "worse by 0.01")
        assert Registry(models).load_active().version == champion
        entry = Registry(models).history()[-1]
        assert (entry.action, entry.version, entry.previous) == (
            "refuse",
            challenger,
            champion,
        )


class TestReading:
    """The hash is checked before anything is unpickled."""

    @pytest.fixture
    def active(self, models: Path) -> str:
        version = keep(models, 0.2, 0)
        Registry(models).promote(version, at(1), "first")
        return version

    def test_other_bytes_are_never_unpickled(
        self, models: Path, active: str, tmp_path: Path
    ) -> None:
        witness = tmp_path / "unpickled"
        (models / "pipeline.joblib").write_bytes(
            b"cos\nsystem\n(S'touch " + str(witness).encode() + b"'\ntR."
        )
        with pytest.raises(NoModel) as refusal:
            Registry(models).load_active()
        assert not witness.exists()
        for told in ("expected SHA-256", "found", f"raincast models promote {active}"):
            assert told in str(refusal.value)

    @pytest.mark.parametrize("damage", ["changed", "missing"])
    def test_the_command_that_the_message_names_helps(
        self, models: Path, active: str, damage: str
    ) -> None:
        path = models / "pipeline.joblib"
        path.write_bytes(b"rot") if damage == "changed" else path.unlink()
        with pytest.raises(NoModel, match=f"raincast models promote {active}"):
            Registry(models).load_active()
        Registry(models).promote(active, at(2), "as told")
        assert Registry(models).load_active().version == active
        assert Registry(models).history()[-1].action == "restore"

    @pytest.mark.usefixtures("active")
    @pytest.mark.parametrize("text", ["{", "{}", '{"version": "v", "sha256": "0"}', "[]"])
    def test_metadata_that_is_none_is_no_model(self, models: Path, text: str) -> None:
        Registry(models).promote(keep(models, 0.9, 2), at(3), "so that a change lies between")
        (models / "model_metadata.json").write_text(text)
        with pytest.raises(NoModel, match="model_metadata"):
            Registry(models).load_active()

    @pytest.mark.usefixtures("active")
    @pytest.mark.skipif(os.geteuid() == 0, reason="nothing is read-only for root")
    def test_a_reader_without_write_access_sees_an_unfinished_promotion_finished(
        self, models: Path
    ) -> None:
        newer = cut_short(models, keep(models, 0.9, 2))
        models.chmod(0o555)
        try:
            assert Registry(models).load_active().version == newer
        finally:
            models.chmod(0o755)

    def test_a_pair_from_elsewhere_serves_and_stays_at_hand(
        self, models: Path, active: str, tmp_path: Path
    ) -> None:
        elsewhere = tmp_path / "elsewhere"
        elsewhere.mkdir()
        for name in ("pipeline.joblib", "model_metadata.json"):
            shutil.copy(models / name, elsewhere / name)
        assert Registry(elsewhere).load_active().version == active
        Registry(elsewhere).promote(keep(elsewhere, 0.9, 2), at(3), "better")
        assert Registry(elsewhere).rollback(at(4), "not so") == active


def cut_short(models: Path, version: str) -> str:
    """Leaves what a promotion leaves that was killed after the pipeline and before the metadata."""
    previous = model_files.read_metadata(models).version
    entry = {
        "at_utc": at(9).isoformat(),
        "action": "promote",
        "version": version,
        "previous": previous,
        "reason": "",
    }
    Ledger(models / "history.jsonl").append(entry)
    shutil.copy(models / "versions" / version / "pipeline.joblib", models / "pipeline.joblib")
    return version


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


def test_promoters_at_the_same_time_take_turns_and_readers_see_only_whole_models(
    models: Path,
) -> None:
    kept = [keep(models, 0.1 * n, n) for n in (1, 2, 3)]
    Registry(models).promote(kept[0], at(5), "")

    def promote_in_turn(worker: int) -> None:
        for i in range(12):
            Registry(models).promote(kept[(i + worker) % 3], at(10 + i), "")

    with ThreadPoolExecutor(4) as pool:
        promoters = [pool.submit(promote_in_turn, worker) for worker in range(3)]
        seen = [Registry(models).load_active() for _ in range(40)]
        for promoter in promoters:
            promoter.result()
    assert all(f.probabilities(X)[0] == pytest.approx(f.threshold) for f in seen)
    changes = Registry(models).history()
    assert all(after.previous == before.version for before, after in pairwise(changes))
    assert Registry(models).load_active().version == changes[-1].version


# What follows runs in a process that is killed at each of its file operations in turn.


def save_third(models: Path) -> None:
    keep(models, 0.3, 3)


def promote_second(models: Path) -> None:
    Registry(models).promote(ids(models)[1], at(20), "killed perhaps")


def promote_first_of_all(models: Path) -> None:
    promote_second(models)


def roll_back(models: Path) -> None:
    Registry(models).rollback(at(30), "killed perhaps")


def assert_sound(models: Path, allowed: set[str]) -> None:
    served = Registry(models).load_active()
    assert served.version in allowed
    assert model_files.whole(models)
    assert model_files.read_metadata(models).version == served.version
    assert served.version == Registry(models).served_at(at(999))
    assert Registry(models).recover() is None


@pytest.fixture(scope="module")
def ends(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Path]]:
    """For each action the folders that it left, killed at its first, second, … step; the last ran
    to its end.
    """
    root = tmp_path_factory.mktemp("killed")
    none_serves, first_serves, second_serves = (root / str(n) for n in range(3))
    first = keep(none_serves, 0.1, 0)
    keep(none_serves, 0.2, 1)
    shutil.copytree(none_serves, first_serves)
    Registry(first_serves).promote(first, at(10), "first")
    shutil.copytree(first_serves, second_serves)
    promote_second(second_serves)
    actions = {
        "save_third": first_serves,
        "promote_second": first_serves,
        "promote_first_of_all": none_serves,
        "roll_back": second_serves,
    }
    return kill_at_each_step.ends(Path(__file__).resolve(), root / "ends", actions)


@pytest.mark.slow
class TestKilled:
    def test_while_saving_a_version_is_there_whole_or_not_at_all(
        self, ends: dict[str, list[Path]]
    ) -> None:
        assert len(ends["save_third"]) > 4
        for models in ends["save_third"]:
            assert all(Registry(models).load(version) for version in ids(models))
            third = keep(models, 0.3, 3)
            assert ids(models)[2:] == [third]
            assert not list(models.glob("versions/.*"))
            assert_sound(models, {ids(models)[0]})

    def test_while_promoting_the_old_or_the_new_serves(self, ends: dict[str, list[Path]]) -> None:
        served = []
        for models in ends["promote_second"]:
            first, second = ids(models)
            assert_sound(models, {first, second})
            served.append(Registry(models).load_active().version)
            promote_second(models)
            assert Registry(models).load_active().version == second
            assert Registry(models).rollback(at(40), "") == first
        assert served == sorted(served)
        assert set(served) == {first, second}

    def test_while_promoting_the_first_model_it_serves_or_none_does(
        self, ends: dict[str, list[Path]]
    ) -> None:
        for models in ends["promote_first_of_all"]:
            if Registry(models).history():
                assert_sound(models, {ids(models)[1]})
            else:
                with pytest.raises(NoModel):
                    Registry(models).load_active()
            promote_second(models)
            assert_sound(models, {ids(models)[1]})

    def test_while_rolling_back_the_old_or_the_new_serves(
        self, ends: dict[str, list[Path]]
    ) -> None:
        for models in ends["roll_back"]:
            assert_sound(models, set(ids(models)))
