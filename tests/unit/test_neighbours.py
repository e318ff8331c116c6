"""How much stations count for each other, by hand."""

import numpy as np
import pytest

from raincast.features import neighbours
from tests.places import DISTANCES_KM, INDEX, NETWORK, STATIONS

SYDNEY, WILLONGONG, PERTH = (INDEX[n] for n in ("Sydney", "Wollongong", "Perth"))


def test_a_weight_is_gaussian_in_distance_and_none_for_oneself() -> None:
    weights = neighbours.scale_weights(NETWORK).within
    apart = DISTANCES_KM[SYDNEY, WILLONGONG]
    assert weights[0, SYDNEY, WILLONGONG] == pytest.approx(np.exp(-0.5 * (apart / 150) ** 2))
    assert (np.diagonal(weights, axis1=1, axis2=2) == 0).all()
    assert weights[0, SYDNEY, PERTH] < 1e-6 < weights[2, SYDNEY, WILLONGONG]


def test_perth_lies_to_the_west_of_sydney_and_not_to_the_east() -> None:
    west, _, _, east = neighbours.sector_weights(NETWORK).within
    assert west[SYDNEY, PERTH] > 0
    assert east[SYDNEY, PERTH] == 0
    assert east[PERTH, SYDNEY] > 0


def test_the_nearest_are_nearest_and_never_oneself() -> None:
    nearest = neighbours.nearest(NETWORK)
    assert nearest.shape == (len(STATIONS), neighbours.NEAREST)
    assert not (nearest == np.arange(len(STATIONS))[:, None]).any()
    row = DISTANCES_KM[SYDNEY]
    assert row[nearest[SYDNEY]].tolist() == sorted(np.delete(row, SYDNEY))[: neighbours.NEAREST]


@pytest.mark.parametrize(
    ("values", "mean"),
    [
        ([0.0, 1.0, 3.0], 2.5),  # weights 1 and 3 of the others: (1 + 9) / 4
        ([0.0, np.nan, 3.0], 3.0),  # what is missing does not count
        ([5.0, np.nan, np.nan], np.nan),  # nobody else has a value
    ],
)
def test_an_average_is_over_what_is_there(values: list[float], mean: float) -> None:
    within = np.array([[[0, 1, 3], [1, 0, 1], [1, 1, 0]]], np.float32)
    weights = neighbours.Weights(np.arange(3), np.array([], int), within, np.zeros((0, 1, 3)))
    found = neighbours.average(weights, np.array(values, np.float32)[None, :, None])
    assert found[0, 0, 0, 0] == pytest.approx(mean, nan_ok=True)
