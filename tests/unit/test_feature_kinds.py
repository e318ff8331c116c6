"""What a feature is about, and what is withheld where less is known."""

import numpy as np
import pytest

from raincast.features import kinds, withheld
from raincast.features.names import FIELD, NAMES, OWN, PAST, PLACE
from raincast.features.surroundings import Rows
from tests.places import LOCATIONS


def test_every_feature_is_about_one_quantity_somewhere() -> None:
    assert {kinds.quantity(name) for name in NAMES} == set(kinds.QUANTITIES)
    assert {kinds.scope(name) for name in NAMES} == set(kinds.SCOPES)


@pytest.mark.parametrize(
    ("name", "quantity", "scope"),
    [
        (PLACE[0], "place", "always"),
        ("Humidity3pm", "humidity", "here"),
        ("Dew9am", "humidity", "here"),
        ("MinTemp", "temperature", "here"),
        ("Gust_u", "wind", "here"),
        *((name, kinds.quantity(name), "before") for name in PAST[:2]),
        *((name, kinds.quantity(name), "around") for name in FIELD[:1]),
    ],
)
def test_kinds_by_hand(name: str, quantity: str, scope: str) -> None:
    assert name in NAMES
    assert (kinds.quantity(name), kinds.scope(name)) == (quantity, scope)


@pytest.fixture
def table() -> np.ndarray:
    return np.arange(2 * len(NAMES), dtype=np.float32).reshape(2, -1)


def test_without_the_others_what_is_here_and_before_stays(table: np.ndarray) -> None:
    kept = len(OWN) + len(PAST)
    found = withheld.without_field(table)
    np.testing.assert_array_equal(found[:, :kept], table[:, :kept])
    assert np.isnan(found[:, kept:]).all()
    assert found.dtype == np.float32
    assert not np.isnan(table).any()


def test_of_the_own_row_alone_nothing_before_stays(table: np.ndarray) -> None:
    found = withheld.own_row_only(table)
    np.testing.assert_array_equal(found[:, : len(OWN)], table[:, : len(OWN)])
    assert np.isnan(found[:, len(OWN) :]).all()
    np.testing.assert_array_equal(withheld.by_themselves(table), found)


def test_any_leading_axes_are_taken(table: np.ndarray) -> None:
    cube = np.stack([table, table])
    np.testing.assert_array_equal(withheld.without_others(cube)[1], withheld.without_field(table))


def test_of_unknown_rows_nothing_is_known() -> None:
    rows = withheld.unknown(3)
    assert isinstance(rows, Rows)
    assert (rows.table.shape, rows.own.shape[0], len(rows.field)) == ((3, len(NAMES)), 3, 3)
    assert np.isnan(rows.table).all()
    assert np.isnan(rows.own).all()
    assert rows.field[0] is rows.field[2]
    assert len(rows.field[0].own) == len(LOCATIONS)
    assert np.isnan(rows.field[0].own).all()
