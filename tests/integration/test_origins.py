"""Champion and challenger on past cut-offs: what is fitted to what, and what that says."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from raincast.errors import NotEnoughData
from raincast.learning import fitting
from raincast.learning.blend import Forecaster
from raincast.learning.fitting import Span
from raincast.loop import origins, retrain
from raincast.observations import panel
from raincast.settings import Settings
from raincast.store.registry import Registry
from raincast.verification.records import Comparison
from tests import learned, retrained
from tests.retrained import BAD, GOOD, LAST, NOW

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("four_stations")]
CUT = date(2015, 12, 31)


@pytest.fixture(scope="module")
def observed():
    return panel.from_frame(learned.weather(learned.FIRST, date(2016, 1, 31)))


def model(observed, params: dict[str, object], last: date, version: str) -> Forecaster:
    about = fitting.description(observed, Span(observed.first, last), params)
    return Forecaster.unkept(None, about, dict.fromkeys(("9am", "3pm", "complete"), 0.3), version)


def test_the_cut_offs_are_the_newest_blocks_and_the_champion_keeps_its_age(observed):
    days = observed.days_with_truth()
    (one,) = origins.cutoffs(observed, days[-1] - timedelta(days=20), 1)
    assert one.compared == Span(days[-90], days[-1])
    assert one.new_last == days[-90] - timedelta(days=2)
    assert one.old_last == one.new_last - timedelta(days=20)


def test_too_short_a_history_says_so(observed):
    with pytest.raises(NotEnoughData, match=r"GATE_ORIGINS=3: .* set fewer origins"):
        origins.cutoffs(observed, CUT, 3)


@pytest.mark.parametrize(("old", "new", "better"), [(BAD, GOOD, True), (GOOD, BAD, False)])
def test_the_better_settings_are_found_with_an_interval(observed, old, new, better):
    settings = Settings(gate_origins=1)
    last = observed.days_with_truth()[-1]
    champion, challenger = model(observed, old, last, "old"), model(observed, new, last, "new")
    found = origins.compare(settings, observed, champion, challenger)
    assert found.no_worse == better
    low, high = found.brier_difference_interval
    assert low < found.brier_difference < high
    assert (high < 0) == better
    (one,) = found.origins
    assert np.mean(one.brier_differences) == pytest.approx(found.brier_difference)
    assert len(set(one.brier_differences)) == len(origins.SEEDS)
    assert Comparison.from_json(found.to_json(), "here") == found


def test_the_same_settings_of_the_same_age_differ_in_nothing(observed):
    last = observed.days_with_truth()[-1]
    same = model(observed, BAD, last, "old")
    found = origins.compare(Settings(gate_origins=1), observed, same, same)
    assert (found.brier_difference, found.seed_sd) == (0.0, 0.0)


def test_days_and_seeds_add_up_as_independent():
    assert origins.widened(1.0, (-2.0, 4.0), 4 / 1.96) == pytest.approx((-4.0, 6.0))
    assert origins.widened(1.0, None, 1.0) is None
    assert origins.seed_deviation([np.array([1.0, 3.0]), np.array([5.0, 5.0])]) == 1.0


@pytest.mark.parametrize(
    ("world", "promoted", "said"),
    [
        (retrained.better, True, "surely no worse beyond"),
        (retrained.worse, False, "not surely no worse beyond"),
    ],
)
def test_a_retraining_asks_the_origins(tmp_path, world, promoted, said):
    settings = replace(world(tmp_path), gate_origins=1)
    done = retrain.retrain(settings, NOW, "run 1")
    assert done.promoted == promoted
    assert done.reason.startswith(said)
    assert done.comparison.origins[0].last == str(LAST)
    assert Registry(settings.models).history()[-1].reason == done.reason
