"""Moments and winds as the Bureau's files write them: read, or known to be none."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raincast.sources import feed
from raincast.sources.feed import issued_at, kmh, utc, winds
from raincast.sources.preamble import moment

AHEAD = {
    "UTC": 0.0,
    "AWST": 8.0,
    "CST": 9.5,
    "EST": 10.0,
    "ACDT": 10.5,
    "LHST": 10.5,
    "AEDT": 11.0,
    "NFDT": 12.0,
}
"""Hours ahead of UTC, by the Bureau's page of daylight saving."""
MINUTES = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1)).map(
    lambda at: at.replace(second=0, microsecond=0)
)


@given(MINUTES, st.sampled_from(sorted(AHEAD)))
def test_a_moment_is_read_by_both_clocks_in_every_zone(local: datetime, zone: str) -> None:
    expected = local.replace(tzinfo=timezone(timedelta(hours=AHEAD[zone]))).astimezone(UTC)
    day = f"{local.day} {local:%B %Y}"
    assert moment(f"{local:%H:%M}", day, zone) == expected
    assert moment(f"{local:%I:%M}", day, zone.lower(), f"{local:%p}") == expected
    words = f"Issued at {local:%I:%M} {local:%p} {zone} on Some day {day}"
    assert issued_at(words) is None, "one word is the weekday"
    assert issued_at(words.replace("on Some day", "Thursday")) == expected


@pytest.mark.parametrize(
    ("clock", "day", "zone", "half"),
    [
        ("12:05", "29 February 2023", "AEST", "am"),
        ("00:05", "29 February 2024", "AEST", "am"),
        ("24:00", "29 February 2024", "AEST", ""),
        ("12:60", "29 February 2024", "AEST", ""),
        ("12:05", "29 February 2024", "PST", ""),
        ("12:05", "29 Februar 2024", "AEST", ""),
        ("00:05", "1 January 0001", "AEST", ""),
        ("", "", "", ""),
    ],
)
def test_what_no_calendar_or_zone_has_is_no_moment(
    clock: str, day: str, zone: str, half: str
) -> None:
    assert moment(clock, day, zone, half) is None


def test_midnight_is_twelve_am_of_the_day_that_begins() -> None:
    at = moment("12:05", "29 February 2024", "AEST", "am")
    assert at == datetime(2024, 2, 28, 14, 5, tzinfo=UTC)
    assert moment("12:05", "29 February 2024", "AEST", "pm") == at + timedelta(hours=12)


@given(MINUTES)
def test_digits_are_a_moment_in_utc(at: datetime) -> None:
    assert utc(f" {at:%Y%m%d%H%M%S} ") == at.replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "digits",
    ["", "-", "20240230000000", "20240229240000", "2024022906300", "202402290630", "2024022906"],
)
def test_other_digits_are_none(digits: str) -> None:
    assert utc(digits) is None


@pytest.mark.parametrize(
    ("knots", "found"),
    [
        ("0", "0"),
        ("1", "2"),  # 1.852
        ("10", "19"),  # 18.52
        (" 27 ", "50"),  # 50.004
        ("54.0", "100"),  # 100.008
        ("-9999", "-9999"),
        ("-9999.0", "-9999.0"),
        ("-", "-"),
        ("", ""),
        ("calm", "calm"),
        ("1e2", "1e2"),
    ],
)
def test_knots_are_whole_kilometres_and_what_is_no_number_stays(knots: str, found: str) -> None:
    assert kmh(knots) == found


@given(st.integers(0, 200))
def test_kilometres_an_hour_are_those_of_the_knot(knots: int) -> None:
    assert abs(float(kmh(str(knots))) - knots * feed.KMH_PER_KNOT) <= 0.5


@pytest.mark.parametrize(
    ("direction", "speed", "found"),
    [
        ("CALM", "", ("", "0")),
        ("Calm", "-", ("", "0")),
        ("calm", "7", ("", "7")),  # the cell's own check has a word on it
        ("NNW", "0", ("", "0")),
        ("NNW", "0.0", ("", "0.0")),
        ("NNW", "7", ("NNW", "7")),
        ("NNW", "", ("NNW", "")),
        ("", "7", ("", "7")),
    ],
)
def test_a_calm_has_a_speed_and_no_direction(
    direction: str, speed: str, found: tuple[str, str]
) -> None:
    assert tuple(winds(direction, speed).values()) == found
