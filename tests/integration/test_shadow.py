"""The challenger in the shadow: beside each forecast of the champion one that nobody gets, and a
verdict.
"""

import json
import shutil
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from raincast.cli.app import app
from raincast.learning.blend import Recalibrated
from raincast.learning.metadata import ModelDescription
from raincast.loop import (
    announced,
    consumption,
    decide,
    forecast,
    monitor,
    retrain,
    retrain_set,
    shadow,
)
from raincast.loop import round as rounds
from raincast.loop.contexts import Contexts
from raincast.settings import Settings
from raincast.store import journal, model_history
from raincast.store.archive import Archive
from raincast.store.journal import Journal
from raincast.store.registry import Registry
from tests import learned, treated
from tests.integration import kill_at_each_step

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("four_stations")]
BEGIN, LAST = date(2016, 3, 1), date(2016, 3, 20)
PUT = datetime(2016, 3, 1, 0, tzinfo=UTC)
NOW = datetime(2016, 3, 23, 6, tzinfo=UTC)
KILLED_AT = {"os.rename", "os.truncate"}


@pytest.fixture(scope="module")
def world(tmp_path_factory) -> Settings:
    """A champion whose chances are far too low, and its forecasts of 20 days as they came."""
    settings = replace(learned.root(tmp_path_factory.mktemp("world")), shadow_days=60)
    keep(settings, -2.0, "champion", promoted=True)
    frame = learned.weather(learned.FIRST, LAST + timedelta(days=2))
    recent = frame[frame["Date"] > np.datetime64(learned.HISTORY_END)]
    Archive(settings.archive).append(recent, PUT, "test")
    return settings


def keep(settings: Settings, move: float, name: str, promoted: bool = False) -> str:
    """The first model with its log-odds moved, as a version."""
    registry = Registry(settings.models)
    first = registry.load(registry.history()[0].version)
    about = first.metadata.part(ModelDescription).model_copy(update={"purpose": name})
    pipeline = Recalibrated(first.pipeline, 1.0, move)
    version = registry.save(pipeline, about, learned.TRAINED_AT + timedelta(hours=1))
    if promoted:
        registry.promote(version, PUT - timedelta(hours=1), name)
    return version


def slots(settings: Settings, first: date, last: date) -> None:
    """The champion's forecasts of each slot, scored."""
    by = Registry(settings.models).load_active()
    contexts = Contexts(Archive(settings.archive))
    for i in range((last - first).days + 1):
        for hour in (6, 18):
            now = datetime.combine(first + timedelta(days=i), datetime.min.time(), UTC)
            now += timedelta(hours=hour)
            made = forecast.forecasts(treated.requests(now), by, contexts, now)
            Journal(settings.journal).append(made)
    monitor.score(settings)


@pytest.fixture(scope="module")
def worlds(world, tmp_path_factory) -> dict[str, Settings]:
    """A challenger that is better, one that is as the champion, and one that is worse."""
    found = {}
    for name, move in {"better": 0.0, "same": -2.0, "worse": +6.0}.items():
        root = tmp_path_factory.mktemp("worlds") / name
        settings = replace(world, root=shutil.copytree(world.root, root))
        version = keep(settings, move, name)
        Registry(settings.models).put_in_the_shadow(version, PUT, "a test's")
        slots(settings, BEGIN, LAST)
        found[name] = settings
    return found


@pytest.fixture
def copy(worlds, tmp_path):
    def of(name: str) -> Settings:
        return replace(worlds[name], root=shutil.copytree(worlds[name].root, tmp_path / name))

    return of


def test_every_forecast_of_the_champion_has_one_of_the_challenger_with_its_id(copy):
    settings = copy("better")
    given = settings.journal.read_bytes()
    shadow.step(settings, NOW)
    mine, theirs = (
        journal.Journal(settings.shadow_journal).read(),
        journal.Journal(settings.journal).read(),
    )
    assert sorted(mine["forecast_id"]) == sorted(theirs["forecast_id"])
    assert settings.journal.read_bytes() == given, "nothing is given out"
    assert set(mine["model_version"]) == {shadow.read(settings).version}
    lines = settings.shadow_journal.read_bytes()
    shadow.step(settings, NOW)
    assert settings.shadow_journal.read_bytes() == lines, "a second look adds nothing"


def test_the_same_model_in_the_shadow_says_the_same_to_the_last_bit(copy):
    settings = copy("same")
    report = shadow.step(settings, NOW)
    both = (
        journal.Journal(settings.journal)
        .read()
        .merge(
            journal.Journal(settings.shadow_journal).read(),
            on="forecast_id",
            suffixes=("", "_shadow"),
        )
    )
    assert len(both) == 2 * 20 * len(learned.PLACES)
    for name in ("rain_probability", "issued_at_utc", "regime", "basis", "predicted_rain"):
        assert (both[name] == both[f"{name}_shadow"]).all(), name
    assert report.brier_difference == 0.0
    assert report.verdict == "promote", "no worse, and that is sure"


