"""The perceptron beside the trees: what it is given, what it computes, and that it learns."""

import numpy as np
import pytest

from raincast.features.names import NAMES, OWN, PLACE, STATION
from raincast.learning.perceptron import Perceptron

FIRST = len(PLACE)
"""The first feature of the own row; the second is another."""
GAPS = slice(len(NAMES), len(NAMES) + len(OWN) - len(PLACE))


def features(count: int, stations: int = 3, seed: int = 0) -> np.ndarray:
    """Any features, a tenth of them missing, of so many stations in turn."""
    rng = np.random.default_rng(seed)
    X = rng.normal(20, 4, (count, len(NAMES))).astype(np.float32)
    X[rng.random(X.shape) < 0.1] = np.nan
    X[:, STATION] = np.arange(count) % stations
    return X


def labels(X: np.ndarray) -> np.ndarray:
    """Rain above the mean of the own row's first feature; none where it is missing."""
    return (np.nan_to_num(X[:, FIRST]) > 20).astype(int)


@pytest.fixture(scope="module")
def fitted() -> Perceptron:
    X = features(3000)
    return Perceptron(hidden=8, epochs=3, batch=32, rate=1e-2).fit(X, labels(X))


def test_it_learns_what_decides(fitted: Perceptron) -> None:
    X = features(2000, seed=1)
    said = fitted.log_odds(X) > 0
    there = ~np.isnan(X[:, FIRST])
    assert (said == labels(X))[there].mean() > 0.8


def test_each_epoch_has_a_loss_and_the_last_is_the_least(fitted: Perceptron) -> None:
    assert len(fitted.losses_) == 3
    assert fitted.losses_[-1] == min(fitted.losses_)


def test_equal_seeds_make_equal_bits_and_others_do_not(fitted: Perceptron) -> None:
    X = features(3000)
    same, other = (
        Perceptron(hidden=8, epochs=3, batch=32, rate=1e-2, seed=seed).fit(X, labels(X))
        for seed in (0, 1)
    )
    np.testing.assert_array_equal(same.log_odds(X), fitted.log_odds(X))
    assert (other.log_odds(X) != fitted.log_odds(X)).any()


def test_a_row_has_the_same_bits_alone_and_in_company(fitted: Perceptron) -> None:
    X = features(60, seed=2)
    alone = [fitted.log_odds(X[i : i + 1])[0] for i in range(len(X))]
    np.testing.assert_array_equal(fitted.log_odds(X), alone)
    np.testing.assert_array_equal(fitted.log_odds(X[::-1]), alone[::-1])


def test_inputs_are_standardised_clipped_and_flagged(fitted: Perceptron) -> None:
    X = np.tile(fitted.mean_, (4, 1))
    X[:, STATION] = (0, 2, 7, np.nan)
    X[1, FIRST] = np.nan
    X[2, FIRST] += 2 * fitted.scale_[FIRST]
    X[3, FIRST] += 900 * fitted.scale_[FIRST]
    inputs = fitted._inputs(X, 3)
    assert inputs.dtype == np.float32
    assert inputs[:, FIRST].tolist() == pytest.approx([0, 0, 2, 5], abs=1e-5)
    assert inputs[:, GAPS].sum(axis=1).tolist() == [0, 1, 0, 0]
    assert inputs[1, GAPS.start] == 1
    # The last two are a station that was never seen, and none.
    assert inputs[:, GAPS.stop :].tolist() == [[1, 0, 0], [0, 0, 1], [0, 0, 0], [0, 0, 0]]


def test_log_odds_by_hand() -> None:
    """One hidden neuron that hears the own row's first feature: 3 max(0, 2 x - 1) + 0.5."""
    net = Perceptron()
    net.mean_, net.scale_ = np.full(len(NAMES), 20, np.float32), np.ones(len(NAMES), np.float32)
    net.weights_ = [np.zeros((GAPS.stop + 1, 1), np.float32), np.full((1, 1), 3, np.float32)]
    net.weights_[0][FIRST] = 2
    net.biases_ = [np.array([-1], np.float32), np.array([0.5], np.float32)]
    X = np.full((3, len(NAMES)), 20, np.float32)
    X[:, FIRST] = (19, 21, 22)
    assert net.log_odds(X).tolist() == [0.5, 3 * 1 + 0.5, 3 * 3 + 0.5]


def test_a_field_that_no_station_reads_counts_for_nothing() -> None:
    X = features(400)
    X[:, FIRST + 1] = np.nan
    X[:, FIRST + 2] = 7
    net = Perceptron(hidden=4, epochs=1, batch=64).fit(X, labels(X))
    assert (net.mean_[FIRST + 1], net.scale_[FIRST + 1]) == (0, 1)
    assert (net.mean_[FIRST + 2], net.scale_[FIRST + 2]) == (7, 1)
    assert np.isfinite(net.log_odds(X)).all()
