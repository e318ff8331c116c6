"""Promises of the registry: a model serves whole or not at all, decisions are kept, and there is a
way back.
"""

import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import pytest

from raincast.errors import NoModel
from raincast.learning.metadata import ModelDescription
from raincast.store import model_checks, model_files
from raincast.store.ledger import Ledger
from raincast.store.registry import Registry
from tests.registries import NOON, X, at, climate, ids, keep


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
