"""What becomes of a challenger: hand-worked cases, and properties."""

from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from raincast.decisions import gate
from raincast.decisions.gate import Gate
from raincast.verification.records import ComparedSpan, Comparison
from tests.score_records import compared

PLAIN = Gate(0.002, 0, 0)


def comparison(difference, interval):
    return Comparison(
        no_worse=difference <= 0,
        champion=compared("old", 0.1),
        challenger=compared("new", 0.1 + difference),
        brier_difference=difference,
        brier_difference_interval=interval,
        span=ComparedSpan(first="2016-03-01", last="2016-03-02", days=2),
    )


@pytest.mark.parametrize(
    ("difference", "interval", "plain", "origins", "shadow", "both"),
    [
        (-0.001, None, "promote", "refuse", "shadow", "shadow"),
        (+0.001, None, "refuse", "refuse", "shadow", "shadow"),
        (-0.005, (-0.009, -0.001), "promote", "promote", "shadow", "promote"),
        (+0.001, (-0.001, 0.002), "refuse", "promote", "shadow", "promote"),
        (+0.001, (-0.001, 0.003), "refuse", "refuse", "shadow", "shadow"),
        (-0.001, (-0.004, 0.003), "promote", "refuse", "shadow", "shadow"),
        (+0.006, (+0.003, 0.009), "refuse", "refuse", "refuse", "refuse"),
    ],
)
def test_before_it_serves(difference, interval, plain, origins, shadow, both):
    found = comparison(difference, interval)
    asked = {
        PLAIN: plain,
        PLAIN._replace(origins=3): origins,
        PLAIN._replace(shadow_days=60): shadow,
        Gate(0.002, 3, 60): both,
    }
    assert {one: gate.before_serving(found, one) for one in asked} == asked


@pytest.mark.parametrize(
    ("interval", "days", "verdict"),
    [
        (None, 59, "shadow"),
        (None, 60, "refuse"),
        ((-0.01, 0.002), 9, "promote"),
        ((-0.01, 0.002), 61, "promote"),
        ((-0.01, 0.0021), 59.9, "shadow"),
        ((-0.01, 0.0021), 60, "refuse"),
        ((0.0021, 0.01), 9, "refuse"),
        ((0.001, 0.01), 9, "shadow"),
    ],
)
def test_in_the_shadow(interval, days, verdict):
    asked = Gate(0.002, 0, 60)
    assert gate.in_the_shadow(interval, timedelta(days=days), asked) == verdict


@given(st.floats(-1, 1), st.floats(0, 1), st.integers(0, 200), st.floats(0, 0.1))
def test_the_shadow_always_ends_and_never_promotes_what_may_be_worse_than_the_margin(
    low, width, days, margin
):
    asked, interval = Gate(margin, 0, 60), (low, low + width)
    verdict = gate.in_the_shadow(interval, timedelta(days=days), asked)
    assert (verdict == "promote") == (interval[1] <= margin)
    assert verdict != "shadow" or days < 60


def test_the_running_interval_by_hand():
    """30 days of -1 and 1: mean 0, deviation sqrt(30/29); the mixture is 2 ln 20 + ln(2 ln 20 + 1),
    7.9361, so the radius is sqrt(2 · 8.9361 / (30 · 7.9361) · ln(2.9893 / 0.05)) = 0.5541.
    """
    low, high = gate.running_interval(np.tile([-1.0, 1.0], 15))
    assert high == pytest.approx(0.5541 * (30 / 29) ** 0.5, abs=1e-3)
    assert low == pytest.approx(-high)


def test_few_days_have_no_running_interval():
    assert gate.running_interval(np.zeros(7)) is None
    assert gate.running_interval(np.zeros(8)) == (0.0, 0.0)


def test_looked_at_every_day_it_holds_the_truth_as_often_as_it_says():
    """2,000 walks of 120 days, looked at from day 8 on: at most 5 % ever leave."""
    walks = np.random.default_rng(7).standard_normal((2000, 120))
    left = np.zeros(len(walks), dtype=bool)
    for days in range(8, 121):
        radius = gate.running_interval(np.tile([-1.0, 1.0], days // 2 + 1)[:days])
        half = (radius[1] - radius[0]) / 2 / np.tile([-1.0, 1.0], days // 2 + 1)[:days].std(ddof=1)
        part = walks[:, :days]
        left |= np.abs(part.mean(axis=1)) > half * part.std(axis=1, ddof=1)
    assert left.mean() <= 0.06


def test_the_mean_of_a_day_counts_once_whatever_its_forecasts():
    day = np.array(["2016-01-02", "2016-01-01", "2016-01-02"], dtype="datetime64[D]")
    assert gate.daily_means(np.array([1.0, 5.0, 3.0]), day).tolist() == [5.0, 2.0]
