"""A network's layers in JAX, as they are fitted; `network` has the same in NumPy."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from raincast.features.derived import VARIABLES
from raincast.learning.attention import geometry
from raincast.learning.attention.recipe import AMOUNTS_MM, Recipe
from raincast.learning.attention.tokens import WIDTH
from raincast.observations.network import Network

Weights = dict[str, Any]

TAUGHT = len(AMOUNTS_MM) + 2 * len(VARIABLES)
"""Outputs beside the event: amounts of rain, tomorrow's variables, the rest of today's."""
_SLOPES = (0.0, 0.5, 2.0, 6.0)
"""Begin of the heads' loss of attention for each 1,000 km: from the whole continent to near by."""


def start(key: jax.Array, recipe: Recipe, stations: int) -> Weights:
    """Weights to begin with: normal, scaled by the inputs (He et al. 2015), halved before sums."""
    keys = iter(jax.random.split(key, 64))
    w: Weights = {}

    def product(name: str, inputs: int, outputs: int, scale: float = 1.0) -> None:
        draw = jax.random.normal(next(keys), (inputs, outputs))
        w[f"{name}.w"], w[f"{name}.b"] = draw * scale / np.sqrt(inputs), jnp.zeros(outputs)

    width = recipe.width
    product("in1", WIDTH, recipe.hidden)
    product("in2", recipe.hidden, width)
    w["station"] = jax.random.normal(next(keys), (stations, width)) * 0.1
    for n in range(recipe.layers):
        for which in "12":
            w[f"{n}.gain{which}"], w[f"{n}.offset{which}"] = jnp.ones(width), jnp.zeros(width)
        product(f"{n}.qkv", width, 3 * width)
        product(f"{n}.out", width, width, 0.5)
        product(f"{n}.up", width, 2 * width)
        product(f"{n}.down", 2 * width, width, 0.5)
        product(f"{n}.bias1", geometry.PAIR_WIDTH, 24)
        product(f"{n}.bias2", 24, recipe.heads, 0.1)
        w[f"{n}.slope"] = jnp.array(np.resize(_SLOPES, recipe.heads))
    w["gain"], w["offset"] = jnp.ones(width), jnp.zeros(width)
    product("heads", width, 1 + TAUGHT, 0.5)
    return w


def _dropped(key: jax.Array, x: jax.Array, rate: float) -> jax.Array:
    """Dropout (Srivastava et al. 2014); eight random bits a value are enough and the quickest."""
    cut = round(rate * 256)
    kept = jax.random.bits(key, x.shape, jnp.uint8) >= cut
    return jnp.where(kept, x * (256 / (256 - cut)), 0)


def _normal(x: jax.Array, gain: jax.Array, offset: jax.Array) -> jax.Array:
    centred = x - x.mean(-1, keepdims=True)
    spread = (centred * centred).mean(-1, keepdims=True)
    return centred * jax.lax.rsqrt(spread + 1e-5) * gain + offset


def _product(x: jax.Array, w: Weights, name: str) -> jax.Array:
    found: jax.Array = x @ w[f"{name}.w"] + w[f"{name}.b"]
    return found


class Space:
    """Where a network's stations are to each other, for a recipe's heads."""

    def __init__(self, recipe: Recipe, network: Network) -> None:
        xy = geometry.plane(network)
        self.relative = jnp.asarray(geometry.pairs(xy, xy[None]))
        turn = geometry.rotations(xy, recipe.width // recipe.heads)
        self.turn = (jnp.asarray(turn[0])[:, None], jnp.asarray(turn[1])[:, None])


def outputs(
    w: Weights, recipe: Recipe, space: Space, x: jax.Array, seen: jax.Array, open_: jax.Array,
    key: jax.Array,
) -> jax.Array:  # fmt: skip
    """(days, stations, 1 + taught) from (days, stations, WIDTH) tokens.

    Args:
        seen: (days, stations) 0 where the station counts as one never seen.
        open_: (days, stations, stations) whom each may attend to.
    """
    keys = iter(jax.random.split(key, 1 + 3 * recipe.layers))
    hidden = jax.nn.relu(_product(x, w, "in1"))
    state = _product(_dropped(next(keys), hidden, recipe.input_dropout), w, "in2")
    if recipe.embedded:
        state = state + w["station"] * seen[..., None]
    closed = jnp.where(open_, 0.0, -1e9)[:, None]
    for n in range(recipe.layers):
        state = _layer(w, recipe, space, n, state, closed, keys)
    return _product(_normal(state, w["gain"], w["offset"]), w, "heads")


def _layer(
    w: Weights, recipe: Recipe, space: Space, n: int, state: jax.Array, closed: jax.Array,
    keys: Any,
) -> jax.Array:  # fmt: skip
    head = recipe.width // recipe.heads
    z = _normal(state, w[f"{n}.gain1"], w[f"{n}.offset1"])
    mixed = _product(z, w, f"{n}.qkv").reshape(*z.shape[:2], 3, recipe.heads, head)
    q, k, v = mixed[:, :, 0], mixed[:, :, 1], mixed[:, :, 2]
    if recipe.rotated:
        q, k = (geometry.rotated(part, space.turn, jnp) for part in (q, k))
    bias = -w[f"{n}.slope"][:, None, None] * space.relative[None, ..., 0]
    if recipe.biased:
        bent = _product(jnp.tanh(_product(space.relative, w, f"{n}.bias1")), w, f"{n}.bias2")
        bias = bias + bent.transpose(2, 0, 1)
    near = jnp.einsum("bihd,bjhd->bhij", q, k) / np.sqrt(head)
    weight = jax.nn.softmax(near + bias + closed, axis=-1)
    heard = jnp.einsum("bhij,bjhd->bihd", weight, v).reshape(state.shape)
    state = state + _dropped(next(keys), _product(heard, w, f"{n}.out"), recipe.dropout)
    z = _normal(state, w[f"{n}.gain2"], w[f"{n}.offset2"])
    hidden = _dropped(next(keys), jax.nn.relu(_product(z, w, f"{n}.up")), recipe.dropout)
    return state + _dropped(next(keys), _product(hidden, w, f"{n}.down"), recipe.dropout)
