"""Margins by XGBoost's C interface are those of its Python one."""

import numpy as np
import pytest
from xgboost import Booster, XGBClassifier

from raincast.errors import BadInput
from raincast.learning.margins import margins

X = np.random.default_rng(4).random((500, 7), np.float32)
X[X < 0.1] = np.nan


@pytest.fixture(scope="module")
def trees() -> Booster:
    return XGBClassifier(n_estimators=20, n_jobs=1).fit(X, X[:, 1] + X[:, 2] > 1).get_booster()


def test_they_have_the_same_bits_together_and_alone(trees: Booster) -> None:
    expected = trees.inplace_predict(X, predict_type="margin")
    np.testing.assert_array_equal(margins(trees, X), expected)
    alone = np.concatenate([margins(trees, X[i : i + 1]) for i in range(0, 500, 25)])
    np.testing.assert_array_equal(alone, expected[::25])
    assert len(np.unique(expected)) > 100


def test_no_rows_have_no_margins(trees: Booster) -> None:
    assert margins(trees, X[:0]).shape == (0,)


def test_another_number_of_features_is_refused(trees: Booster) -> None:
    with pytest.raises(BadInput, match=r"6 vs\. 7"):
        margins(trees, np.ascontiguousarray(X[:, :6]))
