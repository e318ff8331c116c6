"""The search over a real study file: one study for each state of the data, that goes on where it
was killed.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import monotonic, sleep

import optuna
import pytest
from optuna.trial import TrialState

from raincast.decisions.retraining import SearchResult
from raincast.errors import InSample, NotEnoughData
from raincast.learning import blend, studies, tuning
from raincast.loop import history, origins, retrain, retrain_set, search, set_apart, study_store
from raincast.settings import Settings
from raincast.store import stores
from raincast.store.best_parameters import BestParameters
from tests import learned, searched
from tests.searched import NO_TIME, ROOT, SCRIPT, study

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("four_stations")]
LAST, NOW = date(2016, 4, 10), datetime(2016, 4, 14, 6, tzinfo=UTC)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, SearchResult]:
    """As `searched.folder` has it, for all tests that change nothing."""
    return searched.folder(tmp_path_factory.mktemp("searched"))


@pytest.fixture
def settings(found: tuple[Settings, SearchResult], tmp_path: Path) -> Settings:
    """A copy of that folder."""
    return replace(found[0], root=shutil.copytree(found[0].root, tmp_path / "copy"))


class TestRun:
    def test_the_present_parameters_are_judged_even_without_time(
        self, found: tuple[Settings, SearchResult]
    ) -> None:
        settings, answer = found
        assert (answer.trials, answer.pruned) == (1, 0)
        assert study(settings).best_params == tuning.searched(blend.DEFAULT_PARAMS)
        assert answer.best_value == study(settings).best_value > 0.3
        json.dumps(answer.to_json(), allow_nan=False)

    def test_its_study_is_named_after_the_content_of_the_set_that_it_built(
        self, found: tuple[Settings, SearchResult]
    ) -> None:
        settings, answer = found
        meta = json.loads(settings.retrain_meta.read_text())
        assert meta["content_sha256"][:12] in answer.study_name
        assert (settings.root / "optimisations/optuna_xgb_recall_small.db").exists()

    def test_on_the_same_set_without_time_left_nothing_is_tried(
        self, settings: Settings, found: tuple[Settings, SearchResult]
    ) -> None:
        assert search.run(settings) == found[1]
        assert len(study(settings).trials) == 1

    def test_enough_trials_are_enough(self, settings: Settings) -> None:
        search.run(replace(settings, tune_seconds=9999, tune_trials=1))
        assert len(study(settings).trials) == 1

    def test_other_rows_another_last_day_or_another_recall_are_another_study(
        self, settings: Settings
    ) -> None:
        built = retrain_set.read_meta(settings)
        names = {
            study_store.study_name(built, 0.75),
            study_store.study_name(built.model_copy(update={"content_sha256": "1" * 64}), 0.75),
            study_store.study_name(built.model_copy(update={"searched_to": LAST}), 0.75),
            study_store.study_name(built, 0.8),
        }
        assert len(names) == 4

    def test_too_short_a_history_is_no_ground_for_a_search(self, tmp_path: Path) -> None:
        settings = Settings(root=tmp_path)
        settings.raw_history.parent.mkdir(parents=True)
        learned.write_history(
            settings.raw_history, learned.weather(date(2016, 1, 1), date(2016, 3, 1))
        )
        with pytest.raises(NotEnoughData, match="needs 180 days"):
            search.run(settings)


class TestSetApart:
    """With a champion and live days since, a search ends before the days to compare on."""

    def test_no_trial_is_judged_by_a_day_that_models_are_compared_on(self, tmp_path: Path) -> None:
        settings = replace(learned.root(tmp_path / "live"), **NO_TIME)
        learned.with_live(settings, LAST)
        search.run(settings)
        best = study_store.save_best(settings)
        assert best.searched_to == learned.HISTORY_END
        found = retrain.retrain(settings, NOW, "a run")
        span = found.comparison.span
        assert (span.first, span.last) == (str(learned.HISTORY_END + timedelta(days=1)), str(LAST))
        made = stores.of(settings).registry().metadata(found.comparison.challenger.version)
        assert made.searched_to == learned.HISTORY_END

    def test_past_cut_offs_are_set_apart_whole(self, tmp_path: Path) -> None:
        settings = replace(learned.root(tmp_path / "live"), gate_origins=1)
        learned.with_live(settings, LAST)
        built = retrain_set.build(settings, searched_to=set_apart.searched_to)
        panel = history.retraining_panel(settings)
        compared = origins.cutoffs(panel, learned.HISTORY_END, 1)[0].compared
        assert built.searched_to == compared.first - timedelta(days=2)
        found = BestParameters(study_name="", best_value=0, best_params={}, searched_to=LAST)
        champion = stores.of(settings).registry().load_active()
        with pytest.raises(InSample, match=f"seen days up to {LAST}, expected none from"):
            origins.require_unsearched(settings, panel, champion, found)
        ended = found.model_copy(update={"searched_to": built.searched_to})
        origins.require_unsearched(settings, panel, champion, ended)

    def test_with_nothing_new_to_compare_on_it_may_have_all_days(self, tmp_path: Path) -> None:
        settings = learned.root(tmp_path / "still")
        assert retrain_set.build(settings, searched_to=set_apart.searched_to).searched_to is None


class TestSaveBest:
    def test_it_says_what_was_found_on_which_data_by_what(
        self, settings: Settings, found: tuple[Settings, SearchResult]
    ) -> None:
        best = study_store.save_best(settings)
        assert json.loads(settings.best_params.read_text()) == best.to_json()
        assert (best.study_name, best.best_value) == (
            found[1].study_name,
            found[1].best_value,
        )
        assert best.best_params == tuning.searched(blend.DEFAULT_PARAMS)
        assert (best.objective, best.trials) == (studies.OBJECTIVE, 1)
        assert best.figures[studies.OBJECTIVE] == best.best_value
        built = retrain_set.read_meta(settings)
        assert (best.data_sha256, best.searched_to) == (built.content_sha256, built.last_date)

    def test_a_set_that_was_not_searched_has_no_best(self, settings: Settings) -> None:
        meta = json.loads(settings.retrain_meta.read_text())
        settings.retrain_meta.write_text(json.dumps(meta | {"content_sha256": "f" * 64}))
        with pytest.raises(NotEnoughData, match="raincast tune"):
            study_store.save_best(settings)
        assert not settings.best_params.exists()


def command(settings: Settings, seconds: int) -> subprocess.Popen[str]:
    environment = {
        **os.environ,
        "PROJECT_ROOT": str(settings.root),
        "TUNE_SECONDS": str(seconds),
        "PYTHONPATH": str(ROOT),
    }
    return subprocess.Popen(
        [sys.executable, SCRIPT, "--save-best"],
        env=environment,
        cwd=ROOT,
        text=True,
        stdout=subprocess.PIPE,
    )


def begun(settings: Settings) -> list[optuna.trial.FrozenTrial]:
    """The running trials whose parameters are all drawn."""
    running = study(settings).get_trials(states=[TrialState.RUNNING])
    return [trial for trial in running if set(trial.params) == set(tuning.SEARCHED)]


def test_the_command_ends_with_its_result_as_json_and_saves_the_best(settings: Settings) -> None:
    script = command(settings, 0)
    out, _ = script.communicate()
    assert script.returncode == 0
    answer = json.loads(out.splitlines()[-1])
    assert answer["study_name"] == json.loads(settings.best_params.read_text())["study_name"]


def test_killed_in_a_trial_it_goes_on_with_the_same_study(settings: Settings) -> None:
    script = command(settings, 600)
    deadline = monotonic() + 1200
    while not begun(settings):
        assert monotonic() < deadline, "no trial began"
        sleep(0.2)
    script.send_signal(signal.SIGKILL)
    script.communicate()
    before = study(settings)
    left = before.get_trials(states=[TrialState.RUNNING])[0]
    judged = len(studies.judged(before))
    sleep(study_store.GRACE_SECONDS + 2)
    answer = search.run(replace(settings, tune_seconds=9999, tune_trials=judged + 1))
    after = study(settings)
    assert answer.study_name == before.study_name
    assert after.trials[left.number].state == TrialState.FAIL
    assert not [trial for trial in after.trials if "failed_trial" in trial.system_attrs]
    assert answer.trials + answer.pruned == judged + 1
    assert not after.get_trials(states=[TrialState.RUNNING])


def test_a_killed_trial_outside_todays_ranges_does_not_end_the_search(settings: Settings) -> None:
    """As a search before this version left it: a trial that waits, with one parameter drawn from a
    range that is no longer searched.
    """
    there = study(settings)
    judged = studies.judged(there)
    ranges = judged[0].distributions | {
        "n_estimators": optuna.distributions.IntDistribution(1, 10, log=True)
    }
    left = optuna.trial.create_trial(
        state=TrialState.WAITING,
        params=judged[0].params | {"n_estimators": 6},
        distributions=ranges,
    )
    there.add_trial(left)
    search.run(replace(settings, tune_seconds=9999, tune_trials=len(judged) + 1))
    after = study(settings)
    assert after.trials[len(judged)].state == TrialState.FAIL
    assert len(studies.judged(after)) == len(judged) + 1
