"""The event is stated once: strictly more than 1.0 mm, and never from a reading that may hold
several days.
"""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from raincast.observations import event

NAN = np.nan


@pytest.mark.parametrize(
    ("rain", "happened"), [(0.0, 0), (1.0, 0), (1.0001, 1), (1.2, 1), (200, 1)]
)
def test_rain_is_strictly_more_than_one_millimetre(rain: float, happened: int) -> None:
    assert event.DEFAULT.occurred(rain) == happened


ANY, FIVE = event.Event(0.2, at_least=True), event.Event(5.0)


@pytest.mark.parametrize(
    ("rain", "any_rain", "five"),
    [(0.0, 0, 0), (0.1, 0, 0), (0.2, 1, 0), (0.3, 1, 0), (5.0, 1, 0), (5.1, 1, 1), (NAN, NAN, NAN)],
)
@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_another_event_is_the_same_of_any_kind_of_number(
    rain: float, any_rain: float, five: float, kind: type
) -> None:
    np.testing.assert_equal(ANY.occurred(kind(rain)), any_rain)
    np.testing.assert_equal(FIVE.occurred(kind(rain)), five)


@given(st.integers(1, 1000))
def test_a_reading_of_the_threshold_is_on_one_side(tenths: int) -> None:
    mm = tenths / 10
    both = np.float64(mm), np.float32(mm)
    assert all(event.Event(mm, at_least=True).occurred(one) == 1 for one in both)
    assert all(event.Event(mm).occurred(one) == 0 for one in both)


def test_the_statement_says_which_event() -> None:
    end = "in the 24 hours to 9 am local time on the target date"
    assert event.DEFAULT.statement == f"rainfall strictly greater than 1.0 mm {end}"
    assert ANY.statement == f"rainfall of at least 0.2 mm {end}"
    assert FIVE.amount == "more than 5 mm"


def test_a_missing_reading_is_not_dry() -> None:
    assert np.isnan(event.DEFAULT.occurred(NAN))


def test_target_date_is_the_day_after() -> None:
    assert event.target_date(date(2016, 12, 31)) == date(2017, 1, 1)


@pytest.mark.parametrize(
    ("rain", "seen", "truth"),
    [
        # rain of days 0-3            rows there         what happened after each day
        ([0, 5, 0, 0], [1, 1, 1, 1], [1, 0, 0, NAN]),
        ([0, NAN, 9, 0], [1, 1, 1, 1], [NAN, NAN, 0, NAN]),  # 9 mm may be of two days
        (
            [0, NAN, 9, 0],
            [1, 0, 1, 1],
            [NAN, NAN, 0, NAN],
        ),  # the same where the row itself is absent
        ([NAN, 5, 0, 0], [0, 1, 1, 1], [1, 0, 0, NAN]),  # a station's first day is not marked
    ],
)
def test_truth_is_the_next_days_reading(
    rain: list[float], seen: list[int], truth: list[float]
) -> None:
    found = event.DEFAULT.truth(
        np.array(rain, dtype=float)[:, None], np.array(seen, dtype=bool)[:, None]
    )
    np.testing.assert_array_equal(found[:, 0], truth)


@given(st.lists(st.one_of(st.just(NAN), st.floats(0, 400)), min_size=2, max_size=30))
def test_no_truth_follows_a_missing_reading(rain: list[float]) -> None:
    block = np.array(rain)[:, None]
    truth = event.DEFAULT.truth(block, np.ones_like(block, dtype=bool))[:, 0]
    assert np.isnan(truth[np.isnan(block[:, 0])]).all()
    told = ~np.isnan(truth[:-1])
    assert (truth[:-1][told] == (block[1:, 0][told] > 1.0)).all()
