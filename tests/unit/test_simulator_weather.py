"""What any simulated span promises: repeatable, extendable, in range, consistent within a row."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from raincast.observations.frame import validate
from raincast.observations.schema import COLUMNS, DIRECTIONS, FIELDS, NUMERIC
from raincast.simulator import Climate, simulate
from tests.places import LOCATIONS
from tests.simulated import holed, whole

START = date(2015, 6, 20)
CLIMATES = [
    Climate(),
    Climate(date(2015, 7, 1), wetter=2, humidity_bias=5, lost_share=0.3),
    Climate(gaps=2),
]


def test_the_same_seed_gives_the_same_weather() -> None:
    end = START + timedelta(days=20)
    assert_frame_equal(simulate(START, end, 3), simulate(START, end, 3))
    assert not simulate(START, end, 3).equals(simulate(START, end, 4))


@pytest.mark.parametrize("climate", CLIMATES)
@pytest.mark.parametrize("days", [0, 1, 45])
def test_a_short_span_is_a_prefix_of_a_long_one(days: int, climate: Climate) -> None:
    short = simulate(START, START + timedelta(days=days), 11, climate)
    long = simulate(START, START + timedelta(days=400), 11, climate)
    assert_frame_equal(short, long.iloc[: len(short)])
    assert (long["Date"].iloc[len(short) :] > pd.Timestamp(START + timedelta(days=days))).all()


def test_it_is_an_observations_frame_with_every_field() -> None:
    frame = validate(holed())
    assert tuple(frame.columns) == COLUMNS
    assert frame.notna().any().all()


def test_a_record_without_gaps_has_every_station_day() -> None:
    frame = whole()
    assert frame.groupby("Date").size().eq(len(LOCATIONS)).all()
    assert frame[list(NUMERIC)].notna().all(axis=None)


def test_values_are_written_to_the_digits_of_the_real_files() -> None:
    frame = whole()
    for name in NUMERIC:
        whole_numbers = FIELDS[name].unit in ("%", "oktas", "km/h")
        assert frame[name].round(0 if whole_numbers else 1).equals(frame[name]), name
    fifths = frame[["Rainfall", "Evaporation"]] * 5
    off = (fifths - fifths.round()).abs().gt(1e-6).mean()
    assert off["Evaporation"] == 0
    assert 0.0002 < off["Rainfall"] < 0.003


def test_winds_are_whole_knots_and_only_calms_lack_a_direction() -> None:
    frame = whole()
    knots = {round(n * 1.852) for n in range(120)}
    for hour in ("9am", "3pm"):
        assert set(frame[f"WindSpeed{hour}"]) <= knots
        assert (frame[f"WindSpeed{hour}"].eq(0) == frame[f"WindDir{hour}"].isna()).all()
    assert 0.02 < frame["WindSpeed9am"].eq(0).mean() < 0.09
    assert frame["WindSpeed3pm"].eq(0).mean() < frame["WindSpeed9am"].eq(0).mean()
    assert set(frame["WindGustSpeed"]) <= knots
    assert all(frame[name].nunique() == 16 for name in DIRECTIONS)


def test_a_row_agrees_with_itself() -> None:
    frame = whole()
    assert (frame["WindGustSpeed"] >= frame[["WindSpeed9am", "WindSpeed3pm"]].max(axis=1)).all()
    assert (frame["MinTemp"] <= frame[["Temp9am", "Temp3pm"]].min(axis=1)).all()
    assert (frame["MaxTemp"] >= frame[["Temp9am", "Temp3pm"]].max(axis=1)).all()
    overcast = frame["Cloud9am"].eq(8) & frame["Cloud3pm"].eq(8)
    assert (
        frame["Sunshine"][overcast].mean()
        < 2
        < 10
        < frame["Sunshine"][frame["Cloud3pm"].eq(0)].mean()
    )
    drop = (frame["Pressure9am"] - frame["Pressure3pm"]).mean()
    assert drop == pytest.approx(2.4, abs=0.2)


def test_stations_begin_when_they_entered_the_record() -> None:
    frame = simulate(date(2007, 10, 1), date(2013, 3, 10), 5)
    began = frame.groupby("Location")["Date"].min()
    assert began["Canberra"] <= pd.Timestamp(2007, 11, 10)
    assert (began[["Katherine", "Nhil", "Uluru"]] >= pd.Timestamp(2013, 3, 1)).all()
    assert frame[frame["Date"] < "2009-02-01"]["Location"].nunique() == len(LOCATIONS) - 3
    assert frame["Date"].min() >= pd.Timestamp(2007, 11, 1)


def test_before_the_first_station_there_is_nothing() -> None:
    assert simulate(date(2000, 1, 1), date(2000, 1, 3), 1).empty


def test_a_wetter_climate_doubles_the_odds_from_its_day_on() -> None:
    day, end = date(2014, 3, 1), date(2016, 2, 28)
    plain, wetter = (
        simulate(date(2013, 3, 1), end, 9, c) for c in (Climate(gaps=0), Climate(day, 2.0, gaps=0))
    )
    before, after = plain["Date"] < pd.Timestamp(day), plain["Date"] > pd.Timestamp(day)
    assert_frame_equal(plain[before], wetter[before])
    dry, moist = (frame["Rainfall"][after].gt(1).mean() for frame in (plain, wetter))
    assert moist / (1 - moist) == pytest.approx(2 * dry / (1 - dry), rel=0.15)


def test_a_humidity_bias_shifts_the_readings_from_its_day_on() -> None:
    day, end = date(2015, 7, 1), date(2015, 7, 31)
    plain, biased = (
        simulate(START, end, 9, c)
        for c in (Climate(gaps=0), Climate(day, humidity_bias=-6, gaps=0))
    )
    later = plain["Date"] >= pd.Timestamp(day)
    for name in ("Humidity9am", "Humidity3pm"):
        shift = biased[name] - plain[name]
        assert (shift[~later] == 0).all()
        assert (shift[later & plain[name].gt(6)] == -6).all()
    others = [name for name in COLUMNS if not name.startswith("Humidity")]
    assert biased[others].equals(plain[others])


def test_without_a_day_the_change_holds_from_the_first() -> None:
    plain, wetter = (
        simulate(START, START, 9, Climate(humidity_bias=bias, gaps=0)) for bias in (0, 3)
    )
    assert np.median(wetter["Humidity9am"] - plain["Humidity9am"]) == 3
