"""The operations of a network's layers, by hand, and with the same bits in any company."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from raincast.learning.attention import arithmetic, geometry
from tests.places import NETWORK

values = arrays(np.float32, (3, 8), elements=st.floats(-50, 50, width=32))


@given(values)
def test_what_is_normalised_has_mean_nought_and_spread_one_at_most(x: np.ndarray) -> None:
    found = arithmetic.normalised(x, np.ones(8, np.float32), np.zeros(8, np.float32))
    assert found.dtype == np.float32
    assert found.mean(axis=1) == pytest.approx(np.zeros(3), abs=1e-3)
    assert (found.std(axis=1) < 1.01).all()


def test_gain_and_offset_are_the_features_own() -> None:
    x = np.array([[-1, 1, -1, 1]], np.float32)
    gain, offset = np.array([1, 2, 3, 4], np.float32), np.array([0, 0, 10, 0], np.float32)
    found = arithmetic.normalised(x, gain, offset)
    assert found.tolist() == [pytest.approx([-1, 2, 7, 4], abs=1e-4)]


@given(values, st.floats(-1000, 1000, width=16))
def test_shares_make_one_and_know_differences_alone(x: np.ndarray, moved: float) -> None:
    found = arithmetic.softmax(x)
    assert found.sum(axis=1) == pytest.approx(np.ones(3), abs=1e-5)
    assert ((found >= 0) & (found <= 1)).all()
    np.testing.assert_allclose(arithmetic.softmax(x + np.float32(moved)), found, atol=1e-3)


def test_shares_by_hand() -> None:
    found = arithmetic.softmax(np.log(np.array([[1, 2, 5]], np.float32)))
    assert found.tolist() == [pytest.approx([1 / 8, 2 / 8, 5 / 8])]
    assert arithmetic.softmax(np.array([[1000, -np.inf]], np.float32)).tolist() == [[1, 0]]


def test_a_product_by_hand_and_row_by_row() -> None:
    weights = {
        "out.w": np.array([[[1, 0], [2, 1]], [[0, 1], [1, 0]]], np.float32),
        "out.b": np.array([[10, 0], [0, 0]], np.float32),
    }
    layer = arithmetic.dense(weights, "out")
    found = arithmetic.product(np.array([[[1, 1], [0, 3]]], np.float32), layer)
    assert found.tolist() == [[[13, 1], [16, 3]], [[1, 1], [3, 0]]]


def test_a_row_of_a_product_has_the_bits_that_it_has_alone() -> None:
    rng = np.random.default_rng(1)
    x, weight, bias = (
        rng.normal(size=size).astype(np.float32)
        for size in ((1, 49, 96), (2, 1, 96, 64), (2, 1, 64))
    )
    layer = arithmetic.Dense(weight, bias)
    together = arithmetic.product(x, layer)
    alone = [arithmetic.product(x[:, i : i + 1], layer)[:, 0] for i in range(49)]
    np.testing.assert_array_equal(together, np.stack(alone, axis=1))


def test_heads_and_copies() -> None:
    x = np.arange(12).reshape(1, 2, 3, 2)
    heads = arithmetic.heads_first(x)
    assert (heads.shape, heads[0, 2, 1].tolist()) == ((1, 3, 2, 2), x[0, 1, 2].tolist())
    assert heads.flags.c_contiguous
    assert arithmetic.copies(np.array([[1, 2]]), 3).tolist() == [[[1, 2]] * 3]


def test_a_turn_keeps_lengths_and_products_know_where_one_lies_from_the_other() -> None:
    xy = geometry.plane(NETWORK)[:6]
    moved = xy + np.array([0.3, -0.2], np.float32)
    rng = np.random.default_rng(0)
    key, query = (rng.normal(size=(6, 8)).astype(np.float32) for _ in range(2))
    products = []
    for where in (xy, moved):
        turn = geometry.rotations(where, 8)
        turned = geometry.rotated(key, turn), geometry.rotated(query, turn)
        assert np.linalg.norm(turned[0], axis=1) == pytest.approx(np.linalg.norm(key, axis=1))
        products.append(turned[0] @ turned[1].T)
    np.testing.assert_allclose(products[0], products[1], atol=1e-4)


def test_pairs_by_hand() -> None:
    """Of a station to itself, and to one 300 km to the east of it."""
    xy = np.array([[0, 0]], np.float32)
    others = np.array([[[0, 0], [0.3, 0]]], np.float32)
    itself, east = geometry.pairs(xy, others)[0]
    assert itself.shape == (geometry.PAIR_WIDTH,)
    assert (itself[0], itself[1:5].tolist(), itself[-1]) == (0, [1, 1, 1, 1], 1)
    assert east[0] == pytest.approx(0.3)
    assert east[1] == pytest.approx(np.exp(-3))
    assert (east[5], east[6], east[-1]) == (pytest.approx(0.3 / 0.35), 0, 0)
