"""The few operations of a network's layers, in NumPy, with the same bits in any company."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]
Weights = Mapping[str, Array]


def normalised(x: Array, gain: Array, offset: Array) -> Array:
    """Layer normalisation over the last axis."""
    share = np.float32(1 / x.shape[-1])  # sums are half as dear as means for the few of a row
    centred = x - np.add.reduce(x, axis=-1, keepdims=True) * share
    spread = np.add.reduce(centred * centred, axis=-1, keepdims=True) * share
    found: Array = centred / np.sqrt(spread + np.float32(1e-5)) * gain + offset
    return found


class Dense(NamedTuple):
    """A layer's (networks, 1, inputs, outputs) weights and (networks, 1, outputs) biases."""

    weight: Array
    bias: Array


def dense(w: Weights, name: str) -> Dense:
    """The layer of that name."""
    return Dense(w[f"{name}.w"][:, None], w[f"{name}.b"][:, None])


def product(x: Array, by: Dense) -> Array:
    """(networks, n, outputs) from (networks or 1, n, inputs): a product of its own for each row. In
    one product a row's last bit would depend on its place among the others.
    """
    found: Array = (x[..., None, :] @ by.weight)[..., 0, :] + by.bias
    return found


def softmax(x: Array) -> Array:
    """Shares over the last axis."""
    raised = np.exp(x - x.max(axis=-1, keepdims=True))
    found: Array = raised / raised.sum(axis=-1, keepdims=True)
    return found


def heads_first(x: Array) -> Array:
    """(networks, heads, stations, head) from (networks, stations, heads, head)."""
    return np.ascontiguousarray(x.swapaxes(1, 2))


def copies(x: Array, count: int) -> Array:
    """The same so many times, along a new second axis."""
    return np.repeat(x[:, None], count, axis=1)
