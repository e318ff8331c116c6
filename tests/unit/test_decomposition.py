"""The Brier score taken apart: worked by hand, and the parts that always make it up."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from raincast.verification import decomposition
from raincast.verification.records import BrierParts


def parts(y: list[float], p: list[float], days: int = 10) -> BrierParts:
    day = np.arange(len(y)) % days
    rng = np.random.default_rng(1)
    return decomposition.parts(np.array(y), np.array(p), day, rng, resamples=50)


def whole(found: BrierParts) -> float:
    return found.reliability - found.resolution + found.uncertainty + found.within_bins


def test_four_forecasts_worked_by_hand() -> None:
    """Bin 0.2: two forecasts, one wet. Bin 0.8: two, both wet. Base rate 3/4."""
    found = parts([1, 0, 1, 1], [0.25, 0.25, 0.85, 0.85])
    assert found.uncertainty == pytest.approx(0.75 * 0.25)
    assert found.resolution == pytest.approx((2 * 0.25**2 + 2 * 0.25**2) / 4)
    assert found.reliability == pytest.approx((2 * 0.25**2 + 2 * 0.15**2) / 4)
    assert found.within_bins == pytest.approx(0)


def test_a_perfect_forecast_resolves_all_uncertainty() -> None:
    found = parts([0, 1] * 20, [0.0, 1.0] * 20)
    assert found.reliability == pytest.approx(0)
    assert found.resolution == pytest.approx(found.uncertainty) == pytest.approx(0.25)


def test_climatology_resolves_nothing() -> None:
    found = parts([1, 0, 0, 0] * 10, [0.25] * 40)
    assert (found.reliability, found.resolution) == (pytest.approx(0), pytest.approx(0))
    assert whole(found) == pytest.approx(found.uncertainty)


def test_where_it_always_rains_there_is_no_uncertainty() -> None:
    found = parts([1.0] * 30, [0.9] * 30)
    assert (found.uncertainty, found.resolution) == (0, 0)
    assert found.reliability == pytest.approx(0.01)


def test_few_days_have_no_intervals_and_many_have_all() -> None:
    rng = np.random.default_rng(3)
    p = rng.random(400)
    y = (rng.random(400) < p).astype(float)
    assert set(parts(list(y), list(p), days=5).intervals.values()) == {None}
    found = parts(list(y), list(p), days=40)
    for name, bounds in found.intervals.items():
        assert bounds is not None
        assert bounds[0] <= bounds[1], name
    low, high = found.intervals["uncertainty"]
    assert low <= found.uncertainty <= high


@given(st.lists(st.tuples(st.booleans(), st.floats(0, 1)), min_size=1, max_size=60))
def test_the_parts_make_up_the_score(told: list[tuple[bool, float]]) -> None:
    y, p = np.array([float(wet) for wet, _ in told]), np.array([p for _, p in told])
    found = parts(list(y), list(p))
    assert whole(found) == pytest.approx(float(np.mean((p - y) ** 2)), abs=1e-12)
    assert found.reliability >= 0
    assert 0 <= found.resolution <= found.uncertainty + 1e-12


def test_the_same_seed_gives_the_same_intervals() -> None:
    y, p = [1.0, 0.0, 0.0] * 20, [0.7, 0.2, 0.4] * 20
    assert parts(y, p, days=20) == parts(y, p, days=20)
