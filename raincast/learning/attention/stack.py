"""The layers of networks side by side, as serving computes them in NumPy.

Networks are the first axis of every array: three small products in one call cost little more than
one, and each has the bits that it has alone.
"""

from typing import NamedTuple

import numpy as np

from raincast.learning.attention.arithmetic import (
    Array,
    Dense,
    Weights,
    dense,
    normalised,
    product,
    softmax,
)
from raincast.learning.attention.recipe import Recipe


class _Norm(NamedTuple):
    """(networks, 1, width) gain and offset of a normalisation."""

    gain: Array
    offset: Array


class _Layer(NamedTuple):
    before: _Norm
    qkv: Dense
    out: Dense
    between: _Norm
    up: Dense
    down: Dense


def _norm(w: Weights, at: str, number: str = "") -> _Norm:
    return _Norm(w[f"{at}gain{number}"][:, None], w[f"{at}offset{number}"][:, None])


def _layer(w: Weights, at: str) -> _Layer:
    return _Layer(
        _norm(w, at, "1"),
        dense(w, f"{at}qkv"),
        dense(w, f"{at}out"),
        _norm(w, at, "2"),
        dense(w, f"{at}up"),
        dense(w, f"{at}down"),
    )


class Stack:
    """Networks of one recipe.

    Args:
        weights: float32 arrays by name, with a first axis of networks.
    """

    def __init__(self, recipe: Recipe, weights: Weights) -> None:
        self._heads, self._head = recipe.heads, recipe.width // recipe.heads
        self._share = np.float32(np.sqrt(self._head))
        self._first, self._second = dense(weights, "in1"), dense(weights, "in2")
        self._layers = [_layer(weights, f"{n}.") for n in range(recipe.layers)]
        self._last = _norm(weights, "")
        self._event, self._bias = weights["event.w"][:, None], weights["event.b"]

    def begun(self, given: Array) -> Array:
        """(networks, n, width) first states from (n, WIDTH) tokens, without a station's own."""
        return product(np.maximum(product(given[None], self._first), 0), self._second)

    def heads(self, state: Array, n: int) -> Array:
        """(networks, n, 3, heads, head) queries, keys and values of a layer's states."""
        layer = self._layers[n]
        mixed = product(normalised(state, *layer.before), layer.qkv)
        return mixed.reshape(*state.shape[:-1], 3, self._heads, self._head)

    def attended(
        self,
        state: Array,
        n: int,
        query: Array,
        bias: Array,
        keys: Array,
        values: Array,
        closed: Array,
    ) -> Array:
        """(networks, n, width) states after layer `n`, from (networks, n, heads, heard, head) keys
        and values.
        """
        layer = self._layers[n]
        near = (keys @ query[..., None])[..., 0] / self._share
        weight = softmax(near + bias + closed[:, None])
        mixed = (weight[..., None, :] @ values)[..., 0, :]
        state = state + product(mixed.reshape(state.shape), layer.out)
        hidden = np.maximum(product(normalised(state, *layer.between), layer.up), 0)
        found: Array = state + product(hidden, layer.down)
        return found

    def log_odds(self, state: Array) -> Array:
        """(networks, n) log-odds of the event from last states."""
        found: Array = (normalised(state, *self._last) * self._event).sum(axis=-1) + self._bias
        return found
