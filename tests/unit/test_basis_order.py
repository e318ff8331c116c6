"""The order of what forecasts rest on, and its words."""

from itertools import product

import pandas as pd
import pytest

from raincast.forecasts import basis


def test_the_strongest_is_nought_and_older_rows_that_name_none_too():
    said = pd.Series([*basis.BASES, None], index=range(10, 16))
    found = basis.rank(said)
    assert found.tolist() == [0, 1, 2, 3, 4, 0]
    assert found.index.tolist() == said.index.tolist()


@pytest.mark.parametrize(("one", "held"), [*product(basis.BASES, basis.BASES)])
def test_a_stronger_one_is_worth_more_and_an_equal_one_is_not(one, held):
    assert basis.is_better(one, held) == (basis.BASES.index(one) < basis.BASES.index(held))


@pytest.mark.parametrize("one", basis.BASES)
def test_anything_is_worth_more_than_nothing(one):
    assert basis.is_better(one, None)


@pytest.mark.parametrize("cell", [None, float("nan"), "", "Today"])
def test_a_cell_that_names_none_is_unknown(cell):
    assert basis.name_of(cell) == "unknown"


def test_only_the_first_two_rest_on_a_row_of_the_station():
    assert [basis.has_own_row(one) for one in (*basis.BASES, None)] == [True, True] + [False] * 4
