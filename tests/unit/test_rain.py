"""Rain alone tells what the whole panel does, in one piece or in several."""

from datetime import timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from raincast.observations import panel, rain
from tests.observed import day, observations
from tests.places import INDEX, LOCATIONS

HERE = INDEX["Cairns"]
#     day   0    1    2     3     4
CAIRNS = [0.0, 1.0, 1.2, None, 30.0]
READINGS = {("Cairns", i): mm for i, mm in enumerate(CAIRNS)} | {("Perth", 4): 2.0}


@pytest.fixture(scope="module")
def whole() -> panel.Panel:
    return panel.from_frame(observations(READINGS), day(-1), day(5))


def test_it_is_the_panels_from_a_day_on(whole: panel.Panel) -> None:
    found = rain.of(whole, day(1))
    assert (found.first, len(found)) == (day(1), 5)
    expected = np.array([1.0, 1.2, np.nan, 30.0, np.nan], np.float32)
    np.testing.assert_array_equal(found.rainfall()[:, HERE], expected)
    assert found.rainfall().shape == (5, len(LOCATIONS))
    assert found.seen[:, HERE].tolist() == [True, True, True, True, False]


def test_truth_is_of_the_next_day_and_not_after_a_gap(whole: panel.Panel) -> None:
    """1.0 mm is no rain; 30 mm after a missing reading may have fallen on two days."""
    truth = rain.of(whole, day(0)).truth()
    expected = [0.0, 1.0, np.nan, np.nan, np.nan, np.nan]
    np.testing.assert_array_equal(truth[:, HERE], expected)
    np.testing.assert_array_equal(truth, whole.truth()[1:])


def test_what_is_kept_changes_with_nothing_of_the_panel(whole: panel.Panel) -> None:
    found = rain.of(whole, day(0))
    assert not np.shares_memory(found.mm, whole.values)


@given(cuts=st.sets(st.integers(1, 6)))
def test_spans_that_follow_each_other_are_one(whole: panel.Panel, cuts: set[int]) -> None:
    alone = rain.of(whole, day(-1))
    bounds = [0, *sorted(cuts), len(alone)]
    parts = [
        rain.Rain(day(-1) + timedelta(days=begin), alone.mm[begin:end], alone.seen[begin:end])
        for begin, end in pairwise(bounds)
    ]
    found = rain.joined(parts)
    assert found.first == alone.first
    np.testing.assert_array_equal(found.mm, alone.mm)
    np.testing.assert_array_equal(found.truth(), alone.truth())


def test_of_no_spans_there_are_no_days() -> None:
    found = rain.joined([])
    assert (len(found), found.truth().shape) == (0, (0, len(LOCATIONS)))