@pytest.mark.parametrize(
    ("name", "margin", "verdict"), [("better", 0.2, "promote"), ("worse", 0.0, "refuse")]
)
def test_what_is_sure_is_carried_out_once(copy, name, margin, verdict):
    settings = replace(copy(name), gate_margin=margin)
    registry = Registry(settings.models)
    champion = registry.load_active().version
    report = announced.shadowed(settings, NOW)
    assert report.verdict == verdict
    entry = registry.history()[-1]
    assert (entry.action, entry.version) == (verdict, report.version)
    assert entry.reason == report.reason
    serves = registry.load_active().version
    assert serves == (report.version if verdict == "promote" else champion)
    assert shadow.step(settings, NOW) is None
    assert shadow.read(settings) == report


def test_what_is_not_sure_goes_on_until_its_days_are_over(copy):
    settings = replace(copy("better"), gate_margin=0.0)
    monkey = Registry(settings.models).history()[-1].version
    few = journal.Journal(settings.journal).read()
    journal.keep(settings.journal, int((few["target_date"] <= "2016-03-06").sum()))
    monitor.score(settings)
    report = shadow.step(settings, NOW)
    assert (report.verdict, report.days) == ("shadow", 5)
    assert report.days_left == pytest.approx(60 - 22.25)
    assert Registry(settings.models).load_active().version != monkey
    late = shadow.step(settings, PUT + timedelta(days=60))
    assert late.verdict == "refuse"
    assert "not shown to be no worse" in late.reason


def test_a_rollback_or_a_promotion_by_hand_ends_it(copy):
    settings = copy("better")
    Registry(settings.models).rollback(NOW, "by hand")
    assert Registry(settings.models).in_the_shadow() is None
    assert shadow.step(settings, NOW) is None
    assert not settings.shadow_journal.exists()


def test_no_retraining_starts_beside_it(copy):
    settings = replace(copy("better"), min_new_rows_for_retrain=1)
    made = decide.decide(settings, NOW)
    assert (made.decision, made.case) == ("skip_optuna", "C")
    assert "wait, a challenger serves in the shadow" in made.reason
    Registry(settings.models).refuse(Registry(settings.models).history()[-1].version, NOW, "x")
    assert decide.decide(settings, NOW).decision == "trigger_optuna"


def test_a_retraining_puts_its_challenger_in_the_shadow_and_consumes_its_rows(copy):
    settings = copy("better")
    registry = Registry(settings.models)
    registry.refuse(registry.history()[-1].version, NOW, "x")
    champion = registry.load_active().version
    retrain_set.build(settings)
    done = retrain.retrain(settings, NOW, "run 1")
    assert not done.promoted
    assert Registry(settings.models).in_the_shadow().version == done.version
    assert registry.load_active().version == champion
    assert registry.metadata(done.version).rows.last >= LAST
    consumption.consume(settings, NOW, "run 1")
    assert consumption.unfinished(settings) is None
    assert retrain.retrain(settings, NOW, "run 1").version == done.version
    assert model_history.standing(registry.history(), champion)["challenger"] == done.version


def test_a_round_and_the_command_follow_it(copy, monkeypatch):
    settings = copy("better")
    said: list[str] = []
    rounds._shadow(settings, NOW, said.append)
    assert said[0].startswith("shadow: in the shadow of ")
    monkeypatch.setenv("PROJECT_ROOT", str(settings.root))
    done = CliRunner().invoke(app, ["shadow"])
    assert done.stdout.startswith("refuse 2016"), "by today's clock its days are over"
    assert CliRunner().invoke(app, ["shadow"]).stdout == "no challenger is in the shadow\n"
    assert json.loads(CliRunner().invoke(app, ["shadow", "--json"]).stdout) is None


def a_step(root: Path) -> None:
    shadow.step(Settings(root=root, shadow_days=60, gate_margin=0.2), NOW)


def test_killed_anywhere_and_run_again_nothing_is_lost_or_twice(worlds, tmp_path):
    ends = kill_at_each_step.ends(
        Path(__file__).resolve(), tmp_path, {"a_step": short(worlds, tmp_path)}
    )["a_step"]
    for root in ends:
        a_step(root)
        settings = Settings(root=root)
        ids = journal.Journal(settings.shadow_journal).read()["forecast_id"]
        assert sorted(ids) == sorted(journal.Journal(settings.journal).read()["forecast_id"])
        assert [e.action for e in Registry(settings.models).history()].count("promote") == 3


def short(worlds: dict[str, Settings], tmp_path: Path) -> Path:
    """A world most of whose shadow forecasts are there."""
    root = shutil.copytree(worlds["better"].root, tmp_path / "short")
    settings = replace(worlds["better"], root=root)
    shadow._follow(settings, Registry(settings.models).in_the_shadow(), NOW)
    rows = journal.Journal(settings.shadow_journal).read()
    journal.keep(settings.shadow_journal, len(rows) - 2 * len(learned.PLACES))
    return root
