"""Where a network of stations lies for fitted weights."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from raincast.learning.attention import geometry
from raincast.learning.attention.arithmetic import Array, Weights, product
from raincast.learning.attention.recipe import Recipe
from raincast.observations.network import Network


class Places(NamedTuple):
    """What a network of stations is for these weights. What the core offers is attended to; a
    station beside it attends to the core, and is heard by nobody.

    Attributes:
        numbers: (stations,) where each stands in the weights; -1 for one that was never seen.
        core: positions of the core.
        at: (stations,) where each stands in the core; -1 beside it.
        turn: (stations, head / 2) cosines and sines; see `geometry.rotations`.
        bias: by layer, (networks, stations, heads, core) what is added to the attention of one
            station to another.
        own_bias: by layer, (networks, heads) the same to itself.
    """

    numbers: npt.NDArray[np.intp]
    core: npt.NDArray[np.intp]
    at: npt.NDArray[np.intp]
    turn: tuple[Array, Array]
    bias: tuple[Array, ...]
    own_bias: tuple[Array, ...]


def laid_out(
    network: Network, numbers: npt.NDArray[np.intp], recipe: Recipe, weights: Weights
) -> Places:
    """A network of stations, whose numbers in the weights are given."""
    xy, core = geometry.plane(network), network.core
    at = np.full(len(network), -1)
    at[core] = np.arange(len(core))
    relative = geometry.pairs(xy)
    biases = [_biases(relative, recipe, weights, f"{n}.") for n in range(recipe.layers)]
    return Places(
        numbers,
        core,
        at,
        geometry.rotations(xy, recipe.width // recipe.heads),
        tuple(np.ascontiguousarray(bias[..., core]) for bias in biases),
        tuple(np.ascontiguousarray(bias[:, 0, :, 0]) for bias in biases),
    )


def _biases(relative: Array, recipe: Recipe, w: Weights, at: str) -> Array:
    """(networks, stations, heads, stations) what is added to the attention of the first station to
    the last.
    """
    found = -w[f"{at}slope"][:, :, None, None] * relative[..., 0]
    if recipe.biased:
        # A product for each pair: its bits must not depend on how many stations there are.
        flat = relative.reshape(1, -1, relative.shape[-1])
        bent = product(np.tanh(product(flat, w, f"{at}bias1")), w, f"{at}bias2")
        bent = bent.reshape(len(found), *relative.shape[:2], -1)
        found = found + bent.transpose(0, 3, 1, 2)
    return np.ascontiguousarray(found.transpose(0, 2, 1, 3), dtype=np.float32)
