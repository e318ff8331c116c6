"""Persistence and climatology, by hand."""

import numpy as np
import pytest
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from raincast.features.block import NAMES
from raincast.learning import baselines, climatology
from raincast.learning.climatology import PRIOR_DAYS
from raincast.learning.examples import Examples
from tests.places import INDEX

NAN = float("nan")


def rows(wet_today: list[float], y: list[int], station: str = "Cairns") -> Examples:
    X = np.full((len(y), len(NAMES)), NAN, np.float32)
    X[:, NAMES.index("Rainfall")] = 2 * np.array(wet_today)
    day = np.full(len(y), np.datetime64("2015-02-03", "D"))
    return Examples(X, np.array(y, float), day, np.full(len(y), INDEX[station]))


def test_persistence_is_how_often_rain_followed_such_a_day() -> None:
    #                wet: 2 of 3          dry: 1 of 4                unknown: 1 of 2
    fitted = baselines.persistence(
        rows([1, 1, 1, 0, 0, 0, 0, NAN, NAN], [1, 1, 0, 1, 0, 0, 0, 1, 0])
    )
    asked = rows([1, 0, NAN], [0, 0, 0])
    assert fitted.chances(asked) == pytest.approx([2 / 3, 1 / 4, 1 / 2])


def test_persistence_of_a_kind_of_day_that_never_came_is_the_whole_frequency() -> None:
    fitted = baselines.persistence(rows([0, 0, 0, 0], [1, 0, 0, 0]))
    assert fitted.chances(rows([1, NAN], [0, 0])) == pytest.approx([0.25, 0.25])


def test_a_month_of_few_days_is_drawn_to_the_years_frequency() -> None:
    """10 February days, all wet, of 100 days of which 10 are wet: (10 + 30 × 0.1) / 40."""
    day = np.r_[
        np.datetime64("2015-02-01") + np.arange(10), np.datetime64("2015-05-01") + np.arange(90)
    ].astype("datetime64[D]")
    y = np.r_[np.ones(10), np.zeros(90)]
    station = np.full(100, INDEX["Cairns"])
    table = climatology.fit(y, day, station)
    assert PRIOR_DAYS == 30
    assert table[INDEX["Cairns"], 1] == pytest.approx(13 / 40)
    assert table[INDEX["Cairns"], 10] == pytest.approx(0.1)
    # A station without rows has the frequency of all.
    assert table[INDEX["Perth"], 1] == pytest.approx(0.1)


def test_the_logistic_regression_takes_gaps_and_tells_wet_from_dry() -> None:
    rng = np.random.default_rng(0)
    wet = rng.integers(0, 2, 400).astype(float)
    wet[::10] = NAN
    fitted = baselines.logistic(rows(list(wet), [int(w == 1) for w in wet]))
    dry, rain, unknown = fitted.chances(rows([0, 1, NAN], [0, 0, 0]))
    assert dry < 0.2 < 0.8 < rain
    assert 0 < unknown < 1


def test_the_kept_arithmetic_is_that_of_the_fitted_pipeline() -> None:
    rng = np.random.default_rng(1)
    X = rng.normal(size=(300, len(NAMES))).astype(np.float32)
    X[rng.random(X.shape) < 0.1] = NAN
    X[:, 7] = NAN
    given = Examples(
        X, (rng.random(300) < 0.3).astype(float), rows([0], [0]).day, rows([0], [0]).day
    )
    same = make_pipeline(
        SimpleImputer(add_indicator=True, keep_empty_features=True),
        StandardScaler(),
        LogisticRegression(C=0.02, max_iter=300),
    )
    order = np.random.default_rng(0).permutation(300)
    same.fit(X[order], given.y[order])
    asked = baselines.logistic(given).chances(given)
    assert asked == pytest.approx(same.predict_proba(X)[:, 1], abs=1e-5)
