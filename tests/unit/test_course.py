"""How a fit went, round by round and epoch by epoch."""

import numpy as np
import pytest
from scipy.special import expit
from sklearn.metrics import log_loss

from raincast.features.block import NAMES
from raincast.learning import course, pipelines
from raincast.learning.examples import Examples

STATION = NAMES.index("station")
FEW = {"n_estimators": 40, "max_depth": 3, "perceptrons": 1, "epochs": 3, "networks": 0}


@pytest.fixture(scope="module")
def rows() -> Examples:
    rng = np.random.default_rng(1)
    X = rng.normal(size=(2000, len(NAMES))).astype(np.float32)
    X[:, STATION] = 0
    y = (rng.random(2000) < expit(2 * X[:, STATION + 6])).astype(float)
    return Examples(X, y, np.full(2000, "2015-01-01", "datetime64[D]"), np.zeros(2000, np.intp))


def test_the_last_round_is_the_trees_own_loss_and_epochs_are_counted(rows: Examples) -> None:
    pipeline = pipelines.train(rows.X, rows.y, FEW)
    found = course.of(pipeline, {"3pm": rows})
    assert set(found) == {"trees/3pm/log_loss", "perceptron/0/loss"}
    rounds = found["trees/3pm/log_loss"]
    assert len(rounds) == course.MOST_POINTS
    assert rounds[-1][0] == FEW["n_estimators"]
    p = pipeline[-1].trees_.predict_proba(rows.X)[:, 1]
    assert rounds[-1][1] == pytest.approx(log_loss(rows.y, p), rel=1e-5)
    assert rounds[-1][1] < rounds[0][1]
    epochs, losses = zip(*found["perceptron/0/loss"], strict=True)
    assert epochs == (1, 2, 3)
    assert losses[-1] < losses[0]


def test_a_model_of_ones_own_has_no_course(rows: Examples) -> None:
    assert course.of([object()], {"3pm": rows}) == {}
