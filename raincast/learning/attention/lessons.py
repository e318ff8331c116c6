"""What a network is asked while it is fitted: batches drawn from the days, and their losses."""

from typing import Any

import jax
import jax.numpy as jnp
import optax

from raincast.features.derived import VARIABLES
from raincast.learning.attention.layers import Space, Weights, outputs
from raincast.learning.attention.recipe import AMOUNTS_MM, Recipe
from raincast.learning.attention.tokens import UNKNOWN_WETNESS

_V, _A = len(VARIABLES), len(AMOUNTS_MM)
_MIXED_SLOTS = (0, 1, 3)
"""What a station may draw for itself: the 9 am, the 3 pm or the complete row."""


def _due(recipe: Recipe, m: Any, day: jax.Array, key: jax.Array) -> jax.Array:
    """(days, stations) the slots that count as come: at an issue time drawn for each day; on some
    days each station draws its own.
    """
    k = jax.random.split(key, 3)
    runs = m.due.shape[0] - 3
    shares = [(1 - recipe.scheduled_times) / 3] * 3 + [recipe.scheduled_times / runs] * runs
    kind = jax.random.choice(k[0], len(shares), day.shape, p=jnp.array(shares))
    due = m.due[kind, day]
    own = jnp.array(_MIXED_SLOTS, due.dtype)[jax.random.randint(k[1], due.shape, 0, 3)]
    mixed = jax.random.uniform(k[2], (len(day), 1)) < recipe.mixed_times
    return jnp.where(mixed, own, due)


def _drawn(recipe: Recipe, m: Any, day: jax.Array, key: jax.Array) -> tuple[jax.Array, ...]:
    """A batch: tokens, who is seen, who may attend to whom, which of today's values are given."""
    k = jax.random.split(key, 6)
    shape = (len(day), m.wet.shape[1])
    seen = (jax.random.uniform(k[0], shape) >= recipe.embedding_withheld).astype(jnp.float32)
    past = (jax.random.uniform(k[1], (len(day), 1, 1)) >= recipe.past_withheld).astype(jnp.float32)
    alone = jax.random.uniform(k[2], (len(day), 1, 1)) < recipe.around_withheld
    held = jax.random.uniform(k[3], shape) < recipe.station_withheld
    fields = jax.random.uniform(k[4], (*shape, _V)) >= recipe.field_withheld
    come = m.slot <= _due(recipe, m, day, k[5])[..., None]
    given = m.flags[day] * (come & fields)
    before = past * (day > 0)[:, None, None]
    yesterday = jnp.maximum(day - 1, 0)
    odd = m.odd[day] * given * seen[..., None] * float(recipe.anomalies)
    season = jnp.broadcast_to(m.season[day][:, None], (*shape, 2))
    wetness = jnp.where(seen > 0, m.wetness[day], UNKNOWN_WETNESS)[..., None]
    then = (m.now[yesterday] * before, m.flags[yesterday] * before)
    parts = (m.now[day] * given, given, odd, *then, m.sums[day] * past, season, wetness)
    keys = (given.max(-1) > 0) & ~held
    open_ = (keys[:, None, :] & ~alone) | jnp.eye(shape[1], dtype=bool)
    return jnp.concatenate(parts, -1), seen, open_, given


def _mean(loss: jax.Array, there: jax.Array) -> jax.Array:
    return (loss * there).sum() / jnp.maximum(there.sum(), 1)


def loss(
    w: Weights, recipe: Recipe, space: Space, m: Any, day: jax.Array, key: jax.Array
) -> jax.Array:
    """The event's cross entropy, and the teaching losses with their weights."""
    k = jax.random.split(key)
    x, seen, open_, given = _drawn(recipe, m, day, k[0])
    out = outputs(w, recipe, space, x, seen, open_, k[1])
    event, amounts, rest = out[..., 0], out[..., 1 : 1 + _A], out[..., 1 + _A :]
    cross = optax.sigmoid_binary_cross_entropy
    known, next_day = m.wet_known[day], jnp.minimum(day + 1, len(m.now) - 1)
    later = m.flags[next_day] * (day + 1 < len(m.now))[:, None, None]
    hidden = m.flags[day] * (1 - given)
    return (
        _mean(cross(event, m.wet[day]), known)
        + recipe.amounts_weight
        * _mean(cross(amounts, m.amounts[day]).mean(-1), m.amounts_known[day] * known)
        + recipe.tomorrow_weight * _mean((rest[..., :_V] - m.odd[next_day]) ** 2, later)
        + recipe.today_weight * _mean((rest[..., _V:] - m.odd[day]) ** 2, hidden)
    )
