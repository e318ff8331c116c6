"""The parts of the live report on a handful of verified forecasts, by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from raincast.observations import panel, rain
from raincast.verification import compact, live_scores
from raincast.verification.compact import DRY, WET
from raincast.verification.sums import FIGURES
from raincast.verification.verified import Verified
from tests.observed import day, observations
from tests.places import INDEX

ALBURY, CAIRNS = INDEX["Albury"], INDEX["Cairns"]
COMPLETE, EARLY = (compact.NAMES["regime"].index(name) for name in ("complete", "9am"))
TODAY, NEIGHBOURS = (compact.NAMES["basis"].index(name) for name in ("today", "neighbours"))
NOT_RECORDED = -1

# Target day, station, reading, chance, warning, hour, regime, basis.
ROWS = [
    (1, ALBURY, WET, 0.9, 1, 6, EARLY, TODAY),
    (1, ALBURY, WET, 0.7, 1, 18, COMPLETE, TODAY),
    (1, CAIRNS, DRY, 0.6, 1, 6, EARLY, NEIGHBOURS),
    (2, CAIRNS, WET, 0.2, 0, 6, EARLY, TODAY),
    (4, CAIRNS, DRY, 0.1, 0, NOT_RECORDED, NOT_RECORDED, NOT_RECORDED),
]


def verified(rows, reference=0.5) -> Verified:
    """Forecasts for the target days of the tests' time, logged in the order given."""
    target, location, reading, p, predicted, hour, regime, basis = np.array(rows).reshape(-1, 8).T
    begin = np.datetime64(day(0), "D").astype(int)
    columns = compact.Rows(
        logged=np.arange(len(target)),
        target=(begin + target).astype(np.int32),
        location=location.astype(np.int32),
        hour=hour.astype(np.int8),
        regime=regime.astype(np.int8),
        basis=basis.astype(np.int8),
        source=np.zeros(len(target), np.int8),
        reading=reading.astype(np.int8),
        p=p,
        predicted=predicted.astype(np.int8),
    )
    return Verified(columns, np.full(len(target), float(reference)))


def rng() -> np.random.Generator:
    return np.random.default_rng(0)


def test_a_span_says_from_when_to_when_and_counts_a_wet_station_day_once() -> None:
    found = live_scores.over_span(verified(ROWS[::-1]), rng())
    assert (found.first_target_date, found.last_target_date) == (str(day(1)), str(day(4)))
    assert (found.n, found.positives, found.days) == (5, 3, 3)
    assert found.wet_station_days == 2  # Albury's first day, forecast twice, and Cairns' second
    assert found.recall == pytest.approx(2 / 3)
    assert found.precision == pytest.approx(2 / 3)
    # Squared errors .01, .09, .36, .64, .01 against five of .25.
    assert found.brier == pytest.approx(1.11 / 5)
    assert found.brier_skill == pytest.approx(1 - 1.11 / 1.25)


def test_a_span_of_nothing_has_no_dates_and_no_figure() -> None:
    found = live_scores.over_span(verified([]), rng())
    assert (found.first_target_date, found.last_target_date) == (None, None)
    assert (found.n, found.days, found.wet_station_days) == (0, 0, 0)
    assert [getattr(found, name) for name in FIGURES] == [None] * len(FIGURES)


def test_the_live_figures_are_of_the_newest_and_the_evidence_is_apart() -> None:
    """Of the newest three, the two of day 1 that came first are left out: 0.6 on a dry day, 0.2 on
    a wet one, 0.1 on a dry one, so that no wet day was warned of and no dry chance was lower.
    """
    found = live_scores.quality(verified(ROWS), verified(ROWS[:2]), 3, rng())
    assert (found.status, found.window, found.scored_rows, found.positives_true) == ("ok", 3, 3, 1)
    assert (found.recall_live, found.precision_live, found.accuracy_live) == (0, 0, 1 / 3)
    assert found.roc_auc_live == 1 / 2  # 0.2 passes 0.1 and not 0.6
    assert found.brier_live == pytest.approx((0.36 + 0.64 + 0.01) / 3)
    assert (found.first_target_date, found.last_target_date) == (str(day(1)), str(day(4)))
    assert (found.evidence.n, found.evidence.recall, found.evidence.roc_auc) == (2, 1, None)


def test_without_truth_the_status_says_so_and_the_figures_are_unknown() -> None:
    found = live_scores.quality(verified([]), verified([]), 200, rng())
    assert (found.status, found.scored_rows) == ("no_ground_truth_available", 0)
    assert [getattr(found, f"{name}_live") for name in FIGURES] == [None] * len(FIGURES)
    assert found.intervals.recall is None


