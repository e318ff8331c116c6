"""What can be known when, by the local clocks of the stations."""

from datetime import UTC, date, datetime
from itertools import pairwise

import numpy as np
import pytest

from raincast.observations import availability
from raincast.observations.schema import OBSERVATIONS
from tests.places import INDEX, LOCATIONS

WINTER = date(2016, 7, 1)
SYDNEY, PERTH, NORFOLK = (INDEX[name] for name in ("Sydney", "Perth", "NorfolkIsland"))


def at(text: str) -> int:
    return availability.instant(datetime.fromisoformat(text).replace(tzinfo=UTC))


@pytest.mark.parametrize(
    ("issued", "location", "regime"),
    [
        ("2016-07-01T06:00", "Brisbane", "3pm"),  # 4 pm there
        ("2016-07-01T06:00", "Perth", "9am"),  # 2 pm there
        ("2016-06-30T22:00", "Sydney", None),  # 8 am there
        ("2016-07-01T18:00", "Perth", "3pm"),  # midnight is over, the maximum is not read
        ("2016-07-02T01:00", "Perth", "complete"),
    ],
)
def test_regime_follows_the_local_clock(issued: str, location: str, regime: str | None) -> None:
    assert availability.regimes(WINTER, at(issued))[INDEX[location]] == regime


@pytest.mark.parametrize(
    ("field", "before", "after"),
    [
        ("Rainfall", "2016-06-30T22:59", "2016-06-30T23:00"),
        ("Humidity3pm", "2016-07-01T04:59", "2016-07-01T05:00"),
        ("Sunshine", "2016-07-01T13:59", "2016-07-01T14:00"),
        ("WindGustSpeed", "2016-07-01T13:59", "2016-07-01T14:00"),
        ("MaxTemp", "2016-07-01T22:59", "2016-07-01T23:00"),
    ],
)
def test_each_value_becomes_known_at_its_minute(field: str, before: str, after: str) -> None:
    column = OBSERVATIONS.index(field)
    assert not availability.known(WINTER, at(before))[SYDNEY, column]
    assert availability.known(WINTER, at(after))[SYDNEY, column]


def test_daylight_saving_moves_nine_in_the_morning() -> None:
    winter, summer = availability.day_instants(WINTER), availability.day_instants(date(2016, 1, 1))
    assert winter[SYDNEY, 0] == at("2016-06-30T23:00")
    assert summer[SYDNEY, 0] == at("2015-12-31T22:00")


@pytest.mark.parametrize("day", [WINTER, date(2016, 1, 1), date(2008, 1, 15), date(2024, 1, 1)])
@pytest.mark.parametrize("regime", availability.REGIMES)
def test_a_regimes_instant_is_that_regime_at_every_station(regime: str, day: date) -> None:
    assert availability.regimes(day, availability.canonical(regime, day)) == [regime] * len(
        LOCATIONS
    )


def test_known_only_grows() -> None:
    hours = [availability.known(WINTER, at("2016-06-30T12:00") + 1800 * i) for i in range(100)]
    assert all((later | ~earlier).all() for earlier, later in pairwise(hours))
    assert not hours[0].any()
    assert np.all(hours[-1])


def test_newest_feature_date_is_yesterday_before_nine() -> None:
    assert availability.newest_feature_date(PERTH, datetime(2016, 7, 1, 0, 30, tzinfo=UTC)) == date(
        2016, 6, 30
    )
    assert (
        availability.newest_feature_date(NORFOLK, datetime(2016, 6, 30, 22, 30, tzinfo=UTC))
        == WINTER
    )
