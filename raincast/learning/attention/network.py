"""A fitted network in NumPy: a day's stations are encoded once, then each row is decoded by itself.

The decoder is one row of the encoder: the same layers, with the row's own token in the place of its
station's. So a caller's own observations take the place of the archive's without a new encoding,
and a row that equals the archive's has just what the whole network gives. What other stations made
of the archive's row of that station before stays in their states.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from raincast.features.surroundings import Field, Rows
from raincast.learning.attention import geometry
from raincast.learning.attention.arithmetic import (
    Array,
    Weights,
    copies,
    heads_first,
    normalised,
    product,
    softmax,
)
from raincast.learning.attention.recipe import Recipe
from raincast.learning.attention.tokens import Scale, tokens

MOST_ENCODED = 64
"""How many days' states a network keeps: 75 kB each at the default sizes."""
_ABSENT = np.float32(-1e9)


class Encoded(NamedTuple):
    """What the other stations of a day offer: by layer, (heads, stations, head) keys and values;
    (stations,) 0 where a station has anything to tell, else a very low number.
    """

    keys: tuple[Array, ...]
    values: tuple[Array, ...]
    absent: Array


class Network:
    """Weights by name, and the scale of what they are given.

    Args:
        recipe: its sizes.
        scale: of the tokens.
        weights: float32 arrays by name; `fit` gives them.
        seed: that it was fitted with.
    """

    def __init__(self, recipe: Recipe, scale: Scale, weights: Weights, seed: int = 0) -> None:
        self.recipe, self.scale, self.weights, self.seed = recipe, scale, dict(weights), seed
        self._prepare()

    def _prepare(self) -> None:
        xy, self._kept = geometry.plane(), dict[Field, Encoded]()
        self._head = self.recipe.width // self.recipe.heads
        self._turn = geometry.rotations(xy, self._head)
        relative = geometry.pairs(xy)
        self._bias = [self._biases(relative, f"{n}.") for n in range(self.recipe.layers)]

    def _biases(self, relative: Array, at: str) -> Array:
        """(stations, heads, stations) what is added to the attention of the first to the last."""
        w = self.weights
        found = -w[f"{at}slope"][:, None, None] * relative[None, ..., 0]
        if self.recipe.biased:
            hidden = np.tanh(relative @ w[f"{at}bias1.w"] + w[f"{at}bias1.b"])
            bent = hidden @ w[f"{at}bias2.w"] + w[f"{at}bias2.b"]
            found = found + bent.transpose(2, 0, 1)
        return np.ascontiguousarray(found.transpose(1, 0, 2), dtype=np.float32)

    def __getstate__(self) -> dict[str, Any]:
        names = ("recipe", "scale", "weights", "seed")
        state = {name: getattr(self, name) for name in names}
        return state | {"recipe": dict(self.recipe._asdict()), "scale": dict(vars(self.scale))}

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        self.weights, self.seed = state["weights"], state["seed"]
        self.recipe, self.scale = Recipe(**state["recipe"]), Scale(**state["scale"])
        self._prepare()

    def log_odds(self, rows: Rows) -> npt.NDArray[np.float64]:
        """(n,) log-odds of rain of n rows."""
        return mean_log_odds([self], rows)

    def given(self, field: Field, own: Array, station: npt.NDArray[np.intp], past: bool) -> Array:
        """(n, WIDTH) tokens of own rows at stations of a field."""
        before, rain = field.before[station], field.rain_before[station]
        if not past:
            before, rain = np.full_like(before, np.nan), np.full_like(rain, np.nan)
        season = np.broadcast_to(field.season, (len(station), 2))
        return tokens(self.scale, own, before, rain, season, station)

    def _embedded(self, given: Array, station: npt.NDArray[np.intp]) -> Array:
        """(n, width) first states from tokens."""
        hidden = np.maximum(product(given, self.weights, "in1"), 0)
        state = product(hidden, self.weights, "in2")
        if not self.recipe.embedded:
            return state
        found: Array = state + self.weights["station"][station] * self.scale.known[station, None]
        return found

    def _heads(self, x: Array, at: str) -> tuple[Array, Array, Array]:
        """(3 of n, heads, head) queries, keys and values of normalised states."""
        shape = (*x.shape[:-1], 3, self.recipe.heads, self._head)
        mixed = product(x, self.weights, f"{at}qkv").reshape(shape)
        return mixed[..., 0, :, :], mixed[..., 1, :, :], mixed[..., 2, :, :]

    def _turned(self, x: Array, station: Any) -> Array:
        if not self.recipe.rotated:
            return x
        found: Array = geometry.rotated(x, (self._turn[0][station], self._turn[1][station]))
        return found

    def encoded(self, field: Field) -> Encoded:
        """As `encode`; the last fields asked for are kept."""
        found = self._kept.get(field)
        if found is None:
            found = self._kept[field] = self.encode(field)
            while len(self._kept) > MOST_ENCODED:
                self._kept.pop(next(iter(self._kept)), None)
        return found

    def encode(self, field: Field) -> Encoded:
        """What the stations of a field offer to each other's attention."""
        station = np.arange(len(field.own))
        state = self._embedded(self.given(field, field.own, station, past=True), station)
        there = np.isfinite(field.own).any(axis=-1)
        absent = np.where(there, 0, _ABSENT).astype(np.float32)
        keys, values = [], []
        for n in range(self.recipe.layers):
            q, k, v = self._heads(self._normal(state, n, "1"), f"{n}.")
            keys.append(heads_first(self._turned(k, station[:, None])))
            values.append(heads_first(v))
            if n + 1 < self.recipe.layers:
                known = Encoded(tuple(keys), tuple(values), absent)
                state = self._step(state, n, self._turned(q, station[:, None]), station, known)
        return Encoded(tuple(keys), tuple(values), absent)

    def _normal(self, state: Array, n: int, which: str) -> Array:
        gain, offset = (self.weights[f"{n}.{name}{which}"] for name in ("gain", "offset"))
        return normalised(state, gain, offset)

    def _step(
        self, state: Array, n: int, query: Array, station: npt.NDArray[np.intp], known: Encoded
    ) -> Array:
        """A layer for states whose stations stand in `known` as themselves."""
        keys = np.broadcast_to(known.keys[n], (len(station), *known.keys[n].shape))
        values = np.broadcast_to(known.values[n], keys.shape)
        return self._attend(state, n, query, station, keys, values, known.absent)

    def _attend(
        self,
        state: Array,
        n: int,
        query: Array,
        station: npt.NDArray[np.intp],
        keys: Array,
        values: Array,
        absent: Array,
    ) -> Array:
        """(n, width) states after layer `n`, from (n, heads, stations, head) keys and values."""
        closed = copies(absent, len(station))
        closed[np.arange(len(station)), station] = 0  # a station always attends to itself
        near = (keys @ query[..., None])[..., 0] / np.float32(np.sqrt(self._head))
        weight = softmax(near + self._bias[n][station] + closed[:, None])
        mixed = (weight[..., None, :] @ values)[..., 0, :]
        state = state + product(mixed.reshape(len(station), -1), self.weights, f"{n}.out")
        hidden = np.maximum(product(self._normal(state, n, "2"), self.weights, f"{n}.up"), 0)
        found: Array = state + product(hidden, self.weights, f"{n}.down")
        return found

    def decode(self, given: Array, station: npt.NDArray[np.intp], known: Encoded | None) -> Array:
        """(n,) log-odds from tokens of one field; `known` is None where the others do not count."""
        state = self._embedded(given, station)
        for n in range(self.recipe.layers):
            state = self._decoder_step(state, n, station, known)
        last = normalised(state, self.weights["gain"], self.weights["offset"])
        found: Array = (last * self.weights["event.w"]).sum(axis=-1) + self.weights["event.b"]
        return found

    def _decoder_step(
        self, state: Array, n: int, station: npt.NDArray[np.intp], known: Encoded | None
    ) -> Array:
        q, k, v = self._heads(self._normal(state, n, "1"), f"{n}.")
        k, q = (self._turned(x, station[:, None]) for x in (k, q))
        heads, stations = self.recipe.heads, len(self._turn[0])
        row = np.arange(len(station))
        if known is None:
            keys, values = np.zeros((2, len(row), heads, stations, self._head), np.float32)
        else:
            keys, values = copies(known.keys[n], len(row)), copies(known.values[n], len(row))
        keys[row, :, station], values[row, :, station] = k, v
        absent = np.full(stations, _ABSENT) if known is None else known.absent
        return self._attend(state, n, q, station, keys, values, absent)


def mean_log_odds(networks: Sequence[Network], rows: Rows) -> npt.NDArray[np.float64]:
    """(n,) mean log-odds of rain of n rows, by networks that were fitted to the same days."""
    found = np.empty(len(rows), dtype=np.float64)
    for field, here in _by_field(rows.field):
        station = rows.station[here]
        given = networks[0].given(field, rows.own[here], station, rows.past)
        total = np.zeros(len(here))
        for network in networks:
            there = network.encoded(field) if rows.around else None
            total += network.decode(given, station, there)
        found[here] = total / len(networks)
    return found


def _by_field(fields: npt.NDArray[Any]) -> Iterator[tuple[Field, npt.NDArray[np.intp]]]:
    """Each field with the positions of its rows."""
    places: dict[Field, list[int]] = {}
    for i, field in enumerate(fields):
        places.setdefault(field, []).append(i)
    for field, here in places.items():
        yield field, np.array(here)
