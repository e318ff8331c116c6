"""Exchanged columns are seen from the readings alone; alike rows have one fingerprint."""

from datetime import date

import numpy as np
import pytest

from raincast.observations.doubts import AT, FEWEST_DAYS
from raincast.observations.plausibility import fingerprints, mixed_up
from raincast.observations.schema import OBSERVATIONS
from raincast.simulator import simulate


@pytest.fixture(scope="module")
def month() -> np.ndarray:
    """A month of Canberra's, whose afternoons are dry; numbers alone."""
    frame = simulate(date(2024, 1, 1), date(2024, 1, 31), 5)
    own = frame[frame["Location"] == "Canberra"]
    values = np.full((len(own), len(OBSERVATIONS)), np.nan)
    for name, at in AT.items():
        if own[name].dtype.kind == "f":
            values[:, at] = own[name]
    return values


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("MinTemp", "MaxTemp"),
        ("Temp9am", "Temp3pm"),
        ("Humidity9am", "Humidity3pm"),
        ("WindSpeed3pm", "WindGustSpeed"),
        ("Rainfall", "Evaporation"),
    ],
)
def test_two_exchanged_columns_are_seen_and_true_ones_are_not(
    month: np.ndarray, one: str, other: str
) -> None:
    assert list(mixed_up(month)) == []
    turned = month.copy()
    turned[:, [AT[one], AT[other]]] = month[:, [AT[other], AT[one]]]
    found = list(mixed_up(turned))
    assert found
    assert all(doubt.rows.all() and "exchanged" in doubt.reason for doubt in found)
    assert list(mixed_up(turned[: FEWEST_DAYS - 1])) == [], "of few days nothing is said"


def test_one_wrong_day_is_no_exchange(month: np.ndarray) -> None:
    wrong = month.copy()
    wrong[3, AT["MinTemp"]] = wrong[3, AT["MaxTemp"]] + 5
    assert list(mixed_up(wrong)) == []


def test_rows_alike_in_all_that_they_have_share_a_fingerprint() -> None:
    base = np.full(len(OBSERVATIONS), np.nan)
    base[:6] = [0.0, 1.5, 2, 3, 4, 5]
    alike, other, little = base.copy(), base.copy(), base.copy()
    alike[0], other[1], little[5] = -0.0, 1.6, np.nan
    found = fingerprints(np.stack([base, alike, other, little]))
    assert found[0] == found[1] != found[2]
    assert found[0] is not None
    assert found[3] is None, "five values may be alike by chance"
