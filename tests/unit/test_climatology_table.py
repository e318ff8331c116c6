"""How often it rains at a station in a month: the table and what is kept of it."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from raincast.learning import climatology
from raincast.learning.thresholds import precision_at_recall, threshold_for_recall
from raincast.observations.network import Network
from tests.places import LOCATIONS, find

TWO = Network((find("Cairns"), find("Perth")))
ALBURY = [round(0.01 * i, 2) for i in range(1, 13)]

days = st.lists(
    st.tuples(st.dates(date(1960, 1, 1), date(2030, 12, 31)), st.integers(0, 1), st.booleans()),
    min_size=1,
    max_size=40,
)


@given(days)
def test_months_are_those_of_the_calendar_before_1970_too(rows) -> None:
    asked = np.array([day for day, *_ in rows], "datetime64[D]")
    assert climatology.months(asked).tolist() == [day.month - 1 for day, *_ in rows]


@given(days)
def test_a_frequency_lies_between_what_the_station_and_all_have_seen(rows) -> None:
    day, station, wet = zip(*rows, strict=True)
    y = np.array(wet, float)
    table = climatology.fit(y, np.array(day, "datetime64[D]"), np.array(station), TWO)
    assert table.shape == (2, 12)
    assert ((table >= 0) & (table <= 1)).all()
    for i in (0, 1):
        mine = y[np.array(station) == i]
        assert (mine.size > 0) or table[i] == pytest.approx(y.mean())
        if mine.size and mine.all():
            assert table[i] == pytest.approx(1.0)


def test_the_order_of_the_rows_tells_nothing() -> None:
    rng = np.random.default_rng(3)
    y, station = rng.integers(0, 2, 200).astype(float), rng.integers(0, 2, 200)
    day = np.datetime64("2016-01-01") + rng.integers(0, 366, 200)
    mixed = rng.permutation(200)
    again = climatology.fit(y[mixed], day[mixed], station[mixed], TWO)
    assert climatology.fit(y, day, station, TWO) == pytest.approx(again)


def test_a_leap_day_belongs_to_february() -> None:
    table = np.arange(24.0).reshape(2, 12)
    asked = np.array(["2016-02-29", "2016-03-01", "2015-12-31"], "datetime64[D]")
    assert climatology.chance(table, asked, np.array([0, 0, 1])).tolist() == [1, 2, 23]


def test_what_is_kept_comes_back_to_four_digits() -> None:
    table = np.random.default_rng(1).random((2, 12))
    kept = climatology.to_mapping(table, TWO)
    assert list(kept) == ["Cairns", "Perth"]
    assert climatology.from_mapping(kept, TWO) == pytest.approx(table, abs=5e-5)
    again = climatology.to_mapping(climatology.from_mapping(kept, TWO), TWO)
    assert again == kept


def test_a_network_of_other_stations_altogether_has_the_mean_of_all() -> None:
    kept = {"Elsewhere": [0.2] * 12, "Nowhere": [0.4] * 12}
    assert climatology.from_mapping(kept, TWO) == pytest.approx(np.full((2, 12), 0.3))


def test_a_station_that_is_not_kept_lies_between_those_around_it_and_no_other_moves() -> None:
    kept = {name: [0.1] * 12 for name in LOCATIONS if name != "Cairns"} | {"Townsville": [0.5] * 12}
    found = dict(zip(LOCATIONS, climatology.from_mapping(kept), strict=True))
    assert ((found["Cairns"] > 0.15) & (found["Cairns"] < 0.5)).all()
    assert found["Townsville"].tolist() == [0.5] * 12
    assert found["Perth"].tolist() == [0.1] * 12


def test_the_chance_of_a_day_is_that_of_its_month_and_else_the_mean_of_all() -> None:
    kept = {"Albury": ALBURY, "Cairns": [0.5] * 12}
    first = date(2016, 1, 31)
    assert climatology.of_day(kept, "Albury", first) == 0.01
    assert climatology.of_day(kept, "Albury", first + timedelta(days=1)) == 0.02
    assert climatology.of_day(kept, "Elsewhere", date(2016, 12, 31)) == pytest.approx(0.31)


chances = st.lists(st.tuples(st.booleans(), st.floats(0, 1)), min_size=1, max_size=30)


@given(chances.filter(lambda rows: any(wet for wet, _ in rows)), st.floats(0.01, 1))
def test_a_threshold_reaches_the_recall_and_no_higher_one_does(rows, recall) -> None:
    y, p = (np.array(column, float) for column in zip(*rows, strict=True))
    found = threshold_for_recall(y, p, recall)
    assert (p[y == 1] >= found).mean() >= recall - 1e-12
    above = p[p > found]
    if len(above):
        assert (p[y == 1] >= above.min()).mean() < recall
    assert precision_at_recall(y, p, recall) == pytest.approx(y[p >= found].mean())
