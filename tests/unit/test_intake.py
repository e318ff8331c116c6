"""What a file says of a time that had not come, or of a month that cannot be, is not taken."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from raincast.errors import BadFile
from raincast.loop import intake
from raincast.observations.availability import instant
from raincast.sources.cells import Remark
from raincast.sources.readings import Readings
from tests.places import find

NOW = datetime(2024, 6, 20, 12, tzinfo=UTC)
FIRST = date(2024, 6, 1)


def readings(
    location: str = "Sydney",
    days: int = 3,
    month: date = FIRST,
    prepared_at: datetime | None = None,
    covers: tuple[int, ...] = (),
) -> Readings:
    """Rows of the first days of the month, from line 10 on; each with one millimetre more."""
    dates = np.datetime64(month, "s") + np.arange(days) * np.timedelta64(86_400, "s")
    columns = {
        "Date": dates,
        "Location": np.array([location] * days, object),
        "Rainfall": np.arange(days, dtype=float),
    }
    return Readings(
        station=find(location),
        label="IDCJDW2124.202406",
        month=month,
        prepared_at=prepared_at,
        columns=columns,
        lines=tuple(range(10, 10 + days)),
        covers=covers,
    )


# 9 am of 3 June in UTC; in December it is an hour earlier where clocks are put forward.
NINE = [
    ("Sydney", FIRST, datetime(2024, 6, 2, 23, tzinfo=UTC)),
    ("Perth", FIRST, datetime(2024, 6, 3, 1, tzinfo=UTC)),
    ("Darwin", FIRST, datetime(2024, 6, 2, 23, 30, tzinfo=UTC)),
    ("Sydney", date(2023, 12, 1), datetime(2023, 12, 2, 22, tzinfo=UTC)),
    ("Perth", date(2023, 12, 1), datetime(2023, 12, 3, 1, tzinfo=UTC)),
]


@pytest.mark.parametrize(("location", "month", "nine"), NINE)
def test_a_row_is_taken_from_its_stations_own_9_am_on(location, month, nine) -> None:
    file = readings(location, month=month, prepared_at=nine)
    assert intake.possible("f.csv", file, NOW) is file
    early = readings(location, month=month, prepared_at=nine - timedelta(seconds=1))
    found = intake.possible("f.csv", early, NOW)
    assert found.columns["Rainfall"].tolist() == [0, 1]
    assert found.lines == (10, 11)
    expected = "a day whose 9 am had come when the file was prepared"
    third = month + timedelta(days=2)
    assert found.set_aside == (Remark(12, None, f"the row of {third}", expected),)


def test_a_file_that_does_not_say_when_it_was_prepared_is_as_old_as_now() -> None:
    now = datetime(2024, 6, 1, 23, tzinfo=UTC)  # 9 am of 2 June in Sydney
    found = intake.possible("f.csv", readings(days=5), now)
    assert [str(day) for day in found.days] == ["2024-06-01", "2024-06-02"]
    assert [remark.line for remark in found.set_aside] == [12, 13, 14]


def test_one_that_is_younger_than_a_slow_clock_is_believed() -> None:
    now = datetime(2024, 6, 1, 23, tzinfo=UTC)
    file = readings(days=5, prepared_at=now + timedelta(days=1))
    assert intake.possible("f.csv", file, now).lines == (10, 11, 12)
    assert intake.known_at(file, now) == now


def test_what_each_rows_rain_covers_goes_with_its_row() -> None:
    before_the_second = datetime(2024, 6, 1, 12, tzinfo=UTC)
    file = readings(prepared_at=before_the_second, covers=(4, 1, 2))
    found = intake.possible("f.csv", file, NOW)
    assert (found.covers, found.lines) == ((4,), (10,))


@pytest.mark.parametrize(
    ("month", "told"),
    [
        (date(1989, 12, 1), "1989-12"),
        (date(2024, 7, 1), "2024-07"),
        (date(2204, 6, 1), "2204-06"),
    ],
)
def test_a_month_that_cannot_be_is_refused_with_what_can(month, told) -> None:
    with pytest.raises(BadFile) as refused:
        intake.possible("f.csv", readings(month=month), NOW)
    assert (refused.value.file, refused.value.line, refused.value.found) == ("f.csv", 1, told)
    assert refused.value.expected == "a month from 1990-01 to 2024-06; is the date damaged?"


def test_the_first_and_the_last_month_that_can_be_are_taken() -> None:
    assert len(intake.possible("f.csv", readings(month=date(1990, 1, 1)), NOW).lines) == 3
    eve = datetime(2024, 6, 30, 12, tzinfo=UTC)  # tomorrow is July
    july = readings(month=date(2024, 7, 1), prepared_at=eve + timedelta(hours=11))
    assert intake.possible("f.csv", july, eve).lines == (10,)


@pytest.mark.parametrize(
    ("prepared_at", "expected"),
    [
        (datetime(2024, 6, 21, 12, 0, 1, tzinfo=UTC), "a time up to now, 2024-06-20 12:00 UTC"),
        (datetime(2030, 1, 1, tzinfo=UTC), "a time up to now, 2024-06-20 12:00 UTC"),
        (datetime(2024, 5, 30, 23, 59, tzinfo=UTC), "a time after 2024-06-01 began"),
        (datetime(1970, 1, 1, tzinfo=UTC), "a time after 2024-06-01 began"),
    ],
)
def test_a_file_from_the_future_or_from_before_its_month_is_refused(prepared_at, expected) -> None:
    with pytest.raises(BadFile, match=expected) as refused:
        intake.possible("f.csv", readings(prepared_at=prepared_at), NOW)
    assert refused.value.line == 2
    assert f"prepared at {prepared_at:%Y-%m-%d %H:%M} UTC" in str(refused.value)


def test_of_a_file_prepared_before_any_of_its_days_nothing_is_left() -> None:
    """Where it is tomorrow already a month begins before it does in UTC."""
    file = readings(prepared_at=datetime(2024, 5, 31, 12, tzinfo=UTC))
    found = intake.possible("f.csv", file, NOW)
    assert (found.lines, len(found.set_aside)) == ((), 3)


moments = st.datetimes(datetime(2024, 6, 1), datetime(2024, 6, 21), timezones=st.just(UTC))


@given(st.none() | moments)
def test_values_never_count_as_known_later_than_now(prepared_at) -> None:
    found = intake.known_at(readings(prepared_at=prepared_at), NOW)
    assert found <= NOW
    assert found == (prepared_at if prepared_at and prepared_at < NOW else NOW)


@given(moments)
def test_a_second_look_sets_nothing_more_aside(prepared_at) -> None:
    once = intake.possible("f.csv", readings(days=28, prepared_at=prepared_at), NOW)
    twice = intake.possible("f.csv", once, NOW)
    assert twice is once
    assert len(once.lines) + len(once.set_aside) == 28


@given(st.dates(date(1970, 1, 1), date(2100, 1, 1)))
def test_a_day_begins_at_midnight_in_utc(day) -> None:
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    assert intake.instant_of(day) == instant(midnight) == midnight.timestamp()


def history(*days: str) -> pd.DataFrame:
    return pd.DataFrame({"Date": pd.to_datetime(list(days))})


def test_of_a_history_every_day_has_come() -> None:
    whole = history("2007-11-01", "2016-02-29", "2024-06-21")  # tomorrow, by a clock that is slow
    assert intake.begun(whole, "weatherAUS.csv", NOW) is whole
    for wrong in ("2024-06-22", "1989-12-31", "2109-01-01"):
        with pytest.raises(BadFile) as refused:
            intake.begun(history("2007-11-01", wrong, "2007-11-02"), "weatherAUS.csv", NOW)
        assert str(refused.value) == (
            f"weatherAUS.csv, line 3, field 'Date': found '{wrong}', expected a day from 1990-01-01"
            " to 2024-06-20"
        )
