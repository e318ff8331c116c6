"""The network over the day's stations: fitted with JAX, served with NumPy, one row at a time."""

import pickle
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from raincast.features import block
from raincast.features.derived import variables
from raincast.features.names import NOW
from raincast.features.surroundings import Field, Rows
from raincast.learning import examples
from raincast.learning.attention import geometry, tokens
from raincast.learning.attention.material import Material, material, variable_slots
from raincast.learning.attention.network import Network, ensemble, mean_log_odds
from raincast.learning.attention.reasons import network_reasons
from raincast.learning.attention.recipe import Recipe
from raincast.observations import panel
from raincast.observations.availability import canonical
from raincast.observations.network import Network as Stations
from raincast.simulator import simulate
from tests import unfitted
from tests.places import INDEX, NETWORK, STATIONS

FIRST, LAST = date(2014, 10, 1), date(2015, 1, 31)
SMALL = Recipe(width=16, hidden=16, heads=2, epochs=2, batch_days=16)
HERE = INDEX["Sydney"]


@pytest.fixture(scope="module")
def observed() -> panel.Panel:
    return panel.from_frame(simulate(FIRST, LAST + timedelta(days=20), seed=5))


@pytest.fixture(scope="module")
def learned(observed: panel.Panel) -> tuple[Material, tokens.Scale]:
    return material(observed, FIRST, LAST, examples.SCHEDULED_UTC)


@pytest.fixture(scope="module")
def network(learned: tuple[Material, tokens.Scale]) -> Network:
    """Not fitted, which takes a compiler's half a minute: the weights that fitting begins with."""
    return Network(SMALL, learned[1], unfitted.weights(3, SMALL, len(STATIONS)))


@pytest.fixture(scope="module")
def rows(observed: panel.Panel) -> Rows:
    days = [LAST + timedelta(days=i) for i in range(1, 6)]
    given = block.surrounded(observed, days, np.array([canonical("3pm", day) for day in days]))
    return given[np.ones(given.table.shape[:2], dtype=bool)]


def test_rows_in_company_have_the_bits_that_they_have_alone(network: Network, rows: Rows) -> None:
    together = network.log_odds(rows)
    alone = [network.log_odds(rows[i : i + 1])[0] for i in range(0, len(rows), 7)]
    np.testing.assert_array_equal(together[::7], alone)
    shuffled = np.random.default_rng(0).permutation(len(rows))
    np.testing.assert_array_equal(network.log_odds(rows[shuffled]), together[shuffled])


def test_networks_together_have_the_bits_that_each_has_alone(network: Network, rows: Rows) -> None:
    other = Network(SMALL, network.scale, unfitted.weights(4, SMALL, len(STATIONS)))
    pair = (network, other)
    alone = np.stack([ensemble([one]).log_odds(rows)[0] for one in pair])
    np.testing.assert_array_equal(ensemble(pair).log_odds(rows), alone)
    assert (alone[0] != alone[1]).all()
    np.testing.assert_array_equal(mean_log_odds(pair, rows), alone.astype(float).sum(axis=0) / 2)


def test_many_rows_of_a_day_are_decoded_in_parts_with_the_same_bits(
    network: Network, rows: Rows
) -> None:
    """More than `MOST_ROWS` of one field, as a batch of a caller has."""
    many = rows[np.arange(150) % 49]
    np.testing.assert_array_equal(
        network.log_odds(many), network.log_odds(rows[:49])[np.arange(150) % 49]
    )


def test_a_kept_network_answers_with_the_same_bits(network: Network, rows: Rows) -> None:
    again = pickle.loads(pickle.dumps(network))
    np.testing.assert_array_equal(again.log_odds(rows), network.log_odds(rows))


def test_the_row_of_the_archive_and_the_same_from_a_caller_are_one(
    network: Network, rows: Rows
) -> None:
    one = rows[HERE : HERE + 1]
    given = replace(one, own=one.own.copy())
    np.testing.assert_array_equal(network.log_odds(given), network.log_odds(one))
    wetter = replace(one, own=one.own * np.float32(1.1), table=one.table.copy())
    wetter.table[:, NOW] = variables(wetter.own)
    assert network.log_odds(wetter) != network.log_odds(one)


def test_numpy_computes_what_was_fitted(
    network: Network, observed: panel.Panel, learned: tuple[Material, tokens.Scale]
) -> None:
    """All stations at once through the layers as JAX fits them, beside row by row in NumPy."""
    import jax
    import jax.numpy as jnp

    from raincast.learning.attention import layers

    day = LAST - timedelta(days=3)
    known = block.surrounded(observed, [day], np.array([canonical("complete", day)]))[0]
    field: Field = known.field[0]
    station = np.arange(len(STATIONS))
    season = np.broadcast_to(field.season, (len(station), 2))
    sides = (field.before, field.rain_before, season, station)
    given = tokens.tokens(learned[1], known.now, tokens.background(learned[1], *sides))
    weights = {name: jnp.asarray(part) for name, part in network.weights.items()}
    heads = np.zeros((SMALL.width, 1), np.float32)
    heads[:, 0] = network.weights["event.w"]
    weights |= {"heads.w": jnp.asarray(heads), "heads.b": jnp.asarray(network.weights["event.b"])}
    still = SMALL._replace(dropout=0.0, input_dropout=0.0)
    there = np.isfinite(known.own).any(axis=-1)
    open_ = there[None, None, :] | np.eye(len(station), dtype=bool)
    seen = jnp.asarray(learned[1].known)[None]
    out = layers.outputs(
        weights, still, layers.Space(still, NETWORK), jnp.asarray(given)[None], seen,
        jnp.asarray(open_), jax.random.key(0),
    )  # fmt: skip
    np.testing.assert_allclose(network.log_odds(known), np.asarray(out)[0, :, 0], atol=2e-4)


