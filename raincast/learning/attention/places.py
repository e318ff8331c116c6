"""Where a network of stations lies for fitted weights."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from raincast.features.neighbours import MOST_DENSE
from raincast.learning.attention import geometry
from raincast.learning.attention.arithmetic import Array, Weights, dense, product
from raincast.learning.attention.recipe import Recipe
from raincast.observations import sphere
from raincast.observations.network import Network

MOST_HEARD = 48
"""How many of a large core a station attends to: the others of the 49."""
_PART = 512
"""Stations whose pairs are worked out at once."""


class Places(NamedTuple):
    """What a network of stations is for these weights. What the core offers is attended to; a
    station beside it attends to the core, and is heard by nobody.

    Attributes:
        numbers: (stations,) where each stands in the weights; -1 for one that was never seen.
        core: positions of the core.
        at: (stations,) where each stands in the core; -1 beside it.
        turn: (stations, head / 2) cosines and sines; see `geometry.rotations`.
        heard: (stations, heard) whom of a large core each attends to, by positions in the core;
            itself, where it is in the core, comes first. None where all attend to all of it.
        bias: by layer, (networks, stations, heads, heard or core) what is added to the attention
            of one station to another.
        own_bias: by layer, (networks, heads) the same to itself.
    """

    numbers: npt.NDArray[np.intp]
    core: npt.NDArray[np.intp]
    at: npt.NDArray[np.intp]
    turn: tuple[Array, Array]
    heard: npt.NDArray[np.intp] | None
    bias: tuple[Array, ...]
    own_bias: tuple[Array, ...]


def laid_out(
    network: Network, numbers: npt.NDArray[np.intp], recipe: Recipe, weights: Weights
) -> Places:
    """A network of stations, whose numbers in the weights are given."""
    xy, core = geometry.plane(network), network.core
    at = np.full(len(network), -1)
    at[core] = np.arange(len(core))
    heard = _heard(network)
    itself = geometry.pairs(xy[:1], xy[None, :1])
    layers = [f"{n}." for n in range(recipe.layers)]
    return Places(
        numbers,
        core,
        at,
        geometry.rotations(xy, recipe.width // recipe.heads),
        heard,
        tuple(_by_parts(xy, core, heard, recipe, weights, at) for at in layers),
        tuple(_biases(itself, recipe, weights, at)[:, 0, :, 0] for at in layers),
    )


def _heard(network: Network) -> npt.NDArray[np.intp] | None:
    """Whom each attends to: as many as the networks were fitted to attend to at once."""
    core = network.core
    if len(core) <= MOST_DENSE:
        return None
    found = sphere.nearest(network.places, network.places[core], MOST_HEARD).at
    at = np.full(len(network), -1)
    at[core] = np.arange(len(core))
    # Itself first: as near as another of the same place it could stand second.
    itself = found == at[:, None]
    order = np.argsort(~itself, axis=1, kind="stable")
    return np.take_along_axis(found, order, axis=1)


def _by_parts(
    xy: Array,
    core: npt.NDArray[np.intp],
    heard: npt.NDArray[np.intp] | None,
    recipe: Recipe,
    weights: Weights,
    at: str,
) -> Array:
    """(networks, stations, heads, heard) a layer's biases, of some stations at a time."""
    found = []
    for begin in range(0, len(xy), _PART):
        some = slice(begin, begin + _PART)
        others = xy[core][None] if heard is None else xy[core[heard[some]]]
        found.append(_biases(geometry.pairs(xy[some], others), recipe, weights, at))
    return np.concatenate(found, axis=1)


def _biases(relative: Array, recipe: Recipe, w: Weights, at: str) -> Array:
    """(networks, stations, heads, others) what is added to the attention of each station to its
    others.
    """
    found = -w[f"{at}slope"][:, :, None, None] * relative[..., 0]
    if recipe.biased:
        # A product for each pair: its bits must not depend on how many stations there are.
        flat = relative.reshape(1, -1, relative.shape[-1])
        bent = product(np.tanh(product(flat, dense(w, f"{at}bias1"))), dense(w, f"{at}bias2"))
        bent = bent.reshape(len(found), *relative.shape[:2], -1)
        found = found + bent.transpose(0, 3, 1, 2)
    return np.ascontiguousarray(found.transpose(0, 2, 1, 3), dtype=np.float32)
