"""The value of forecasts to a user who states cost and loss."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from raincast.verification import scoring, value
from raincast.verification.records import ContingencyTable

DAYS = np.datetime64("2024-01-01") + np.arange(40).repeat(5)


def draw(seed: int, n: int = 200):
    rng = np.random.default_rng(seed)
    p = rng.uniform(size=n)
    return (rng.uniform(size=n) < p).astype(float), p


@given(st.integers(0, 50), st.floats(0.05, 0.95))
def test_it_is_the_value_of_the_table_at_that_threshold(seed, ratio):
    y, p = draw(seed)
    wet, said = y == 1, p >= ratio
    table = ContingencyTable(
        hits=int((wet & said).sum()),
        misses=int((wet & ~said).sum()),
        false_alarms=int((~wet & said).sum()),
        correct_negatives=int((~wet & ~said).sum()),
    )
    found = value.of_user(y, p, said, DAYS, ratio)
    assert found.value == pytest.approx(scoring.value(table, ratio))
    assert found.as_served == found.value
    assert found.days == 40


def test_a_perfect_forecast_is_worth_one_and_never_protecting_at_most_nothing():
    y, _ = draw(1)
    perfect = value.of_user(y, y, np.zeros(200, bool), DAYS, 0.3)
    assert perfect.value == pytest.approx(1)
    assert perfect.as_served is not None
    assert perfect.as_served <= 0


def test_the_threshold_that_suits_is_worth_more_than_another():
    rng = np.random.default_rng(4)
    p = rng.beta(0.6, 1.6, size=20000)
    y = (rng.uniform(size=20000) < p).astype(float)
    day = np.datetime64("2000-01-01") + np.arange(20000) // 40
    found = value.of_user(y, p, p >= 0.5, day, 0.2)
    low, high = found.interval
    assert low < found.value < high
    assert found.value > found.as_served


def test_rain_every_day_has_no_value():
    found = value.of_user(np.ones(200), np.full(200, 0.9), np.ones(200, bool), DAYS, 0.2)
    assert (found.value, found.interval) == (None, None)
