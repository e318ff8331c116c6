"""The cheapest remedy first: tried on the journal, a version like any other, decided once."""

import json
import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from raincast.cli.app import app
from raincast.features import block
from raincast.learning import explanation, knowledge
from raincast.loop import announced, consumption, decide, forecast, remedy, scheduled
from raincast.loop import round as rounds
from raincast.loop.contexts import Contexts, gathered
from raincast.observations import panel
from raincast.settings import Settings
from raincast.store.archive import Archive
from raincast.store.registry import Registry
from tests import treated
from tests.integration import kill_at_each_step
from tests.treated import NOW

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("four_stations")]
KILLED_AT = {"os.rename"}


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Settings]:
    """Thresholds grown wrong alone, and chances that are far too low."""
    root = tmp_path_factory.mktemp("worlds")
    return {
        "thresholds": treated.world(root / "thresholds"),
        "chances": treated.world(root / "chances", move=-2.0),
    }


@pytest.fixture
def copy(worlds, tmp_path):
    def of(name: str) -> Settings:
        root = shutil.copytree(worlds[name].root, tmp_path / name)
        return replace(worlds[name], root=root, cheapest_first=True)

    return of


def test_unless_it_is_set_nothing_is_tried(copy):
    settings = replace(copy("thresholds"), cheapest_first=False)
    before = Registry(settings.models).history()
    assert remedy.treat(settings, NOW, "run 1").remedy is None
    assert Registry(settings.models).history() == before


def test_new_thresholds_serve_as_a_version_of_the_same_pipeline(copy):
    settings = copy("thresholds")
    registry = Registry(settings.models)
    champion = registry.load_active()
    done = remedy.treat(settings, NOW, "run 1")
    assert done.remedy == "threshold"
    active = registry.load_active()
    assert active.version == done.version != champion.version
    assert active.metadata.sha256 == champion.metadata.sha256
    assert active.metadata.thresholds["3pm"] < 0.9
    assert active.metadata.run_id == "run 1"
    assert active.metadata.cure.uncured_thresholds == treated.HIGH
    assert registry.history()[-1].reason == done.reason
    assert "tried on the journal to 2016-05-30: recall 0." in done.reason
    assert knowledge.last_seen(active.metadata) == treated.LAST
    assert registry.rollback(NOW, "by hand") == champion.version


def test_what_the_watch_asks_for_is_where_it_begins(copy):
    settings = copy("chances")
    treated.found(settings, "recalibration")
    before = Registry(settings.models).load_active()
    done = remedy.treat(settings, NOW, "run 1")
    assert done.remedy == "recalibration"
    after = Registry(settings.models).load_active()
    assert after.metadata.cure.offset > 0
    assert after.metadata.cure.after["brier"] < after.metadata.cure.before["brier"]
    assert after.metadata.sha256 != before.metadata.sha256


@pytest.mark.parametrize("action", ["retraining", "repair"])
def test_a_retraining_or_a_repair_is_not_replaced_by_a_remedy(copy, action):
    settings = copy("thresholds")
    treated.found(settings, action)
    done = remedy.treat(settings, NOW, "run 1")
    assert done.version is None
    assert "no cheaper remedy" in done.reason


def test_it_is_served_with_the_bits_that_it_has_offline(copy):
    """Through the desk's own function on single requests, and over the whole day at once."""
    settings = copy("chances")
    treated.found(settings, "recalibration")
    remedy.treat(settings, NOW, "run 1")
    by, at = Registry(settings.models).load_active(), datetime(2016, 5, 20, 6, tzinfo=UTC)
    contexts, asked = Contexts(Archive(settings.archive)), treated.requests(at)
    alone = [forecast.forecasts([one], by, contexts, at)[0].rain_probability for one in asked]
    observed = panel.from_frame(Archive(settings.archive).as_known_at())
    rows = scheduled.rows(by, observed, [at.date()])
    rows = rows[rows["issued_at_utc"] == at].set_index("location")["rain_probability"]
    places = [observed.network.locations[one.station] for one in asked]
    assert alone == rows.loc[places].tolist()


