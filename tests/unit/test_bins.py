"""The bins of a reliability table hold each chance once."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from raincast.verification import bins, scoring

chances = st.lists(st.floats(0, 1), min_size=1, max_size=40)


@pytest.mark.parametrize(
    ("p", "number"), [(0.0, 0), (0.0999, 0), (0.1, 1), (0.5, 5), (0.95, 9), (1.0, 9)]
)
def test_a_bin_holds_its_lower_edge_and_the_last_one_also_one(p: float, number: int) -> None:
    assert bins.bin_of(np.array([p])).tolist() == [number]


@given(chances, st.integers(1, 20))
def test_every_chance_is_in_one_bin_whose_mean_lies_in_it(p: list[float], count: int) -> None:
    wet = np.arange(len(p)) % 2
    table = scoring.reliability(wet, p, count)
    assert sum(one.n for one in table) == len(p)
    assert sum(one.n * (one.observed or 0) for one in table) == pytest.approx(wet.sum())
    for one in table:
        if one.n:
            assert one.low - 1e-9 <= one.mean_forecast <= one.high + 1e-9
        else:
            assert (one.mean_forecast, one.observed) == (None, None)


def test_bins_of_any_edges_by_hand() -> None:
    table = bins.reliability_of(
        np.array([1.0, 0.0, 1.0]), np.array([0.1, 0.3, 0.9]), np.array([0, 0, 2]), [0, 0.5, 0.8, 1]
    )
    rows = [(one.low, one.high, one.n, one.mean_forecast, one.observed) for one in table]
    assert rows == [(0, 0.5, 2, 0.2, 0.5), (0.5, 0.8, 0, None, None), (0.8, 1, 1, 0.9, 1)]
