"""The arithmetic of the scores, by hand, and by its two ways to rank."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from raincast.verification import sums
from raincast.verification.sums import Cells


@pytest.mark.parametrize(
    ("count", "at_once", "parts"),
    [(0, 3, [(0, 3)]), (1, 3, [(0, 3)]), (3, 3, [(0, 3)]), (7, 3, [(0, 3), (3, 6), (6, 9)])],
)
def test_pieces_follow_each_other_and_there_is_always_one(count, at_once, parts):
    assert [(part.start, part.stop) for part in sums.slices(count, at_once)] == parts


def test_addends_by_hand():
    """A hit, a miss, a false alarm, a correct negative, and one whose truth is not known."""
    nan = float("nan")
    f = sums.forecasts(
        [1, 1, 0, 0, nan], [0.9, 0.2, 0.6, 0.1, 0.5], [1, 0, 1, 0, 1], [0.5, 0.5, nan, 0.5, 0.5]
    )
    found = sums.sums(f, np.zeros(5, np.intp), 1)
    assert [float(value[0]) for value in found.table()] == [1, 1, 1, 1]
    assert found.squared[0] == pytest.approx(0.01 + 0.64 + 0.36 + 0.01)
    assert found.squared_compared[0] == pytest.approx(0.01 + 0.64 + 0.01)
    assert found.squared_reference[0] == pytest.approx(3 * 0.25)
    figures = sums.of_groups(found, (np.array([0.5]), np.array([0.5])))
    assert tuple(figures) == sums.FIGURES
    assert figures["brier"][0] == pytest.approx(1.02 / 4)
    assert figures["brier_skill"][0] == pytest.approx(1 - 0.66 / 0.75)
    assert [float(figures[name][0]) for name in sums.CONTINGENCY] == [0.5] * 4


def test_a_group_without_forecasts_has_no_figure():
    f = sums.forecasts([1], [0.9], [1], [0.5])
    ranks = sums.ranked_by_group(f, np.zeros(1, np.intp), 2)
    figures = sums.of_groups(sums.sums(f, np.zeros(1, np.intp), 2), ranks)
    assert all(np.isnan(values[1]) for values in figures.values())


@given(
    st.lists(st.integers(0, 2), min_size=1, max_size=30), st.lists(st.integers(0, 4), min_size=3)
)
def test_weighted_sums_are_those_of_the_groups_taken_so_often(groups, often):
    """As a resample of days is: a group that is drawn twice counts twice, one that is not, not."""
    rng, n = np.random.default_rng(len(groups)), len(groups)
    columns = (rng.integers(0, 2, n), rng.random(n), rng.integers(0, 2, n), rng.random(n))
    f, group = sums.forecasts(*columns), np.array(groups, np.intp)
    found = sums.sums(f, group, 3).weighted(np.array([often[:3]]))
    repeated = np.repeat(np.arange(n), np.array(often[:3])[group])
    drawn = sums.forecasts(*(column[repeated] for column in f))
    expected = sums.sums(drawn, np.zeros(len(repeated), np.intp), 1)
    for one, other in zip(found, expected, strict=True):
        assert one == pytest.approx(other)


CHANCES = st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.75, 1.0])
ROWS = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 1), CHANCES), min_size=1, max_size=40)


@given(ROWS)
def test_sorted_cells_rank_as_the_forecasts_themselves(rows):
    group, y, p = (np.array(column) for column in zip(*rows, strict=True))
    group = np.unique(group, return_inverse=True)[1]
    f = sums.forecasts(y, p, p >= 0.5, np.full(len(p), 0.5))
    by_group = sums.ranked_by_group(f, group, group.max() + 1)
    cells = sorted({(g, c) for g, _, c in zip(group.tolist(), y, p.tolist(), strict=True)})
    count = {
        kind: [float(((group == g) & (p == c) & (y == kind)).sum()) for g, c in cells]
        for kind in (0, 1)
    }
    starts = np.flatnonzero(np.r_[True, np.diff([g for g, _ in cells]) > 0])
    with np.errstate(divide="ignore"):
        ranked = sums.ranked(Cells(np.array(count[1]), np.array(count[0]), starts))
    for one, other in zip(ranked, by_group, strict=True):
        np.testing.assert_allclose(one, other)
