"""The search judges on later days only, begins with what serves, and goes on where it stopped."""

import warnings
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import optuna
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from optuna.trial import FixedTrial, TrialState, create_trial

from raincast.errors import NotEnoughData
from raincast.features import block as features
from raincast.learning import blend, studies, tuning
from raincast.learning.examples import Examples
from raincast.learning.fitting import Span
from raincast.learning.studies import OBJECTIVE
from raincast.learning.thresholds import precision_at_recall
from raincast.learning.tuning import Fold
from raincast.observations import panel
from raincast.observations.availability import REGIMES
from tests.learned import HISTORY_END, PLACES, weather

optuna.logging.set_verbosity(optuna.logging.ERROR)
DAY_0 = date(2014, 1, 1)
SHALLOW = blend.DEFAULT_PARAMS | {"max_depth": 4}
QUICK = {"n_estimators": 60, "learning_rate": 0.2, "max_depth": 3}


class TestBlocks:
    @settings(max_examples=20)
    @given(st.sets(st.integers(0, 6000), min_size=180, max_size=900))
    def test_they_are_the_newest_days_with_truth_in_order_and_apart(
        self, numbers: set[int]
    ) -> None:
        days = [DAY_0 + timedelta(days=n) for n in sorted(numbers)]
        found = tuning.blocks(days)
        assert len(found) == studies.BLOCKS
        assert found[-1].last == days[-1]
        assert all(earlier.last < later.first for earlier, later in pairwise(found))
        lengths = {sum(block.first <= day <= block.last for day in days) for block in found}
        assert len(lengths) == 1
        assert studies.FEWEST_BLOCK_DAYS <= lengths.pop() <= studies.BLOCK_DAYS
        assert sum(day < found[0].first for day in days) >= len(days) // 2

    def test_a_few_live_days_years_after_the_history_share_a_block_with_its_end(self) -> None:
        old = [DAY_0 + timedelta(days=n) for n in range(1200)]
        live = [date(2026, 11, 1), date(2026, 11, 2)]
        last = tuning.blocks(old + live)[-1]
        assert last.first == old[-(studies.BLOCK_DAYS - 2)]
        assert last.last == live[-1]

    def test_too_few_days_are_counted_in_the_message(self) -> None:
        with pytest.raises(NotEnoughData, match="needs 180 days with truth, found 179"):
            tuning.blocks([DAY_0 + timedelta(days=n) for n in range(179)])


@pytest.fixture(scope="module")
def folds() -> list[Fold]:
    return tuning.folds(panel.from_frame(weather(date(2015, 1, 1), HISTORY_END)))


class TestFolds:
    def test_what_is_fitted_to_knows_nothing_of_its_block(self, folds: list[Fold]) -> None:
        for fold in folds:
            first = min(rows.day.min() for rows in fold.block.values())
            assert fold.past.day.max() + np.timedelta64(1, "D") < first

    def test_no_block_reaches_beyond_the_last_day_that_may_be_seen(self) -> None:
        last = HISTORY_END - timedelta(days=90)
        found = tuning.folds(panel.from_frame(weather(date(2015, 1, 1), HISTORY_END)), last)
        assert max(rows.day.max() for fold in found for rows in fold.block.values()) == last

    def test_a_block_has_every_regime_on_the_same_station_days(self, folds: list[Fold]) -> None:
        for fold in folds:
            assert tuple(fold.block) == REGIMES
            keys = [(tuple(rows.day), tuple(rows.station)) for rows in fold.block.values()]
            assert len(set(keys)) == 1
            assert len(set(fold.block["9am"].station)) == len(PLACES)

    def test_so_many_rows_are_drawn_as_asked_for_from_all_of_the_past(self) -> None:
        observed = panel.from_frame(weather(date(2015, 1, 1), date(2015, 12, 31)))
        drawn = tuning.fold(observed, Span(date(2015, 11, 1), date(2015, 11, 30)), 300).past
        assert len(drawn) == 300
        assert len(np.unique(drawn.day.astype("datetime64[M]"))) == 10
        assert len(np.unique(drawn.station)) == len(PLACES)

    def test_the_score_finds_skill_where_there_is_skill(self, folds: list[Fold]) -> None:
        score = tuning.scorer(0.75)
        skilled = score(folds[-1], blend.DEFAULT_PARAMS | QUICK)
        shuffled = Examples(
            folds[-1].past.X,
            np.random.default_rng(0).permutation(folds[-1].past.y),
            folds[-1].past.day,
            folds[-1].past.station,
        )
        blind = score(Fold(shuffled, folds[-1].block), blend.DEFAULT_PARAMS | QUICK)
        assert skilled[OBJECTIVE] > blind[OBJECTIVE] + 0.1
        assert skilled["precision at recall 0.75"] > blind["precision at recall 0.75"]
        assert skilled["brier"] < blind["brier"]
        assert score(folds[-1], blend.DEFAULT_PARAMS | QUICK) == skilled


