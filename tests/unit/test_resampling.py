"""Resampled days: whole, drawn with replacement, and scored as if they stood there so often."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from raincast.verification import resampling, scoring, sums


@given(days=st.integers(1, 300), resamples=st.integers(1, 20), seed=st.integers(0, 99))
def test_a_resample_has_as_many_days_as_there_are(days: int, resamples: int, seed: int) -> None:
    drawn = resampling.drawn_days(np.random.default_rng(seed), days, resamples)
    assert drawn.shape == (resamples, days)
    assert (drawn.sum(axis=1) == days).all()
    small = resampling._few_bytes(np.random.default_rng(seed), days, resamples)
    np.testing.assert_array_equal(small, drawn)


def test_a_resample_scores_its_days_as_often_as_they_were_drawn() -> None:
    rng = np.random.default_rng(3)
    day = np.repeat([10, 12, 15, 18], 5)
    y, p = rng.integers(0, 2, 20).astype(float), rng.random(20).round(2)
    f = sums.forecasts(y, p, p >= 0.5, np.full(20, 0.3))
    found = resampling.by_resample(f, np.unique(day), day, np.random.default_rng(1), 4)
    times = resampling.drawn_days(np.random.default_rng(1), 4, 4)
    for i in range(4):
        again = np.repeat(np.arange(20), times[i][np.searchsorted(np.unique(day), day)])
        expected = scoring.summary(*(np.asarray(column)[again] for column in f))
        for name, values in found.items():
            wanted = getattr(expected, name)
            assert np.isnan(values[i]) if wanted is None else values[i] == pytest.approx(wanted)


def test_without_chances_the_ranked_scores_are_unknown() -> None:
    f = sums.forecasts([1, 0, 1], [np.nan] * 3, [1, 0, 1], [0.5] * 3)
    day = np.arange(3)
    found = resampling.by_resample(f, day, day, np.random.default_rng(0), 5)
    assert np.isnan(found["roc_auc"]).all()
    assert np.isnan(found["average_precision"]).all()
    assert np.isfinite(found["accuracy"]).all()


def test_every_day_is_drawn_as_often_as_any_other() -> None:
    """A day is in a resample 1 ± 0.93 times; the mean of 4,000 is within five times 0.015 of 1."""
    drawn = resampling.drawn_days(np.random.default_rng(5), 8, 4000)
    assert drawn.mean(axis=0).tolist() == pytest.approx([1] * 8, abs=5 * 0.015)
