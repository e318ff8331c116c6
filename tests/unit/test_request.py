"""What a caller's row becomes: its regime, its instant, its gaps."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from raincast.errors import UnknownStation
from raincast.forecasts.request import hours_left, missing, of_values, regime_of, row, values
from raincast.observations.availability import canonical, instant, moment
from raincast.observations.schema import COMPASS, DIRECTIONS, FIELDS, OBSERVATIONS
from tests.places import INDEX

DAY = date(2024, 5, 19)
LATER = datetime(2024, 6, 1, tzinfo=UTC)


@st.composite
def observed(draw: st.DrawFn) -> dict[str, float | str]:
    """Some observations, each within its range."""
    names = draw(st.sets(st.sampled_from(OBSERVATIONS)))
    return {
        name: draw(st.sampled_from(COMPASS))
        if name in DIRECTIONS
        else draw(st.integers(int(FIELDS[name].low), int(FIELDS[name].high)))
        for name in sorted(names)
    }


@given(observed())
def test_a_row_holds_what_was_given_and_nothing_else(given_: dict[str, float | str]):
    assert values(row(given_)) == given_


@given(observed())
def test_what_is_there_and_what_is_missing_make_all_observations(given_: dict[str, float | str]):
    calm = {name for name in DIRECTIONS if given_.get(name.replace("Dir", "Speed")) == 0}
    assert set(missing(row(given_))) == set(OBSERVATIONS) - set(given_) - calm


@given(observed())
def test_the_regime_never_lacks_a_slot_that_the_row_shows(given_: dict[str, float | str]):
    slots = {FIELDS[name].slot for name in given_}
    expected = "complete" if "next9am" in slots else "3pm" if slots & {"3pm", "midnight"} else "9am"
    assert regime_of(frozenset(given_)) == expected


@given(
    observed(), st.datetimes(datetime(2024, 5, 18), datetime(2024, 5, 23), timezones=st.just(UTC))
)
def test_a_request_never_knows_what_is_still_to_come(given_: dict[str, float | str], now: datetime):
    asked = of_values("Albury", DAY, given_, now)
    assert asked.issued_at <= instant(now)
    assert asked.issued_at == min(instant(now), of_values("Albury", DAY, given_, LATER).issued_at)


def test_the_instant_is_the_one_that_stands_for_the_regime():
    assert of_values("Albury", DAY, {"MinTemp": 4}, LATER).issued_at == canonical("9am", DAY)
    assert of_values("Albury", DAY, {"Temp3pm": 4}, LATER).issued_at == canonical("3pm", DAY)
    assert of_values("Albury", DAY, {"MaxTemp": 4}, LATER).issued_at == canonical("complete", DAY)


def test_a_row_with_the_days_gust_is_past_its_stations_midnight():
    for name, utc in (("Albury", 14), ("Perth", 16)):
        asked = of_values(name, DAY, {"WindGustSpeed": 40}, LATER)
        assert moment(asked.issued_at) == datetime(2024, 5, 19, utc, tzinfo=UTC)


def test_an_unknown_station_is_refused():
    with pytest.raises(UnknownStation, match="Gotham"):
        of_values("Gotham", DAY, {}, LATER)


@pytest.mark.parametrize(("name", "hours"), [("Albury", 24 + 23), ("Perth", 24 + 25)])
def test_the_window_closes_at_nine_on_the_target_date_at_the_station(name: str, hours: int):
    closes = datetime(2024, 5, 18, tzinfo=UTC) + timedelta(hours=hours)
    station = INDEX[name]
    assert hours_left(station, DAY, instant(closes)) == 0
    assert hours_left(station, DAY, instant(closes - timedelta(hours=7.5))) == 7.5
    assert hours_left(station, DAY, instant(closes - timedelta(days=3))) == 24
    assert hours_left(station, DAY, instant(closes + timedelta(days=3))) == 0


def test_nothing_given_is_a_row_of_gaps():
    asked = of_values("Albury", DAY, {}, LATER)
    assert asked.own is not None
    assert np.isnan(asked.own).all()
    assert missing(asked.own) == OBSERVATIONS
