"""Which rows of a journal the live figures count."""

import json

import pandas as pd
import pytest

from raincast.forecasts import origin, reader
from raincast.forecasts.row import COLUMNS, Forecast, lines
from tests.observed import forecast


def rows_of(*forecasts: Forecast, by_hand: str = "") -> pd.DataFrame:
    header = ",".join(COLUMNS).encode() + b"\n"
    return reader.parse(header + lines(forecasts) + by_hand.encode()).rows


def test_an_archived_row_is_the_loops_and_a_sent_one_the_callers():
    by_hand = "2024-11-02T06:00:00+00:00,2024-11-02,2024-11-03,Cairns,False,Cairns,0.5,1\n"
    rows = rows_of(
        forecast("Cairns", 0, 0.5), forecast("Cairns", 0, 0.5, use_latest=False), by_hand=by_hand
    )
    assert origin.of(rows).tolist() == ["loop", "caller", "hand"]
    assert origin.counted(rows).tolist() == [True, False, True]


@pytest.mark.parametrize(
    ("hours", "counted"),
    [
        ((6, 7, 17), [True, False, False]),
        ((6, 18), [True, True]),
        ((6, 18, 23), [True, True, False]),
        ((5, 6), [True, True]),
        ((17, 6), [False, True]),
    ],
)
def test_one_forecast_of_a_station_day_and_slot_counts_the_first_that_was_logged(hours, counted):
    rows = rows_of(*(forecast("Cairns", 0, 0.5, hour=hour) for hour in hours))
    assert origin.counted(rows).tolist() == counted


def test_of_a_slots_forecasts_the_strongest_basis_counts_and_climatology_never():
    rests_on = ["climatology", "yesterday", "today", "today"]
    rows = rows_of(*(forecast("Cairns", 0, 0.5)._replace(basis=one) for one in rests_on))
    assert origin.counted(rows).tolist() == [False, False, True, False]
    assert origin.counted(rows[:2]).tolist() == [False, True]
    assert origin.chosen(rows[:1]).tolist() == [True]
    assert origin.counted(rows[:1]).tolist() == [False]


def test_every_row_by_hand_counts_even_twice():
    line = "2024-11-02T06:00:00+00:00,2024-11-02,2024-11-03,Cairns,True,Cairns,0.5,1\n"
    assert origin.counted(rows_of(by_hand=line * 2)).all()


def test_no_rows_are_no_rows():
    assert len(origin.counted(rows_of())) == 0
    assert json.dumps(origin.of(rows_of()).tolist()) == "[]"
