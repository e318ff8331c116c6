"""A run of the loop's end: the better challenger serves, the worse does not, and the rows are
consumed once.
"""

import json
import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from raincast.cli.app import app
from raincast.decisions.retraining import Outcome, Retrained
from raincast.errors import BadFile, BadInput, NoModel, NotEnoughData
from raincast.loop import consumption, decide, evaluate, retrain, retrain_set
from raincast.settings import Settings
from raincast.store.registry import Registry
from raincast.verification.records import ComparedSpan, Comparison
from tests import learned
from tests.retrained import GOOD, LAST, NOW, better, copied, decisions, worse
from tests.score_records import compared

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("four_stations")]


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Settings]:
    """Two folders before the run: in one the challenger is better, in the other worse."""
    root = tmp_path_factory.mktemp("worlds")
    return {"better": better(root / "better"), "worse": worse(root / "worse")}


@pytest.fixture(scope="module")
def done(before: dict[str, Settings]) -> dict[str, tuple[Settings, Retrained]]:
    """The two folders after the run, and what it answered."""
    found = {}
    for name, settings in before.items():
        after = copied(settings, settings.root.with_name(f"{name} after"))
        found[name] = (after, retrain.retrain(after, NOW, "run 1"))
    return found


def state(settings: Settings) -> dict[str, bytes]:
    return {
        str(p): p.read_bytes()
        for p in settings.root.rglob("*")
        if p.is_file() and "sqlite" not in p.name
    }


