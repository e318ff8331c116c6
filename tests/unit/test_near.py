"""What the neighbours say of a station's rows, by hand."""

import numpy as np
import pytest

from raincast.observations import near
from raincast.observations.doubts import AT, Body, Bound, Usual
from raincast.observations.schema import NUMERIC, OBSERVATIONS
from tests.places import DISTANCES_KM, INDEX, LOCATIONS

HERE, NEXT, FAR = INDEX["Sydney"], INDEX["SydneyAirport"], INDEX["Perth"]
DAYS = np.arange(np.datetime64("2015-03-01"), np.datetime64("2015-03-31"))
EVENING = NUMERIC.index("MaxTemp")


def nothing(days: int = 1) -> np.ndarray:
    return np.full((days, len(LOCATIONS), len(OBSERVATIONS)), np.nan, np.float32)


def usual(lowest: float = 15, highest: float = 25) -> Usual:
    shape = (len(LOCATIONS), 366)
    return Usual(np.full(shape, lowest), np.full(shape, highest), np.zeros(len(LOCATIONS)))


def weather(days: int, seed: int = 0) -> np.ndarray:
    """(days, fields) rows of one station, each field with what is usual of its spread."""
    rng = np.random.default_rng(seed)
    rows = np.full((days, len(OBSERVATIONS)), np.nan, np.float32)
    spread = np.array([near._SPREAD[name] for name in NUMERIC])
    level = 60 + 10 * np.arange(len(NUMERIC))
    rows[:, [AT[name] for name in NUMERIC]] = level + spread * rng.standard_normal(
        (days, len(NUMERIC))
    )
    return rows


def around(rows: np.ndarray) -> np.ndarray:
    """(days, 3, stations, fields) where the one neighbour has these rows, one more at each end."""
    days = len(rows) - 2
    found = np.full((days, 3, len(LOCATIONS), len(OBSERVATIONS)), np.nan, np.float32)
    for lag in range(3):
        found[:, lag, NEXT] = rows[lag : lag + days]
    return found


def reasons(own: np.ndarray, beside: np.ndarray) -> list[str]:
    body = Body(HERE, DAYS[: len(own)], own)
    return [doubt.reason for doubt in near.among(body, around(beside))]


def test_a_near_neighbour_counts_for_more_by_the_square_of_what_lies_between() -> None:
    values, other = nothing(), INDEX["Canberra"]
    values[0, NEXT, AT["MaxTemp"]], values[0, other, AT["MaxTemp"]] = 20, 30
    a, b = (1 / (DISTANCES_KM[HERE, i] + 50) ** 2 for i in (NEXT, other))
    expected = (20 * a + 30 * b) / (a + b)
    assert near.neighbours(values, HERE)[0, EVENING] == pytest.approx(expected)
    assert expected < 21


def test_the_station_itself_and_those_far_away_say_nothing() -> None:
    values = nothing()
    values[0, [HERE, FAR], AT["MaxTemp"]] = 20
    assert DISTANCES_KM[HERE, FAR] > 600
    assert np.isnan(near.neighbours(values, HERE)).all()


def test_a_field_is_the_mean_of_those_who_have_it() -> None:
    values = nothing()
    values[0, NEXT, AT["MaxTemp"]], values[0, INDEX["Canberra"], AT["MinTemp"]] = 20, 5
    found = near.neighbours(values, HERE)[0]
    assert (found[EVENING], found[NUMERIC.index("MinTemp")]) == (20, 5)
    assert np.isfinite(found).sum() == 2


def test_rows_like_the_neighbours_are_not_doubted() -> None:
    beside = weather(32)
    assert reasons(beside[1:-1], beside) == []
    assert reasons(beside[1:-1] + np.float32(1.5), beside) == []


@pytest.mark.parametrize(("begin", "when"), [(0, "before"), (2, "after")])
def test_rows_of_the_day_beside_have_shifted_dates(begin: int, when: str) -> None:
    beside = weather(32)
    (reason,) = reasons(beside[begin : begin + 30], beside)
    assert reason == (
        f"rows that fit the neighbours' rows of the day {when}: are the dates shifted?"
    )


def test_two_columns_the_other_way_round_are_named() -> None:
    beside = weather(32)
    own = beside[1:-1].copy()
    pair = [AT["Humidity9am"], AT["Humidity3pm"]]
    own[:, pair] = own[:, pair[::-1]]
    (reason,) = reasons(own, beside)
    assert reason.startswith("Humidity9am and Humidity3pm fit the neighbours' the other way round")


def test_few_rows_are_not_judged() -> None:
    beside = weather(9)
    assert reasons(beside[:7], beside) == []


def test_a_doubt_is_of_every_row() -> None:
    beside = weather(32)
    body = Body(HERE, DAYS[:30], beside[:30])
    (doubt,) = near.among(body, around(beside))
    assert (doubt.rows.tolist(), doubt.fields) == ([True] * 30, ())


def test_rows_fit_the_place_whose_neighbours_they_are_like() -> None:
    beside = weather(30)
    values = nothing(30)
    values[:, NEXT] = beside
    own = beside.copy()
    own[:, AT["MinTemp"]], own[:, AT["MaxTemp"]] = 15, 25
    values[:, NEXT, AT["MinTemp"]], values[:, NEXT, AT["MaxTemp"]] = 15, 25
    body = Body(HERE, DAYS, own)
    assert near.place_fit(body, HERE, values, usual()) == 0
    # Eight degrees are two spreads of the highest; nine tenths of what is compared is as it was.
    assert near.place_fit(body, HERE, values, usual(highest=33)) == pytest.approx(
        8 / 4 / (len(NUMERIC) + 2)
    )


@pytest.mark.parametrize(("days", "bound"), [(8, 3.0), (28, 3.0), (29, 2.0), (31, 2.0)])
def test_a_part_of_a_month_has_the_wider_bound(days: int, bound: float) -> None:
    assert Bound(month=2.0, part=3.0).of(days) == bound


def test_what_is_usual_goes_by_the_day_of_the_year() -> None:
    lowest = np.tile(np.arange(366.0), (len(LOCATIONS), 1))
    found = Usual(lowest, lowest + 1, np.zeros(1)).on(
        HERE, np.array(["2015-01-01", "2016-02-29", "2015-03-01", "2016-12-31"], "datetime64[D]")
    )
    assert found.tolist() == [[0, 59, 59, 365], [1, 60, 60, 366]]
