"""Fitting a network, with JAX and Optax; nothing else in the package imports them.

A batch is some days with all their stations, each day as at an issue time drawn anew. Beside the
event the network learns amounts of rain, tomorrow's variables, and what is not yet known of today:
heads that only teach. What is kept is the running mean of the weights (Polyak and Juditsky 1992).
"""

from collections.abc import Mapping, Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
import optax
from tqdm import tqdm

from raincast.features.derived import VARIABLES
from raincast.learning.attention import geometry
from raincast.learning.attention.material import Material
from raincast.learning.attention.network import Network
from raincast.learning.attention.recipe import AMOUNTS_MM, Recipe
from raincast.learning.attention.tokens import UNKNOWN_WETNESS, WIDTH, Scale

Weights = dict[str, Any]

_V, _A = len(VARIABLES), len(AMOUNTS_MM)
_SLOPES = (0.0, 0.5, 2.0, 6.0)
"""Begin of the heads' loss of attention for each 1,000 km: from the whole continent to near by."""
_MIXED_SLOTS = (0, 1, 3)
_TAUGHT = _A + 2 * _V


def _start(key: jax.Array, recipe: Recipe, stations: int) -> Weights:
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
    product("heads", width, 1 + _TAUGHT, 0.5)
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


class _Geometry:
    def __init__(self, recipe: Recipe) -> None:
        xy = geometry.plane()
        self.relative = jnp.asarray(geometry.pairs(xy))
        turn = geometry.rotations(xy, recipe.width // recipe.heads)
        self.turn = (jnp.asarray(turn[0])[:, None], jnp.asarray(turn[1])[:, None])


def _outputs(
    w: Weights, recipe: Recipe, space: _Geometry, x: jax.Array, seen: jax.Array, open_: jax.Array,
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
    w: Weights, recipe: Recipe, space: _Geometry, n: int, state: jax.Array, closed: jax.Array,
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


def _loss(
    w: Weights, recipe: Recipe, space: _Geometry, m: Any, day: jax.Array, key: jax.Array
) -> jax.Array:
    k = jax.random.split(key)
    x, seen, open_, given = _drawn(recipe, m, day, k[0])
    out = _outputs(w, recipe, space, x, seen, open_, k[1])
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


def _epoch(recipe: Recipe, space: _Geometry, optimiser: optax.GradientTransformation) -> Any:
    """A compiled function of states, material, (steps, batch) days and keys to the next states; all
    but the material have a leading axis of networks.
    """

    def step(carry: Any, given: Any, m: Any) -> Any:
        w, mean, state, count = carry
        grown = jax.grad(_loss)(w, recipe, space, m, *given)
        change, state = optimiser.update(grown, state, w)
        w = optax.apply_updates(w, change)
        kept = jnp.minimum(recipe.averaging, (1 + count) / (10 + count))
        mean = jax.tree.map(lambda a, b: kept * a + (1 - kept) * b, mean, w)
        return (w, mean, state, count + 1), None

    def epoch(carry: Any, m: Any, days: jax.Array, key: jax.Array) -> Any:
        keys = jax.random.split(key, len(days))
        return jax.lax.scan(lambda c, g: step(c, g, m), carry, (days, keys))[0]

    return jax.jit(jax.vmap(epoch, in_axes=(0, None, 0, 0)), donate_argnums=0)


def _begin(
    recipe: Recipe, stations: int, optimiser: optax.GradientTransformation, seed: int
) -> Any:
    w = _start(jax.random.fold_in(jax.random.key(seed), 0), recipe, stations)
    return w, jax.tree.map(jnp.copy, w), optimiser.init(w), jnp.array(0.0)


def fit_networks(
    material: Material,
    scale: Scale,
    recipe: Recipe,
    seeds: Sequence[int],
    together: bool = False,
) -> list[Network]:
    """Networks that differ in their seed alone; equal seeds make equal networks on one machine.

    Args:
        together: fits all at once, which an accelerator likes; two cores are quicker one by one.
    """
    steps = max(1, len(material.learned) // recipe.batch_days)
    optimiser = _optimiser(recipe, steps * recipe.epochs)
    epoch = _epoch(recipe, _Geometry(recipe), optimiser)
    on_device = jax.tree.map(jnp.asarray, material)
    found: list[Network] = []
    for group in [seeds] if together else [[seed] for seed in seeds]:
        parts = [_begin(recipe, material.wet.shape[1], optimiser, seed) for seed in group]
        carry = jax.tree.map(lambda *lanes: jnp.stack(lanes), *parts)
        for turn in tqdm(range(recipe.epochs), f"network {group[0]}", leave=False, disable=None):
            days, keys = _turn(material.learned, steps, recipe.batch_days, group, turn)
            carry = epoch(carry, on_device, days, keys)
        for lane, seed in enumerate(group):
            mean = {name: part[lane] for name, part in carry[1].items()}
            found.append(Network(recipe, scale, _kept(mean), seed))
    return found


def _turn(
    learned: npt.NDArray[np.intp], steps: int, batch: int, seeds: Sequence[int], turn: int
) -> tuple[jax.Array, jax.Array]:
    """(seeds, steps, batch) days in an order drawn anew, and (seeds,) keys; few days come again."""
    orders = [np.random.default_rng((seed, turn)).permutation(learned) for seed in seeds]
    days = np.stack([np.resize(order, (steps, batch)) for order in orders])
    keys = [jax.random.fold_in(jax.random.key(seed), turn + 1) for seed in seeds]
    return jnp.asarray(days), jnp.stack(keys)


def _kept(w: Mapping[str, Any]) -> dict[str, Any]:
    """What serving needs of the weights: the teaching heads stay behind."""
    arrays = {name: np.asarray(part, dtype=np.float32) for name, part in w.items()}
    heads, offset = arrays.pop("heads.w"), arrays.pop("heads.b")
    return arrays | {"event.w": np.ascontiguousarray(heads[:, 0]), "event.b": offset[:1]}
