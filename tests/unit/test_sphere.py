"""Places on the globe, by hand and against every pair."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from raincast.observations import sphere

DEGREE_KM = 2 * np.pi * sphere.EARTH_RADIUS_KM / 360

latitudes, longitudes = st.floats(-89, 89), st.floats(-180, 180)
places = st.lists(st.tuples(latitudes, longitudes), min_size=1, max_size=12).map(np.array)


@pytest.mark.parametrize(
    ("a", "b", "degrees"),
    [
        ((0, 0), (0, 0), 0),
        ((0, 0), (0, 1), 1),
        ((0, 179.5), (0, -179.5), 1),  # over the antimeridian
        ((-90, 0), (-90, 77), 0),  # the pole has every longitude
        ((-90, 0), (90, 0), 180),
        ((60, 0), (60, 180), 60),  # over the pole
    ],
)
def test_distances_by_hand(a: tuple[float, float], b: tuple[float, float], degrees: float) -> None:
    found = sphere.distances(np.array([a], float), np.array([b], float))
    assert found.tolist() == [[pytest.approx(degrees * DEGREE_KM, abs=1e-6)]]


@pytest.mark.parametrize(
    ("to", "bearing"),
    [((1, 10), 0), ((0, 11), 90), ((-1, 10), 180), ((0, 9), 270), ((0, -169), 270)],
)
def test_bearings_from_the_equator(to: tuple[float, float], bearing: float) -> None:
    here, there = np.array([[0.0, 10.0]]), np.array([to], float)
    assert sphere.bearings(here, there)[0, 0] == pytest.approx(bearing)
    assert sphere.bearings_to(here, there[None])[0, 0] == pytest.approx(bearing)


@given(places, places)
def test_there_is_as_far_as_back_and_never_beyond_the_antipode(
    some: np.ndarray, others: np.ndarray
) -> None:
    there = sphere.distances(some, others)
    assert there.shape == (len(some), len(others))
    np.testing.assert_allclose(there, sphere.distances(others, some).T, atol=1e-6)
    assert ((there >= 0) & (there <= 180.0001 * DEGREE_KM)).all()
    bearings = sphere.bearings(some, others)
    assert ((bearings >= 0) & (bearings <= 360)).all()


@given(places, places, st.integers(1, 15))
def test_the_nearest_are_those_of_every_distance(
    some: np.ndarray, others: np.ndarray, count: int
) -> None:
    found = sphere.nearest(some, others, count)
    every = np.sort(sphere.distances(some, others), axis=1)
    np.testing.assert_allclose(found.km, every[:, :count], atol=1e-3)
    assert found.at.shape == found.km.shape == (len(some), min(count, len(others)))


@given(
    st.lists(st.tuples(st.floats(-35, -33), st.floats(150, 152)), max_size=20),
    st.floats(1, 300),
)
def test_two_that_are_near_are_found_among_all(some: list[tuple[float, float]], km: float) -> None:
    spots = np.array(some, float).reshape(-1, 2)
    apart = sphere.distances(spots, spots)
    pairs = [(i, j) for i in range(len(spots)) for j in range(i + 1, len(spots))]
    assert sphere.together(spots, km) == [(i, j) for i, j in pairs if apart[i, j] < km]


@given(places, st.floats(50, 2000))
def test_of_a_crowd_one_is_left_and_of_each_cell_the_first(some: np.ndarray, km: float) -> None:
    twice = np.concatenate([some, some])
    kept = sphere.thinned(twice, km)
    assert kept.tolist() == sorted(set(kept.tolist()))
    assert kept.max() < len(some)
    np.testing.assert_array_equal(sphere.thinned(some, km), kept)