def test_its_reasons_add_up_to_its_log_odds(copy):
    settings = copy("chances")
    treated.found(settings, "recalibration")
    remedy.treat(settings, NOW, "run 1")
    by, at = Registry(settings.models).load_active(), datetime(2016, 5, 20, 6, tzinfo=UTC)
    (one,) = treated.requests(at)[:1]
    contexts = Contexts(Archive(settings.archive))
    (made,) = forecast.forecasts([one], by, contexts, at)
    known = gathered(contexts, [(one.feature_date, one.issued_at)], [one.station])
    told = explanation.reasons(by, block.inputs(known, known.own))
    odds = told.base + sum(part.log_odds for part in told.parts) + told.perceptrons
    assert 1 / (1 + np.exp(-odds)) == pytest.approx(made.rain_probability, abs=1e-6)


def test_forecasts_of_another_pipeline_say_nothing_of_this_one(copy):
    settings = copy("chances")
    registry = Registry(settings.models)
    registry.promote(registry.history()[0].version, NOW, "by hand")
    assert "on 0 forecasts of 0 days" in remedy.treat(settings, NOW, "run 1").reason


def test_the_decision_waits_for_a_repair(copy):
    settings = replace(copy("thresholds"), min_new_rows_for_retrain=1)
    assert decide.decide(settings, NOW).decision == "trigger_optuna"
    treated.found(settings, "repair")
    made = decide.decide(settings, NOW)
    assert made.decision == "skip_optuna"
    assert "repair the data before any retraining (finding 0)" in made.reason
    plain = decide.decide(replace(settings, cheapest_first=False), NOW)
    assert plain.decision == "trigger_optuna"


def test_a_round_applies_it_instead_of_a_search(copy):
    settings = replace(copy("thresholds"), min_new_rows_for_retrain=1)
    said: list[str] = []
    done = rounds._retrain(
        settings, NOW, said.append, {"decision": "trigger_optuna", "reason": "poor", "slot": "s"}
    )
    outcome = done["retraining"]
    assert outcome.promoted
    assert said == [f"instead of a retraining: {outcome.reason}"]
    assert not Path(settings.studies.removeprefix("sqlite:///")).exists()
    assert decide.news(settings, NOW).new_rows == 0


def test_the_short_way_of_the_tuning_dag(copy, monkeypatch):
    """The commands of its four tasks in turn: no study, no second model, rows consumed."""
    settings = copy("thresholds")
    monkeypatch.setenv("PROJECT_ROOT", str(settings.root))
    monkeypatch.setenv("CHEAPEST_FIRST", "true")

    def run(*words: str) -> dict[str, object]:
        done = CliRunner().invoke(app, [*words, "--run-id", "dag 1", "--json"])
        assert done.exit_code == 0, done.output
        return json.loads(done.stdout.splitlines()[-1])

    treated_ = run("remedy", "--leave-watermark")
    assert treated_["remedy"] == "threshold"
    assert run("best")["version"] == treated_["version"]
    kept = len(Registry(settings.models).versions())
    assert run("retrain", "--leave-watermark")["version"] == treated_["version"]
    assert len(Registry(settings.models).versions()) == kept
    assert not settings.best_params.exists()
    assert run("consume")["last_feature_date"] == str(treated.LAST)
    assert run("remedy", "--leave-watermark") == treated_


def a_whole_run(root: Path) -> None:
    settings = Settings(root=root, cheapest_first=True)
    remedy.treat(settings, NOW, "run 1")
    consumption.consume(settings, NOW, "run 1")


def test_killed_anywhere_and_run_again_it_decides_once_and_consumes(worlds, tmp_path):
    ends = kill_at_each_step.ends(
        Path(__file__).resolve(), tmp_path, {"a_whole_run": worlds["thresholds"].root}
    )["a_whole_run"]
    assert len(ends) > 5
    before = len(Registry(worlds["thresholds"].models).history())
    for root in ends:
        settings = Settings(root=root)
        a_whole_run(root)
        made = Registry(settings.models).history()[before:]
        assert [entry.action for entry in made] == ["promote"]
        assert Registry(settings.models).load_active().version == made[0].version
        assert json.loads(settings.watermark.read_text())["last_feature_date"] == str(treated.LAST)
        assert consumption.unfinished(settings) is None


def test_the_same_run_later_finds_what_was_decided(copy):
    settings = copy("thresholds")
    first = announced.treated(settings, NOW, "run 1")
    again = announced.treated(settings, NOW + timedelta(days=9), "run 1")
    assert again == first