class TestBetter:
    @pytest.fixture
    def after(self, done: dict[str, tuple[Settings, Retrained]], tmp_path: Path) -> Settings:
        return copied(done["better"][0], tmp_path / "copy")

    def test_it_serves_and_the_reason_is_recorded(
        self, done: dict[str, tuple[Settings, Retrained]]
    ) -> None:
        settings, answer = done["better"]
        assert answer.promoted
        assert Registry(settings.models).load_active().version == answer.version
        assert decisions(settings) == [("promote", answer.version)]
        reason = Registry(settings.models).history()[-1].reason
        assert reason == answer.reason
        assert f"{answer.comparison.challenger.brier:.4f}" in reason
        json.dumps(answer.to_json(), allow_nan=False)

    def test_what_was_compared_had_not_learned_from_the_comparison(
        self, done: dict[str, tuple[Settings, Retrained]]
    ) -> None:
        settings, answer = done["better"]
        span = answer.comparison.span
        assert (span.first, span.last) == (
            str(learned.HISTORY_END + timedelta(days=1)),
            str(LAST),
        )
        for side in ("champion", "challenger"):
            rows = Registry(settings.models).metadata(getattr(answer.comparison, side).version).rows
            assert str(rows.last) < span.first

    def test_what_serves_has_learned_from_everything_with_the_found_parameters(
        self, done: dict[str, tuple[Settings, Retrained]]
    ) -> None:
        settings, answer = done["better"]
        metadata = Registry(settings.models).load_active().metadata
        assert metadata.rows.last == LAST
        assert metadata.params["n_estimators"] == GOOD["n_estimators"]
        assert (metadata.run_id, metadata.study) == ("run 1", "a study")
        assert metadata.retraining_set == retrain_set.read_meta(settings).to_json()
        assert metadata.comparison == answer.comparison.to_json()

    def test_thresholds_are_of_a_judged_model_with_the_same_parameters(
        self, done: dict[str, tuple[Settings, Retrained]]
    ) -> None:
        settings, _ = done["better"]
        judged, active = evaluate.judged(settings), Registry(settings.models).load_active()
        assert judged.metadata.params == active.metadata.params
        assert judged.metadata.thresholds == active.metadata.thresholds
        assert judged.metadata.rows.last == date(2015, 12, 31)

    def test_calibration_and_thresholds_are_of_a_model_that_has_not_seen_their_year(
        self, done: dict[str, tuple[Settings, Retrained]]
    ) -> None:
        settings, _ = done["better"]
        registry = Registry(settings.models)
        active = registry.load_active()
        tuned = registry.load(active.metadata.tuned_version)
        assert tuned.metadata.rows.last == date(2014, 12, 31)
        by = active.metadata.calibration
        assert by == tuned.metadata.calibration
        assert (active.pipeline[-1].slope_, active.pipeline[-1].offset_) == (by.slope, by.offset)

    def test_the_same_run_again_repeats_nothing(
        self, after: Settings, done: dict[str, tuple[Settings, Retrained]]
    ) -> None:
        was = state(after)
        again = retrain.retrain(after, NOW + timedelta(days=1), "run 1")
        assert again.part(Outcome) == done["better"][1].part(Outcome)
        assert state(after) == was

    def test_without_a_run_id_a_run_killed_before_the_watermark_goes_on(
        self,
        after: Settings,
        done: dict[str, tuple[Settings, Retrained]],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setenv("PROJECT_ROOT", str(after.root))
        assert consumption.unfinished(after) == "run 1"
        said = CliRunner().invoke(app, ["retrain", "--json"], catch_exceptions=False)
        found = json.loads(said.stdout)
        assert found["version"] == done["better"][1].version
        assert found["watermark"]["run_id"] == "run 1"
        assert consumption.unfinished(after) is None

    def test_the_same_run_again_does_not_undo_a_rollback(self, after: Settings) -> None:
        champion = Registry(after.models).rollback(NOW, "by hand")
        retrain.retrain(after, NOW, "run 1")
        assert Registry(after.models).load_active().version == champion

    def test_another_run_on_the_same_rows_has_nothing_to_compare_on(self, after: Settings) -> None:
        with pytest.raises(NotEnoughData, match=str(LAST)):
            retrain.retrain(after, NOW, "run 2")

    def test_the_rows_are_consumed_and_no_longer_new(self, after: Settings) -> None:
        assert decide.news(after, NOW).new_rows > 100
        mark = consumption.consume(after, NOW, "run 1")
        assert (mark.last_feature_date, mark.run_id) == (LAST, "run 1")
        assert json.loads(after.watermark.read_text()) == mark.to_json()
        assert decide.news(after, NOW).new_rows == 0

    def test_rows_that_came_after_the_set_stay_new(self, after: Settings) -> None:
        learned.with_live(after, LAST + timedelta(days=3))
        retrain_set.build(after)
        consumption.consume(after, NOW, "run 1")
        assert 0 < decide.news(after, NOW).new_rows <= 3 * len(learned.PLACES)

    def test_rows_of_a_run_that_decided_nothing_are_not_consumed(self, after: Settings) -> None:
        with pytest.raises(BadInput, match="run 2"):
            consumption.consume(after, NOW, "run 2")
        assert not after.watermark.exists()


class TestWorse:
    def test_it_is_refused_with_its_reason_and_the_champion_serves_on(
        self, before: dict[str, Settings], done: dict[str, tuple[Settings, Retrained]]
    ) -> None:
        settings, answer = done["worse"]
        champion = Registry(before["worse"].models).load_active().version
        assert not answer.promoted
        assert answer.reason.startswith(f"worse than {champion}")
        assert Registry(settings.models).load_active().version == champion
        assert decisions(settings) == [("refuse", answer.version)]

    def test_its_rows_are_consumed_all_the_same(
        self, done: dict[str, tuple[Settings, Retrained]], tmp_path: Path
    ) -> None:
        after = copied(done["worse"][0], tmp_path / "copy")
        consumption.consume(after, NOW, "run 1")
        assert decide.news(after, NOW).new_rows == 0

    def test_the_same_run_again_is_refused_again_without_a_second_line(
        self, done: dict[str, tuple[Settings, Retrained]]
    ) -> None:
        settings, answer = done["worse"]
        assert retrain.retrain(settings, NOW, "run 1").version == answer.version
        assert len(decisions(settings)) == 1


class TestRefusals:
    @pytest.fixture
    def settings(self, before: dict[str, Settings], tmp_path: Path) -> Settings:
        return copied(before["better"], tmp_path / "copy")

    def test_a_set_that_is_not_what_its_metadata_say(self, settings: Settings) -> None:
        with settings.retrain_dataset.open("a") as out:
            out.write("\n")
        with pytest.raises(BadFile, match="retrain_dataset_builder"):
            retrain.retrain(settings, NOW, "run 1")
        assert decisions(settings) == []

    def test_no_champion(self, settings: Settings) -> None:
        shutil.rmtree(settings.models)
        with pytest.raises(NoModel, match="raincast train"):
            retrain.retrain(settings, NOW, "run 1")

    def test_without_a_search_the_champions_parameters_are_tried(self, settings: Settings) -> None:
        settings.best_params.unlink()
        answer = retrain.retrain(settings, NOW, "run 1")
        champion, tried = (
            Registry(settings.models).metadata(getattr(answer.comparison, side).version)
            for side in ("champion", "challenger")
        )
        assert tried.params == champion.params
        assert tried.judged_version == champion.judged_version
        assert tried.study is None


def test_a_comparison_in_one_sentence() -> None:
    found = Comparison(
        no_worse=False,
        champion=compared("old", 0.1),
        challenger=compared("new", 0.102, n=9),
        brier_difference=0.002,
        brier_difference_interval=(-0.001, 0.005),
        span=ComparedSpan(first="2016-03-01", last="2016-03-02", days=2),
    )
    assert (
        retrain.sentence(found)
        == "worse than old: Brier score 0.1020 against 0.1000 on 9 forecasts of 2016-03-01 to"
        " 2016-03-02; 95 % interval of the difference -0.0010 to +0.0050"
    )
    few = found.model_copy(update={"brier_difference_interval": None})
    assert "too few" in retrain.sentence(few)
