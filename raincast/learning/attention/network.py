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
from raincast.observations.network import Network as Stations

MOST_PLACES = 4
"""How many networks of stations' geometries are kept: as a rule there is one."""
MOST_ENCODED = 64
"""How many days' states a network keeps: 75 kB each at the default sizes."""
_ABSENT = np.float32(-1e9)


class Places(NamedTuple):
    """What a network of stations is for these weights. What the core offers is attended to; a
    station beside it attends to the core, and is heard by nobody.

    Attributes:
        numbers: (stations,) where each stands in the weights; -1 for one that was never seen.
        core: positions of the core.
        at: (stations,) where each stands in the core; -1 beside it.
        turn: (stations, head / 2) cosines and sines; see `geometry.rotations`.
        bias: by layer, (stations, heads, core) what is added to the attention of one to another.
        own_bias: by layer, (heads,) the same to itself.
    """

    numbers: npt.NDArray[np.intp]
    core: npt.NDArray[np.intp]
    at: npt.NDArray[np.intp]
    turn: tuple[Array, Array]
    bias: tuple[Array, ...]
    own_bias: tuple[Array, ...]


class Encoded(NamedTuple):
    """What the core of a day offers: by layer, (heads, core, head) keys and values; (core,) 0
    where a station has anything to tell, else a very low number.
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
        self._kept, self._places = dict[Field, Encoded](), dict[Stations, Places]()
        self._head = self.recipe.width // self.recipe.heads
        self._scale = self.scale.with_unseen()
        embedding: Array = self.weights["station"]
        self._embedding: Array = np.concatenate([embedding, np.zeros_like(embedding[:1])])

    def places(self, network: Stations) -> Places:
        """The network of a field; the last ones asked for are kept."""
        found = self._places.get(network)
        if found is None:
            found = self._places[network] = self._laid_out(network)
            while len(self._places) > MOST_PLACES:
                self._places.pop(next(iter(self._places)), None)
        return found

    def _laid_out(self, network: Stations) -> Places:
        xy, core = geometry.plane(network), network.core
        at = np.full(len(network), -1)
        at[core] = np.arange(len(core))
        relative = geometry.pairs(xy)
        biases = [self._biases(relative, f"{n}.") for n in range(self.recipe.layers)]
        return Places(
            self.scale.numbers(network),
            core,
            at,
            geometry.rotations(xy, self._head),
            tuple(np.ascontiguousarray(bias[:, :, core]) for bias in biases),
            tuple(bias[0, :, 0] for bias in biases),
        )

    def _biases(self, relative: Array, at: str) -> Array:
        """(stations, heads, stations) what is added to the attention of the first to the last."""
        w = self.weights
        found = -w[f"{at}slope"][:, None, None] * relative[None, ..., 0]
        if self.recipe.biased:
            # A product for each pair: its bits must not depend on how many stations there are.
            bent = product(np.tanh(product(relative, w, f"{at}bias1")), w, f"{at}bias2")
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
        number = self.places(field.network).numbers[station]
        return tokens(self._scale, own, before, rain, season, number)

    def _embedded(self, given: Array, number: npt.NDArray[np.intp]) -> Array:
        """(n, width) first states from tokens."""
        hidden = np.maximum(product(given, self.weights, "in1"), 0)
        state = product(hidden, self.weights, "in2")
        if not self.recipe.embedded:
            return state
        found: Array = state + self._embedding[number] * self._scale.known[number, None]
        return found

    def _heads(self, x: Array, at: str) -> tuple[Array, Array, Array]:
        """(3 of n, heads, head) queries, keys and values of normalised states."""
        shape = (*x.shape[:-1], 3, self.recipe.heads, self._head)
        mixed = product(x, self.weights, f"{at}qkv").reshape(shape)
        return mixed[..., 0, :, :], mixed[..., 1, :, :], mixed[..., 2, :, :]

    def _turned(self, x: Array, places: Places, station: Any) -> Array:
        if not self.recipe.rotated:
            return x
        found: Array = geometry.rotated(x, (places.turn[0][station], places.turn[1][station]))
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
        """What the core of a field offers to the stations' attention."""
        places = self.places(field.network)
        core, own = places.core, field.own[places.core]
        given = self.given(field, own, core, past=True)
        state = self._embedded(given, places.numbers[core])
        there = np.isfinite(own).any(axis=-1)
        absent = np.where(there, 0, _ABSENT).astype(np.float32)
        keys, values = [], []
        for n in range(self.recipe.layers):
            q, k, v = self._heads(self._normal(state, n, "1"), f"{n}.")
            keys.append(heads_first(self._turned(k, places, core[:, None])))
            values.append(heads_first(v))
            if n + 1 < self.recipe.layers:
                known = Encoded(tuple(keys), tuple(values), absent)
                turned = self._turned(q, places, core[:, None])
                state = self._step(state, n, turned, places, known)
        return Encoded(tuple(keys), tuple(values), absent)

    def _normal(self, state: Array, n: int, which: str) -> Array:
        gain, offset = (self.weights[f"{n}.{name}{which}"] for name in ("gain", "offset"))
        return normalised(state, gain, offset)

    def _step(self, state: Array, n: int, query: Array, places: Places, known: Encoded) -> Array:
        """A layer for the states of the core, which stand in `known` as themselves."""
        keys = np.broadcast_to(known.keys[n], (len(state), *known.keys[n].shape))
        values = np.broadcast_to(known.values[n], keys.shape)
        bias, own = places.bias[n][places.core], np.arange(len(state))
        return self._attend(state, n, query, bias, keys, values, _open(known.absent, own))

    def _attend(
        self,
        state: Array,
        n: int,
        query: Array,
        bias: Array,
        keys: Array,
        values: Array,
        closed: Array,
    ) -> Array:
        """(n, width) states after layer `n`, from (n, heads, heard, head) keys and values."""
        near = (keys @ query[..., None])[..., 0] / np.float32(np.sqrt(self._head))
        weight = softmax(near + bias + closed[:, None])
        mixed = (weight[..., None, :] @ values)[..., 0, :]
        state = state + product(mixed.reshape(len(state), -1), self.weights, f"{n}.out")
        hidden = np.maximum(product(self._normal(state, n, "2"), self.weights, f"{n}.up"), 0)
        found: Array = state + product(hidden, self.weights, f"{n}.down")
        return found

    def decode(
        self,
        given: Array,
        station: npt.NDArray[np.intp],
        network: Stations,
        known: Encoded | None,
    ) -> Array:
        """(n,) log-odds from tokens of one field; `known` is None where the others do not count."""
        places = self.places(network)
        found = np.empty(len(station), dtype=np.float32)
        for inside in (True, False):  # apart, so that each row's products have one shape
            rows = np.flatnonzero((places.at[station] >= 0) == inside)
            if len(rows):
                found[rows] = self._decoded(given[rows], station[rows], places, known)
        return found

    def _decoded(
        self, given: Array, station: npt.NDArray[np.intp], places: Places, known: Encoded | None
    ) -> Array:
        """(n,) log-odds of stations that are all in the core, or all beside it."""
        state = self._embedded(given, places.numbers[station])
        for n in range(self.recipe.layers):
            state = self._decoder_step(state, n, station, places, known)
        last = normalised(state, self.weights["gain"], self.weights["offset"])
        found: Array = (last * self.weights["event.w"]).sum(axis=-1) + self.weights["event.b"]
        return found

    def _decoder_step(
        self,
        state: Array,
        n: int,
        station: npt.NDArray[np.intp],
        places: Places,
        known: Encoded | None,
    ) -> Array:
        q, k, v = self._heads(self._normal(state, n, "1"), f"{n}.")
        k, q = (self._turned(x, places, station[:, None]) for x in (k, q))
        core, row, at = len(places.core), np.arange(len(station)), places.at[station]
        if known is None:
            keys, values = np.zeros((2, len(row), self.recipe.heads, core, self._head), np.float32)
        else:
            keys, values = copies(known.keys[n], len(row)), copies(known.values[n], len(row))
        absent = np.full(core, _ABSENT) if known is None else known.absent
        bias = places.bias[n][station]
        if at[0] < 0:  # beside the core: itself comes last
            keys, values, bias = (
                np.concatenate([others, own], axis=2)
                for others, own in (
                    (keys, k[:, :, None]),
                    (values, v[:, :, None]),
                    (bias, copies(places.own_bias[n], len(row))[..., None]),
                )
            )
            at, absent = np.full(len(row), core), np.append(absent, np.float32(0))
        keys[row, :, at], values[row, :, at] = k, v
        return self._attend(state, n, q, bias, keys, values, _open(absent, at))


def _open(absent: Array, own: npt.NDArray[np.intp]) -> Array:
    """(n, heard) 0 for whom each may attend to: who is there, and always itself."""
    closed = copies(absent, len(own))
    closed[np.arange(len(own)), own] = 0
    return closed


def mean_log_odds(networks: Sequence[Network], rows: Rows) -> npt.NDArray[np.float64]:
    """(n,) mean log-odds of rain of n rows, by networks that were fitted to the same days."""
    found = np.empty(len(rows), dtype=np.float64)
    for field, here in _by_field(rows.field):
        station = rows.station[here]
        given = networks[0].given(field, rows.own[here], station, rows.past)
        total = np.zeros(len(here))
        for network in networks:
            there = network.encoded(field) if rows.around else None
            total += network.decode(given, station, field.network, there)
        found[here] = total / len(networks)
    return found


def _by_field(fields: npt.NDArray[Any]) -> Iterator[tuple[Field, npt.NDArray[np.intp]]]:
    """Each field with the positions of its rows."""
    places: dict[Field, list[int]] = {}
    for i, field in enumerate(fields):
        places.setdefault(field, []).append(i)
    for field, here in places.items():
        yield field, np.array(here)
