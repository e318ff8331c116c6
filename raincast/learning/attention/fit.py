"""Fitting a network, with JAX and Optax; `layers` and `lessons` beside it alone import them too.

A batch is some days with all their stations, each day as at an issue time drawn anew. Beside the
event the network learns amounts of rain, tomorrow's variables, and what is not yet known of today:
heads that only teach. What is kept is the running mean of the weights (Polyak and Juditsky 1992).
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
import optax
from tqdm import tqdm

from raincast.learning.attention.layers import Space, Weights, start
from raincast.learning.attention.lessons import loss
from raincast.learning.attention.material import Material
from raincast.learning.attention.network import Network
from raincast.learning.attention.recipe import Recipe
from raincast.learning.attention.tokens import Scale
from raincast.observations.network import Network as Stations
from raincast.observations.network import in_force


def _optimiser(recipe: Recipe, steps: int) -> optax.GradientTransformation:
    """AdamW (Loshchilov and Hutter 2019) with a warm-up and a cosine; embeddings are not shrunk."""
    rate = optax.warmup_cosine_decay_schedule(
        0.0, recipe.rate, max(1, steps // 10), max(2, steps), recipe.rate / 100
    )

    def shrunk(w: Weights) -> dict[str, bool]:
        return {name: part.ndim > 1 and name != "station" for name, part in w.items()}

    return optax.chain(
        optax.clip_by_global_norm(1.0),
        optax.scale_by_adam(b2=0.98),
        optax.add_decayed_weights(recipe.decay, shrunk),
        optax.scale_by_learning_rate(rate),
    )


@lru_cache(1)
def _compiled(
    recipe: Recipe, stations: Stations, steps: int
) -> tuple[optax.GradientTransformation, Any]:
    """The optimiser of a fit, and its epochs: compiled once where networks are fitted one by one.

    Args:
        steps: of an epoch.
    """
    optimiser = _optimiser(recipe, steps * recipe.epochs)
    return optimiser, _epoch(recipe, Space(recipe, stations), optimiser)


def _epoch(recipe: Recipe, space: Space, optimiser: optax.GradientTransformation) -> Any:
    """A compiled function of states, material, (steps, batch) days and keys to the next states and
    the mean loss; all but the material have a leading axis of networks.
    """

    def step(carry: Any, given: Any, m: Any) -> Any:
        w, mean, state, count = carry
        lost, grown = jax.value_and_grad(loss)(w, recipe, space, m, *given)
        change, state = optimiser.update(grown, state, w)
        w = optax.apply_updates(w, change)
        share = jnp.minimum(recipe.averaging, (1 + count) / (10 + count))
        mean = jax.tree.map(lambda a, b: share * a + (1 - share) * b, mean, w)
        return (w, mean, state, count + 1), lost

    def epoch(carry: Any, m: Any, days: jax.Array, key: jax.Array) -> Any:
        keys = jax.random.split(key, len(days))
        carry, lost = jax.lax.scan(lambda c, g: step(c, g, m), carry, (days, keys))
        return carry, lost.mean()

    return jax.jit(jax.vmap(epoch, in_axes=(0, None, 0, 0)), donate_argnums=0)


def _begin(
    recipe: Recipe, stations: int, optimiser: optax.GradientTransformation, seed: int
) -> Any:
    w = start(jax.random.fold_in(jax.random.key(seed), 0), recipe, stations)
    return w, jax.tree.map(jnp.copy, w), optimiser.init(w), jnp.array(0.0)


def fit_networks(
    material: Material,
    scale: Scale,
    recipe: Recipe,
    seeds: Sequence[int],
    together: bool = False,
    stations: Stations | None = None,
) -> list[Network]:
    """Networks that differ in their seed alone; equal seeds make equal networks on one machine.

    Args:
        together: fits all at once, which an accelerator likes; two cores are quicker one by one.
        stations: those of the material; the network in force if none is given.
    """
    steps = max(1, len(material.learned) // recipe.batch_days)
    optimiser, epoch = _compiled(recipe, stations or in_force(), steps)
    on_device = jax.tree.map(jnp.asarray, material)
    found: list[Network] = []
    for group in [seeds] if together else [[seed] for seed in seeds]:
        parts = [_begin(recipe, material.wet.shape[1], optimiser, seed) for seed in group]
        carry = jax.tree.map(lambda *lanes: jnp.stack(lanes), *parts)
        losses: list[jax.Array] = []
        for turn in tqdm(range(recipe.epochs), f"network {group[0]}", leave=False, disable=None):
            days, keys = _turn(material.learned, steps, recipe.batch_days, group, turn)
            carry, lost = epoch(carry, on_device, days, keys)
            losses.append(lost)
        for lane, seed in enumerate(group):
            mean = {name: part[lane] for name, part in carry[1].items()}
            by_epoch = [float(lost[lane]) for lost in losses]
            found.append(Network(recipe, scale, kept(mean), seed, by_epoch))
    return found


def _turn(
    learned: npt.NDArray[np.intp], steps: int, batch: int, seeds: Sequence[int], turn: int
) -> tuple[jax.Array, jax.Array]:
    """(seeds, steps, batch) days in an order drawn anew, and (seeds,) keys; few days come again."""
    orders = [np.random.default_rng((seed, turn)).permutation(learned) for seed in seeds]
    days = np.stack([np.resize(order, (steps, batch)) for order in orders])
    keys = [jax.random.fold_in(jax.random.key(seed), turn + 1) for seed in seeds]
    return jnp.asarray(days), jnp.stack(keys)


def kept(w: Mapping[str, Any]) -> dict[str, Any]:
    """What serving needs of the weights: the teaching heads stay behind."""
    arrays = {name: np.asarray(part, dtype=np.float32) for name, part in w.items()}
    heads, offset = arrays.pop("heads.w"), arrays.pop("heads.b")
    return arrays | {"event.w": np.ascontiguousarray(heads[:, 0]), "event.b": offset[:1]}