@pytest.mark.parametrize(
    ("key", "rows"),
    [
        ("location", {"Albury": 2, "Cairns": 3}),
        ("regime", {"9am": 3, "complete": 1, "not recorded": 1}),
        ("hour", {"06": 3, "18": 1, "not recorded": 1}),
        ("basis", {"neighbours": 1, "today": 3, "not recorded": 1}),
    ],
)
def test_groups_stand_in_the_order_of_their_labels_what_is_not_recorded_last(key, rows) -> None:
    found = live_scores.groups(verified(ROWS[::-1]), key)
    assert [(name, scores.n) for name, scores in found.items()] == list(rows.items())


def test_a_group_has_the_scores_of_its_own_rows() -> None:
    cairns = live_scores.groups(verified(ROWS), "location")["Cairns"]
    assert cairns.table.to_json() == {
        "hits": 0,
        "misses": 1,
        "false_alarms": 1,
        "correct_negatives": 1,
    }
    assert cairns.roc_auc == 1 / 2
    assert cairns.brier_skill == pytest.approx(1 - (0.36 + 0.64 + 0.01) / 0.75)


def test_what_rests_on_no_observation_stands_among_the_bases_in_their_order() -> None:
    climatology = compact.NAMES["basis"].index("climatology")
    weaker = verified([(3, ALBURY, WET, 0.3, 0, 6, EARLY, climatology)])
    found = live_scores.by_basis(verified(ROWS), weaker)
    assert {name: scores.n for name, scores in found.items()} == {
        "climatology": 1,
        "neighbours": 1,
        "today": 3,
        "not recorded": 1,
    }
    assert list(found) == ["climatology", "neighbours", "today", "not recorded"]


forecast = st.tuples(
    st.integers(0, 20),
    st.sampled_from([ALBURY, CAIRNS]),
    st.sampled_from([DRY, WET]),
    st.sampled_from([0.0, 0.2, 0.5, 1.0]),
    st.integers(0, 1),
    st.integers(-1, 23),
    st.integers(-1, 2),
    st.integers(-1, 4),
)


@given(st.lists(forecast, max_size=30), st.sampled_from(["location", "hour", "regime", "basis"]))
def test_every_forecast_is_in_one_group(rows, key) -> None:
    found = live_scores.groups(verified(rows), key).values()
    assert sum(scores.n for scores in found) == len(rows)
    assert sum(scores.positives for scores in found) == sum(row[2] == WET for row in rows)
    squared = sum(scores.n * scores.brier for scores in found)
    assert squared == pytest.approx(sum((row[3] - (row[2] == WET)) ** 2 for row in rows))


@given(st.lists(forecast, min_size=1, max_size=30), st.randoms())
def test_the_order_of_the_rows_tells_nothing(rows, random) -> None:
    mixed = random.sample(rows, len(rows))
    one, other = (live_scores.over_span(verified(some), rng()) for some in (rows, mixed))
    assert one.table == other.table
    assert one.intervals.recall == other.intervals.recall
    assert one.brier == pytest.approx(other.brier)
    assert one.last_target_date == other.last_target_date


@pytest.fixture(scope="module")
def observed() -> rain.Readings:
    """It rains every other day at Cairns, from day 0 on."""
    readings = {("Cairns", i): 5.0 * (i % 2 == 0) for i in range(31)}
    return rain.of(panel.from_frame(observations(readings), day(0), day(30)), day(0))


def test_ours_beside_persistence_and_climatology(observed) -> None:
    """Before target day 20 every dry day was followed by rain, every wet one by none: persistence
    knows that, and its warnings, rain after rain, are all wrong.
    """
    days = range(20, 30)
    made = [(i, CAIRNS, WET if i % 2 == 0 else DRY, 0.5, 0, 6, EARLY, TODAY) for i in days]
    basis = verified(made, reference=0.4)
    found = live_scores.beside_opponents(
        basis, live_scores.over_span(basis, rng()), observed, rng()
    )
    assert list(found) == ["persistence", "climatology"]
    theirs, usual = found["persistence"], found["climatology"]
    assert (theirs.recall, theirs.precision, theirs.brier, theirs.roc_auc) == (0, 0, 0, 1)
    assert (theirs.skill, theirs.skill_interval) == (None, None)  # nobody beats what never errs
    assert usual.brier == pytest.approx((0.16 + 0.36) / 2)
    assert (usual.recall, usual.precision, usual.f1) == (None, None, None)  # it gives no warning
    assert usual.skill == pytest.approx(1 - 0.25 / 0.26)
    low, high = usual.skill_interval
    assert low < usual.skill < high


def test_no_opponent_stands_beside_nothing(observed) -> None:
    nothing = verified([])
    scored = live_scores.over_span(nothing, rng())
    assert live_scores.beside_opponents(nothing, scored, observed, rng()) == {}
