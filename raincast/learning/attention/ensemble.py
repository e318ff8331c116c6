"""Fitted networks in NumPy, all at once: a day's stations are encoded once, then each row is
decoded by itself.

The decoder is one row of the encoder: the same layers, with the row's own token in the place of its
station's. So a caller's own observations take the place of the archive's without a new encoding,
and a row that equals the archive's has just what the whole network gives. What other stations made
of the archive's row of that station before stays in their states.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from raincast.features.derived import variables
from raincast.features.surroundings import Field, Rows
from raincast.learning.attention import geometry
from raincast.learning.attention.arithmetic import Array, Weights, copies, heads_first
from raincast.learning.attention.encoded import ABSENT, Encoded, offered, opened
from raincast.learning.attention.places import Places, laid_out
from raincast.learning.attention.recipe import Recipe
from raincast.learning.attention.stack import Stack
from raincast.learning.attention.tokens import Background, Scale, background, tokens
from raincast.observations.network import Network as Stations

MOST_PLACES = 4
"""How many networks of stations' geometries are kept: as a rule there is one."""
MOST_ENCODED = 64
"""How many days' states of the 49 are kept: 75 kB a network each at the default sizes. Of a larger
core fewer are.
"""
MOST_ROWS = 64
"""How many rows are decoded at once: each has copies of its day's keys and values."""


