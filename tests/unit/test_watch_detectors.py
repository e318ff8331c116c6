"""Detectors: under no change an e-value expects at most 1, and false alarms are as far apart as the
bound says; a change is seen, and since when.
"""

from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from raincast.verification.watch import chart, quality, sequential
from raincast.verification.watch.quality import Rows

CHANCES = st.lists(st.floats(0.02, 0.98), min_size=5, max_size=7)


@given(CHANCES, CHANCES, st.booleans())
@settings(max_examples=60, deadline=None)
def test_bets_on_calibrated_chances_expect_at_most_one(p, reference, together):
    """Exactly, over every outcome; also where all stations of a day depend on one draw."""
    n = min(len(p), len(reference))
    p, reference = np.array(p[:n]), np.array(reference[:n])
    expected = {}
    for chance, y in _together(p) if together else _alone(p):
        rows = Rows(np.zeros(n, np.intp), p, p > 0.5, np.array(y, float), reference)
        for name, log_e in quality.bets(rows, 1).items():
            expected[name] = expected.get(name, 0) + chance * np.exp(log_e[0])
    # Calibrated chances are no worse than climatology by the Brier score, so all three are null.
    for name, found in expected.items():
        assert (found <= 1 + 1e-9).all(), name


def _alone(p):
    for y in product((0, 1), repeat=len(p)):
        yield float(np.prod(np.where(y, p, 1 - p))), y


def _together(p):
    """All wet below one uniform draw: the strongest dependence with these chances."""
    edges = np.unique([0.0, *p, 1.0])
    for low, high in pairwise(edges):
        yield high - low, (p > low).astype(int)


def test_a_bet_is_never_ruined():
    x, low = np.array([-1.0, -0.5, np.nan]), np.array([-1.0, -0.5, -0.2])
    log_e = sequential.bounded(x, low)
    assert np.isfinite(log_e).all()
    assert (log_e[2] == 0).all()


@given(st.lists(st.floats(-3, 3), min_size=1, max_size=30))
def test_a_level_is_the_sum_of_all_bets_begun(gains):
    """R of day t is the sum over every first day of the product of e-values since."""
    log_e = np.array(gains)
    found = sequential.shiryaev_roberts(log_e)
    whole = [np.exp(log_e[k:].sum()) for k in range(len(log_e))]
    assert np.exp(found.log_level[-1]) == pytest.approx(sum(whole), rel=1e-9)


def test_false_alarms_are_as_far_apart_as_the_bound():
    rng, run_length = np.random.default_rng(7), 50.0
    history, live = rng.standard_normal((1500, 1)), rng.standard_normal((400, 300))
    known = chart.past(history)
    first = []
    for i in range(live.shape[1]):
        log_e = chart.log_e(live[:, [i]], known)
        found = sequential.shiryaev_roberts(log_e)
        even = np.full(log_e.shape[2], 1 / log_e.shape[2])
        level = sequential.mean_level(found.log_level, even)[:, 0]
        over = np.flatnonzero(level >= np.log(run_length))
        first.append(over[0] + 1 if len(over) else len(live))
    assert np.mean(first) > run_length


def test_a_shift_is_seen_and_dated():
    rng = np.random.default_rng(3)
    series = rng.standard_normal((80, 1))
    series[50:] += 1.5
    log_e = chart.log_e(series, chart.past(rng.standard_normal((1000, 1))))[:, 0]
    found = sequential.shiryaev_roberts(log_e)
    best = found.log_level[-1].argmax()
    assert found.log_level[-1, best] > np.log(1e4)
    assert abs(found.since[-1, best] - 50) <= 5


def test_a_season_that_the_past_had_is_no_change():
    """Slow swings of the past are explained by yesterday and the week before."""
    rng, days = np.random.default_rng(5), np.arange(2200)
    series = (np.sin(2 * np.pi * days / 365) + 0.3 * rng.standard_normal(2200))[:, None]
    log_e = chart.log_e(series[1800:], chart.past(series[:1800]))[:, 0]
    found = sequential.shiryaev_roberts(log_e)
    level = sequential.mean_level(found.log_level, np.full(10, 0.1))
    assert level.max() < np.log(1000)


def test_a_day_without_values_says_nothing():
    known = chart.past(np.random.default_rng(1).standard_normal((500, 2)))
    assert (chart.log_e(np.full((3, 2), np.nan), known) == 0).all()
