"""In a large network everybody looks at the nearest alone, with the same bits in any company."""

from datetime import timedelta

import numpy as np
import pytest

from raincast.features import block, neighbours, sparse
from raincast.features.surroundings import Rows
from raincast.learning import examples
from raincast.learning.attention.material import material
from raincast.learning.attention.network import Network
from raincast.learning.attention.places import MOST_HEARD
from raincast.learning.attention.recipe import Recipe
from raincast.observations import sphere
from raincast.observations.availability import canonical
from raincast.observations.panel import Panel
from tests import many, unfitted

MANY = many.network()
DAYS = [many.FIRST + timedelta(days=i) for i in range(33, 38)]
AT = np.array([canonical("complete", day) for day in DAYS])
SMALL = Recipe(width=16, hidden=16, heads=2, epochs=2, batch_days=16)


@pytest.fixture(scope="module")
def observed() -> Panel:
    return many.weather(MANY)


@pytest.fixture(scope="module")
def attending(observed: Panel) -> Network:
    _, scale = material(observed, DAYS[0], DAYS[-1], examples.SCHEDULED_UTC)
    return Network(SMALL, scale, unfitted.weights(3, SMALL, len(MANY)))


def rows_of(observed: Panel, days: int = 1) -> Rows:
    given = block.surrounded(observed, DAYS[:days], AT[:days])
    return given[np.ones(given.table.shape[:2], dtype=bool)]


def test_the_ball_tree_finds_whom_every_distance_finds() -> None:
    core = MANY.places[MANY.core]
    found = sphere.nearest(MANY.places, core, 7)
    every = sphere.distances(MANY.places, core)
    np.testing.assert_array_equal(found.at, np.argsort(every, axis=1)[:, :7])
    np.testing.assert_allclose(found.km, np.sort(every, axis=1)[:, :7], atol=1e-6)


def test_the_nearest_of_a_large_core_are_never_oneself() -> None:
    found = neighbours.nearest(MANY)
    assert found.shape == (len(MANY), neighbours.NEAREST)
    assert not (found == np.arange(len(MANY))[:, None]).any()
    assert (found < many.CORE).all()
    apart = sphere.distances(MANY.places, MANY.places)
    np.fill_diagonal(apart, np.inf)
    np.testing.assert_array_equal(found, np.argsort(apart[:, : many.CORE], axis=1)[:, :5])


@pytest.mark.parametrize("of", [neighbours.scale_weights, neighbours.sector_weights])
def test_a_station_hears_a_bounded_number_and_not_itself(of: object) -> None:
    weights = of(MANY)  # type: ignore[operator]
    assert isinstance(weights, sparse.Weights)
    matrix = weights.matrix
    assert np.diff(matrix.indptr).max() <= sparse.HEARD < many.CORE
    for one in range(weights.maps):
        assert not matrix[[one * len(MANY) + i for i in range(many.CORE)], :].diagonal().any()


def test_what_is_left_out_of_a_smooth_field_hardly_moves_its_means(observed: Panel) -> None:
    """Beside the mean over everybody with the same weights."""
    values = observed.values[33:34, :, 7:9]
    core = values[0, : many.CORE]
    found = neighbours.average(neighbours.scale_weights(MANY), values)[0]
    apart = sphere.distances(MANY.places, MANY.places[MANY.core])
    apart[np.arange(many.CORE), np.arange(many.CORE)] = np.inf
    spread = np.nanstd(core)
    for one, scale in zip(found, neighbours.SCALES_KM, strict=True):
        weight = np.exp(-0.5 * (apart / scale) ** 2)[..., None] * np.isfinite(core)
        whole = (weight * np.nan_to_num(core)).sum(axis=1) / weight.sum(axis=1)
        assert np.abs(one - whole).max() < 0.5 * spread
        assert np.abs(one - whole).mean() < 0.15 * spread


def test_a_day_alone_has_the_bits_that_it_has_among_others(observed: Panel) -> None:
    together = block.block(observed, DAYS, AT)
    alone = block.block(observed, DAYS[2:3], AT[2:3])
    np.testing.assert_array_equal(together[2], alone[0])


def test_stations_beside_a_large_core_change_no_bit_of_the_others(observed: Panel) -> None:
    fewer = many.weather(many.network(beside=3))
    np.testing.assert_array_equal(
        block.block(fewer, DAYS, AT), block.block(observed, DAYS, AT)[:, : many.CORE + 3]
    )


def test_rows_attend_with_the_bits_that_they_have_alone(
    observed: Panel, attending: Network
) -> None:
    rows = rows_of(observed)
    together = attending.log_odds(rows)
    alone = [attending.log_odds(rows[i : i + 1])[0] for i in range(0, len(rows), 9)]
    np.testing.assert_array_equal(together[::9], alone)


def test_a_station_attends_to_the_near_ones_alone(observed: Panel, attending: Network) -> None:
    """Within two layers a far one is heard by nobody whom it hears."""
    here, before = 0, attending.log_odds(rows_of(observed))
    apart = sphere.distances(MANY.places[[here]], MANY.places[MANY.core])[0]
    order = np.argsort(apart)
    for other, heard in ((order[1], True), (order[-1], False)):
        values = observed.values.copy()
        values[:, other] += 3
        changed = Panel(observed.first, values, observed.seen, network=MANY)
        after = attending.log_odds(rows_of(changed))
        assert (after[here] != before[here]) == heard
        assert after[other] != before[other]
    assert MOST_HEARD < many.CORE


def test_two_at_one_place_are_named_however_many_there_are() -> None:
    places = MANY.places.copy()
    places[[7, 160]] = places[3]
    assert sphere.together(places, 0.1) == [(3, 7), (3, 160), (7, 160)]