class Ensemble:
    """Networks of one recipe that were fitted to the same days.

    Args:
        weights: float32 arrays by name, with a first axis of networks.
    """

    def __init__(self, recipe: Recipe, scale: Scale, weights: Weights) -> None:
        self._recipe, self._scale, self._weights = recipe, scale.with_unseen(), weights
        self._kept, self._places = dict[Field, Encoded](), dict[Stations, Places]()
        self._beside = dict[tuple[Field, bool], Background]()
        self._stack, self._head = Stack(recipe, weights), recipe.width // recipe.heads
        embedding = weights["station"]
        self._embedding: Array = np.concatenate(
            [embedding, np.zeros_like(embedding[:, :1])], axis=1
        )

    def log_odds(self, rows: Rows) -> Array:
        """(networks, n) log-odds of rain of n rows."""
        found = np.empty((len(self._embedding), len(rows)), dtype=np.float32)
        for field, here in _by_field(rows.field):
            station = rows.station[here]
            beside = self.beside(field, rows.past).at(station)
            given = tokens(self._scale, rows.now[here], beside)
            known = self.encoded(field) if rows.around else None
            found[:, here] = self.decode(given, station, field.network, known)
        return found

    def places(self, network: Stations) -> Places:
        """The network of a field; the last ones asked for are kept."""
        found = self._places.get(network)
        if found is None:
            numbers = self._scale.numbers(network)
            found = laid_out(network, numbers, self._recipe, self._weights)
            _keep(self._places, network, found, MOST_PLACES)
        return found

    def encoded(self, field: Field) -> Encoded:
        """As `encode`; the last fields asked for are kept."""
        found = self._kept.get(field)
        if found is None:
            found = self.encode(field)
            core = len(field.network.core)
            _keep(self._kept, field, found, max(1, MOST_ENCODED * 49 // max(49, core)))
        return found

    def beside(self, field: Field, past: bool) -> Background:
        """What stands beside own rows of all stations of a field, with or without their days
        before; the last ones asked for are kept.
        """
        found = self._beside.get((field, past))
        if found is None:
            stations = np.arange(len(field.network))
            found = self._background(field, stations, past)
            most = max(1, MOST_ENCODED * 49 // max(49, len(stations)))
            _keep(self._beside, (field, past), found, most)
        return found

    def _background(
        self, field: Field, station: npt.NDArray[np.intp], past: bool = True
    ) -> Background:
        before, rain = field.before[station], field.rain_before[station]
        if not past:
            before, rain = np.full_like(before, np.nan), np.full_like(rain, np.nan)
        season = np.broadcast_to(field.season, (len(station), 2))
        number = self.places(field.network).numbers[station]
        return background(self._scale, before, rain, season, number)

    def given(self, field: Field, own: Array, station: npt.NDArray[np.intp]) -> Array:
        """(n, WIDTH) tokens of own rows at stations of a field."""
        return tokens(self._scale, variables(own), self._background(field, station))

    def encode(self, field: Field) -> Encoded:
        """What the core of a field offers to the stations' attention."""
        places = self.places(field.network)
        core, own = places.core, field.own[places.core]
        given = self.given(field, own, core)
        state = self._embedded(given, places.numbers[core])
        there = np.isfinite(own).any(axis=-1)
        absent = np.where(there, 0, ABSENT).astype(np.float32)
        keys, values = [], []
        for n in range(self._recipe.layers):
            q, k, v = self._heads(state, n, places, core)
            keys.append(heads_first(k))
            values.append(heads_first(v))
            if n + 1 < self._recipe.layers:
                known = Encoded(tuple(keys), tuple(values), absent)
                state = self._step(state, n, q, places, known)
        return Encoded(tuple(keys), tuple(values), absent)

    def decode(
        self,
        given: Array,
        station: npt.NDArray[np.intp],
        network: Stations,
        known: Encoded | None,
    ) -> Array:
        """(networks, n) log-odds from tokens of one field; `known` is None where the others do not
        count.
        """
        places = self.places(network)
        found = np.empty((len(self._embedding), len(station)), dtype=np.float32)
        for inside in (True, False):  # apart, so that each row's products have one shape
            rows = np.flatnonzero((places.at[station] >= 0) == inside)
            for some in np.split(rows, range(MOST_ROWS, len(rows), MOST_ROWS)):
                if len(some):
                    found[:, some] = self._decoded(given[some], station[some], places, known)
        return found

    def _decoded(
        self, given: Array, station: npt.NDArray[np.intp], places: Places, known: Encoded | None
    ) -> Array:
        """(networks, n) log-odds of stations that are all in the core, or all beside it."""
        state = self._embedded(given, places.numbers[station])
        for n in range(self._recipe.layers):
            state = self._decoder_step(state, n, station, places, known)
        return self._stack.log_odds(state)

    def _embedded(self, given: Array, number: npt.NDArray[np.intp]) -> Array:
        """(networks, n, width) first states from tokens."""
        state = self._stack.begun(given)
        if not self._recipe.embedded:
            return state
        found: Array = state + self._embedding[:, number] * self._scale.known[number, None]
        return found

    def _heads(
        self, state: Array, n: int, places: Places, station: npt.NDArray[np.intp]
    ) -> tuple[Array, Array, Array]:
        """(networks, n, heads, head) queries, keys and values of a layer, the first two turned by
        where their stations lie.
        """
        mixed = self._stack.heads(state, n)
        turned = mixed[:, :, :2]
        if self._recipe.rotated:
            cosine, sine = (part[station][:, None, None] for part in places.turn)
            turned = geometry.rotated(turned, (cosine, sine))
        return turned[:, :, 0], turned[:, :, 1], mixed[:, :, 2]

    def _step(self, state: Array, n: int, query: Array, places: Places, known: Encoded) -> Array:
        """A layer for the states of the core, which stand in `known` as themselves."""
        if places.heard is not None:
            return self._step_by_parts(state, n, query, places, known)
        count, own = state.shape[1], np.arange(state.shape[1])
        keys, values = (
            np.broadcast_to(part[:, None], (len(part), count, *part.shape[1:]))
            for part in (known.keys[n], known.values[n])
        )
        bias = places.bias[n][:, places.core]
        return self._stack.attended(
            state, n, query, bias, keys, values, opened(known.absent[None], own)
        )

    def _step_by_parts(
        self, state: Array, n: int, query: Array, places: Places, known: Encoded
    ) -> Array:
        """The same for a large core, some stations at a time, each with whom it attends to."""
        found = np.empty_like(state)
        for begin in range(0, state.shape[1], MOST_ROWS):
            some = slice(begin, begin + MOST_ROWS)
            station = places.core[some]
            keys, values, absent = offered(known, n, places, station)
            closed = opened(absent, np.zeros(len(station), dtype=np.intp))
            bias = places.bias[n][:, station]
            found[:, some] = self._stack.attended(
                state[:, some], n, query[:, some], bias, keys, values, closed
            )
        return found

    def _decoder_step(
        self,
        state: Array,
        n: int,
        station: npt.NDArray[np.intp],
        places: Places,
        known: Encoded | None,
    ) -> Array:
        q, k, v = self._heads(state, n, places, station)
        row, at = np.arange(len(station)), places.at[station]
        bias = places.bias[n][:, station]
        heard = bias.shape[-1]
        if known is None:
            shape = (len(state), len(row), self._recipe.heads, heard, self._head)
            keys, values = np.zeros((2, *shape), np.float32)
            absent = np.full((1, heard), ABSENT)
        else:
            keys, values, absent = offered(known, n, places, station)
        if at[0] < 0:  # beside the core: itself comes last
            own_bias = copies(places.own_bias[n], len(row))[..., None]
            keys, values, bias = (
                np.concatenate([others, own], axis=3)
                for others, own in (
                    (keys, k[:, :, :, None]),
                    (values, v[:, :, :, None]),
                    (bias, own_bias),
                )
            )
            at = np.full(len(row), heard)
            absent = np.pad(absent, ((0, 0), (0, 1)))
        elif places.heard is not None:
            at = np.zeros_like(at)
        keys[:, row, :, at], values[:, row, :, at] = k.swapaxes(0, 1), v.swapaxes(0, 1)
        return self._stack.attended(state, n, q, bias, keys, values, opened(absent, at))


def _keep(kept: dict[Any, Any], key: Any, found: Any, most: int) -> None:
    """Keeps one more, and the last ones alone."""
    kept[key] = found
    while len(kept) > most:
        kept.pop(next(iter(kept)), None)


def _by_field(fields: npt.NDArray[Any]) -> Iterator[tuple[Field, npt.NDArray[np.intp]]]:
    """Each field with the positions of its rows."""
    places: dict[Field, list[int]] = {}
    for i, field in enumerate(fields):
        places.setdefault(field, []).append(i)
    for field, here in places.items():
        yield field, np.array(here)
