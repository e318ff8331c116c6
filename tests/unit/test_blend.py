"""The blend learns, answers alike in any company, and its threshold reaches the recall that is
stated.
"""

import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from raincast.errors import BadInput
from raincast.features import block
from raincast.learning import blend, climatology, pipelines
from raincast.learning.metadata import Origin
from raincast.learning.thresholds import threshold_for_recall
from tests.places import INDEX, LOCATIONS

K = len(block.NAMES)
TINY = {
    "n_estimators": 20,
    "learning_rate": 0.3,
    "max_depth": 3,
    "epochs": 2,
    "perceptrons": 1,
    "networks": 0,
}
HUMIDITY = block.NAMES.index("Humidity3pm")


def rows(n: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, K)).astype(np.float32)
    X[:, 0] = rng.integers(0, len(LOCATIONS), n)
    y = (X[:, HUMIDITY] + 0.5 * rng.normal(size=n) > 0.7).astype(float)
    X[rng.random(X.shape) < 0.1] = np.nan
    X[:, 0] = np.nan_to_num(X[:, 0])
    return X, y


@pytest.fixture(scope="module")
def fitted() -> object:
    return pipelines.train(*rows(4000, 1), TINY)


def test_it_learns_across_gaps(fitted: object) -> None:
    X, y = rows(2000, 2)
    assert roc_auc_score(y, fitted.predict_proba(X)[:, 1]) > 0.85


def test_a_row_has_the_same_probability_alone_and_in_company(fitted: object) -> None:
    X, _ = rows(50, 3)
    together = fitted.predict_proba(X)
    alone = np.concatenate([fitted.predict_proba(X[i : i + 1]) for i in range(50)])
    np.testing.assert_array_equal(together, alone)


def test_a_station_without_a_number_is_forecast(fitted: object) -> None:
    X, _ = rows(20, 9)
    known = fitted.predict_proba(X)
    X[:, block.NAMES.index("station")] = np.nan
    unseen = fitted.predict_proba(X)
    assert np.isfinite(unseen).all()
    assert not np.array_equal(unseen, known)


def test_it_survives_pickling_to_the_bit(fitted: object) -> None:
    X, _ = rows(20, 4)
    again = pickle.loads(pickle.dumps(fitted))
    np.testing.assert_array_equal(again.predict_proba(X), fitted.predict_proba(X))


def test_the_same_seed_gives_the_same_model(fitted: object) -> None:
    X, _ = rows(20, 5)
    np.testing.assert_array_equal(
        pipelines.train(*rows(4000, 1), TINY).predict_proba(X), fitted.predict_proba(X)
    )


def test_trees_alone_are_a_model_too() -> None:
    X, _ = rows(20, 6)
    alone = pipelines.train(*rows(1000, 1), TINY | {"perceptrons": 0})
    assert ((alone.predict_proba(X) >= 0) & (alone.predict_proba(X) <= 1)).all()


def test_under_sampling_raises_the_chances() -> None:
    X, _ = rows(500, 7)
    plain, under = (
        pipelines.train(*rows(3000, 1), TINY | {"resampling": how}) for how in ("none", "under")
    )
    assert under.predict_proba(X)[:, 1].mean() > plain.predict_proba(X)[:, 1].mean() + 0.02


def test_an_unknown_resampling_is_refused() -> None:
    with pytest.raises(BadInput, match=r"'smoot'.*none, under"):
        pipelines.pipeline(blend.DEFAULT_PARAMS | {"resampling": "smoot"})


@given(
    st.lists(st.tuples(st.booleans(), st.floats(0, 1)), min_size=1, max_size=60), st.floats(0.05, 1)
)
def test_the_threshold_reaches_the_recall_and_no_higher_one_does(
    rows: list[tuple[bool, float]], recall: float
) -> None:
    y, p = np.array([wet for wet, _ in rows], dtype=float), np.array([chance for _, chance in rows])
    if not y.any():
        with pytest.raises(BadInput, match="wet days"):
            threshold_for_recall(y, p, recall)
        return
    threshold = threshold_for_recall(y, p, recall)
    assert (p[y == 1] >= threshold).mean() >= recall - 1e-9
    assert (p[y == 1] > threshold).mean() < recall


def test_each_regime_has_its_own_threshold_and_a_common_one_stands_in() -> None:
    forecaster = blend.Forecaster.unkept(None, Origin(stations=[]), {"9am": 0.2, "3pm": 0.3}, "v")
    assert (forecaster.threshold_of("9am"), forecaster.threshold_of("3pm")) == (0.2, 0.3)


def test_climatology_is_the_station_months_frequency() -> None:
    day = np.repeat(np.array(["2016-01-10", "2016-07-10"], dtype="datetime64[D]"), 3000)
    station = np.full(6000, INDEX["Darwin"])
    y = np.where(day < np.datetime64("2016-03-01"), 1.0, 0.0)
    table = climatology.fit(y, day, station)
    assert climatology.chance(table, day[[0, -1]], station[[0, -1]]) == pytest.approx(
        [1, 0], abs=0.01
    )
    assert table[INDEX["Perth"]] == pytest.approx(0.5)
    np.testing.assert_allclose(
        climatology.from_mapping(climatology.to_mapping(table)), table, atol=5e-5
    )
