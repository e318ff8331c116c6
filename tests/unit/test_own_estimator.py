"""Chances of an estimator of one's own that are none are refused, with what is wrong of them."""

import numpy as np
import pytest

from raincast.errors import BadInput
from raincast.features.names import NAMES, STATION
from raincast.learning.estimators import OwnModel

ROWS = 3


class Fixed:
    """Gives the same chances whatever it is asked."""

    def __init__(self, given: object) -> None:
        self.given = given

    def fit(self, X: object, y: object) -> None:
        """Learns nothing."""

    def predict_proba(self, _: object) -> object:
        return self.given


def asked(given: object) -> np.ndarray:
    table = np.zeros((ROWS, len(NAMES)), dtype=np.float32)
    table[:, STATION] = range(ROWS)
    return OwnModel(Fixed(given)).fit(table, np.zeros(ROWS)).predict_proba(table)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (np.full((ROWS, 1), 0.5), r"an array of shape \(3, 1\), expected \(3, 2\)"),
        ([[0.5, 0.5], [np.nan, 0.5], [0.5, 0.5]], "gave nan, expected chances from 0 to 1"),
        ([[0.5, 0.5], [-0.5, 1.5], [0.5, 0.5]], "gave -0.5, expected chances from 0 to 1"),
        ([[0.5, 0.5], [0.9, 0.9], [0.5, 0.5]], "of a row that add up to 1.8, expected 1"),
    ],
)
def test_what_is_no_chance_is_refused(given: object, said: str) -> None:
    with pytest.raises(BadInput, match=f"Fixed: predict_proba .*{said}"):
        asked(given)


def test_chances_of_three_digits_are_taken_as_they_are() -> None:
    given = np.array([[0.333, 0.667], [0.1, 0.9004], [1.0, 0.0]])
    np.testing.assert_array_equal(asked(given), given)