class TestSpace:
    @pytest.mark.parametrize("params", [blend.DEFAULT_PARAMS, blend.QUICK_PARAMS])
    def test_what_is_trained_without_a_search_lies_in_it(self, params: dict[str, object]) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            assert tuning.suggest(FixedTrial(params)) == tuning.searched(params)

    def test_every_name_is_one_of_the_models(self) -> None:
        assert set(tuning.SEARCHED) < set(blend.DEFAULT_PARAMS)
        assert {"perceptrons", "epochs"}.isdisjoint(tuning.SEARCHED)


def nearly_eight(fold: Fold, params: dict[str, object]) -> dict[str, float]:
    """A score whose best is known: deep trees of depth 8, and each fold adds its own."""
    return {OBJECTIVE: 1 - abs(params["max_depth"] - 8) / 10 + len(fold.block) / 100}


THREE = [Fold(Examples(*[np.zeros((0, 1))] * 4), dict.fromkeys(range(n))) for n in (0, 1, 2)]


def study() -> optuna.Study:
    return optuna.create_study(
        direction="maximize", pruner=studies.pruner(), sampler=studies.sampler(0)
    )


class TestSearch:
    def test_a_trial_is_worth_the_mean_of_its_folds(self) -> None:
        searched = study()
        tuning.begin_with(searched, [blend.DEFAULT_PARAMS])
        searched.optimize(tuning.objective(THREE, nearly_eight), n_trials=1)
        assert searched.best_value == pytest.approx(0.91)
        assert searched.best_trial.user_attrs["figures"] == {OBJECTIVE: pytest.approx(0.91)}

    def test_it_is_never_worse_than_what_it_begins_with(self) -> None:
        searched = study()
        waiting = tuning.begin_with(searched, [SHALLOW, blend.DEFAULT_PARAMS])
        assert waiting == 2
        searched.optimize(tuning.objective(THREE, nearly_eight), n_trials=30)
        first, second = searched.trials[:2]
        assert (first.params, second.params) == (
            tuning.searched(SHALLOW),
            tuning.searched(blend.DEFAULT_PARAMS),
        )
        assert searched.best_value >= max(first.value, second.value)
        assert searched.best_params["max_depth"] == 8

    def test_poor_trials_are_cut_short_and_take_no_part_in_the_best(self) -> None:
        searched = study()
        searched.optimize(tuning.objective(THREE, nearly_eight), n_trials=40)
        pruned = searched.get_trials(states=[TrialState.PRUNED])
        assert pruned
        assert all(len(trial.intermediate_values) < len(THREE) for trial in pruned)
        assert len(studies.judged(searched)) == 40 == len(pruned) + len(studies.complete(searched))

    def test_what_was_judged_is_not_begun_with_again(self) -> None:
        searched = study()
        assert (
            tuning.begin_with(searched, [SHALLOW, dict(SHALLOW), SHALLOW | {"perceptrons": 9}]) == 1
        )
        assert tuning.begin_with(searched, [SHALLOW]) == 1
        searched.optimize(tuning.objective(THREE, nearly_eight), n_trials=1)
        assert tuning.begin_with(searched, [SHALLOW]) == 0

    @pytest.mark.parametrize("state", [TrialState.RUNNING, TrialState.FAIL])
    def test_what_a_killed_search_left_was_not_judged(self, state: TrialState) -> None:
        searched = study()
        distributions = FixedTrial(SHALLOW)
        tuning.suggest(distributions)
        left = create_trial(
            state=state,
            params=tuning.searched(SHALLOW),
            distributions=distributions.distributions,
            system_attrs={"fixed_params": tuning.searched(SHALLOW)},
        )
        searched.add_trial(left)
        assert tuning.begin_with(searched, [SHALLOW]) == 1
        assert studies.seconds(searched) == 0

    def test_a_study_that_goes_on_does_not_repeat_its_draws(self) -> None:
        once, going_on = study(), study()
        value = tuning.objective(THREE, nearly_eight)
        once.optimize(value, n_trials=5)
        going_on.optimize(value, n_trials=5)
        going_on.sampler = studies.sampler(len(going_on.trials))
        going_on.optimize(value, n_trials=5)
        drawn = [trial.params["learning_rate"] for trial in going_on.trials]
        assert drawn[:5] == [trial.params["learning_rate"] for trial in once.trials]
        assert len(set(drawn)) == 10

    def test_the_time_of_judged_trials_counts(self) -> None:
        searched = study()
        searched.optimize(tuning.objective(THREE, nearly_eight), n_trials=3)
        assert studies.seconds(searched) == pytest.approx(
            sum(trial.duration.total_seconds() for trial in searched.trials)
        )


def test_precision_at_recall_by_hand() -> None:
    y = np.array([1, 1, 0, 1, 0, 1, 0, 0], dtype=float)
    p = np.array([0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2])
    assert precision_at_recall(y, p, 0.75) == pytest.approx(3 / 4)
    assert precision_at_recall(y, p, 1.0) == pytest.approx(4 / 6)
    assert precision_at_recall(y, np.full(8, 0.3), 0.5) == pytest.approx(0.5)


def test_features_are_those_that_serve(folds: list[Fold]) -> None:
    assert folds[0].past.X.shape[1] == len(features.NAMES)