def test_tokens_of_fitting_are_those_of_serving(
    observed: panel.Panel, learned: tuple[Material, tokens.Scale]
) -> None:
    day, (days, scale) = FIRST + timedelta(days=50), learned
    known = block.surrounded(observed, [day], np.array([canonical("3pm", day)]))[0]
    now, flags = scale.standardised(known.now)
    come = days.flags[50] * (days.slot <= 1)
    np.testing.assert_array_equal(flags, come)
    np.testing.assert_array_equal(now, days.now[50] * come)
    np.testing.assert_array_equal(scale.standardised(known.field[0].before)[1], days.flags[49])


def test_each_variable_waits_for_the_last_of_its_fields() -> None:
    slots = dict(zip(tokens.VARIABLES, variable_slots(), strict=True))
    assert (slots["RainLog"], slots["Dew3pm"], slots["Gust_u"], slots["MaxTemp"]) == (0, 1, 2, 3)


def test_nothing_after_the_span_is_read(observed: panel.Panel) -> None:
    def of(seen: panel.Panel) -> Material:
        return material(seen, FIRST, LAST, examples.SCHEDULED_UTC)[0]

    stop = observed.position(LAST) + 2
    changed = observed.values.copy()
    changed[stop:] += 5
    other = panel.Panel(observed.first, changed, observed.seen)
    for mine, theirs in zip(of(observed), of(other), strict=True):
        np.testing.assert_array_equal(mine, theirs)


def test_a_station_that_was_never_seen_is_served(rows: Rows, network: Network) -> None:
    scale = network.scale
    known, trusted = scale.known.copy(), scale.trusted.copy()
    known[HERE], trusted[HERE] = 0, 0
    unseen = replace(scale, known=known, trusted=trusted)
    stranger = Network(network.recipe, unseen, network.weights)
    one = rows[HERE : HERE + 1]
    assert np.isfinite(stranger.log_odds(one)).all()
    assert stranger.log_odds(one) != network.log_odds(one)


def test_without_others_their_rows_count_for_nothing(network: Network, rows: Rows) -> None:
    alone = block.without_others(rows)
    assert isinstance(alone, Rows)
    moved = alone.field.copy()
    moved[:] = replace(moved[0], own=moved[0].own + 3)
    first = alone[:5]
    np.testing.assert_array_equal(
        network.log_odds(replace(first, field=moved[:5])), network.log_odds(first)
    )
    assert np.isfinite(network.log_odds(block.by_themselves(rows))).all()
    assert np.isfinite(network.log_odds(block.unknown(2))).all()


def test_reasons_add_up_and_what_is_absent_moves_nothing(network: Network, rows: Rows) -> None:
    one = rows[HERE : HERE + 1]
    begin, parts = network_reasons(ensemble([network]), one)
    assert begin + sum(parts.values()) == pytest.approx(network.log_odds(one)[0], abs=1e-5)
    assert parts["sunshine", "here"] == 0  # midnight is still to come at 3 pm
    assert parts["humidity", "here"] != 0


@pytest.mark.slow
def test_a_fit_learns_and_equal_seeds_make_equal_networks(
    observed: panel.Panel, learned: tuple[Material, tokens.Scale]
) -> None:
    from raincast.learning.attention.fit import fit_networks

    one, same, other = fit_networks(*learned, SMALL._replace(epochs=60), [3, 3, 4])
    np.testing.assert_array_equal(one.weights["in1.w"], same.weights["in1.w"])
    assert (one.weights["in1.w"] != other.weights["in1.w"]).any()
    seen = examples.of_regime(observed, "complete", FIRST, LAST)
    assert roc_auc_score(seen.y, one.log_odds(seen.inputs)) > 0.75


def test_pairs_name_no_station() -> None:
    """The same places in another order make the same pairs in that order."""
    xy, order = geometry.plane(NETWORK), np.random.default_rng(1).permutation(len(STATIONS))
    np.testing.assert_array_equal(
        geometry.pairs(xy[order], xy[None, order]),
        geometry.pairs(xy, xy[None])[np.ix_(order, order)],
    )


def test_a_station_beside_the_core_changes_no_bit_of_the_others(
    observed: panel.Panel, network: Network
) -> None:
    new = STATIONS[HERE]._replace(location="Menai", latitude=-34.0, neighbour=False)
    places = Stations(tuple(sorted((*STATIONS, new))))
    values, seen = (
        np.insert(part, places.index["Menai"], part[:, HERE], axis=1)
        for part in (observed.values, observed.seen)
    )
    more = panel.Panel(observed.first, values, seen, network=places)
    day = LAST - timedelta(days=3)
    at = np.array([canonical("3pm", day)])
    before, after = (block.surrounded(p, [day], at)[0] for p in (observed, more))
    chances, others = network.log_odds(after), np.arange(50) != places.index["Menai"]
    np.testing.assert_array_equal(chances[others], network.log_odds(before))
    alone = after[[places.index["Menai"]]]
    np.testing.assert_array_equal(network.log_odds(alone), chances[~others])
    assert np.isfinite(chances).all()
    assert np.isfinite(network.log_odds(block.without_others(alone))).all()
