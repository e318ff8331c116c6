"""The issue times of a replay."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raincast.errors import BadInput
from raincast.replay.walk.span import SCHEDULED, clocks, issue_times


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (SCHEDULED, (time(6), time(18))),
        ("18:00, 06:00", (time(6), time(18))),  # in order, however they were typed
        ("07:30,07:30", (time(7, 30),)),  # each once
        ("00:00", (time(0),)),
        ("23:59:59", (time(23, 59, 59),)),
    ],
)
def test_times_of_day_are_in_order_and_each_is_there_once(text, found) -> None:
    assert clocks(text) == found


@pytest.mark.parametrize("text", ["", "06:00,", "24:00", "6 am", "06:00;18:00"])
def test_what_is_no_time_of_day_is_refused_with_an_example(text) -> None:
    with pytest.raises(BadInput) as refused:
        clocks(text)
    assert str(refused.value) == (
        f"--every: found {text!r}, expected times of day in UTC such as 06:00,18:00"
    )


def test_a_leap_day_has_its_issue_times() -> None:
    found = issue_times(date(2016, 2, 28), date(2016, 3, 1), [time(6), time(18)])
    assert found == [
        datetime(2016, 2, 28, 6, tzinfo=UTC),
        datetime(2016, 2, 28, 18, tzinfo=UTC),
        datetime(2016, 2, 29, 6, tzinfo=UTC),
        datetime(2016, 2, 29, 18, tzinfo=UTC),
        datetime(2016, 3, 1, 6, tzinfo=UTC),
        datetime(2016, 3, 1, 18, tzinfo=UTC),
    ]


def test_a_span_that_ends_before_it_begins_has_none() -> None:
    assert issue_times(date(2016, 3, 2), date(2016, 3, 1), [time(6)]) == []


hours = st.lists(st.integers(0, 23), min_size=1, max_size=4)


@given(st.dates(date(2008, 1, 1), date(2024, 12, 1)), st.integers(0, 40), hours)
def test_they_go_forward_and_each_day_has_every_one(first, more, asked) -> None:
    every = clocks(",".join(f"{hour:02d}:00" for hour in asked))
    found = issue_times(first, first + timedelta(days=more), every)
    assert len(found) == (more + 1) * len(set(asked))
    assert found == sorted(set(found))
    assert (found[0].date(), found[-1].date()) == (first, first + timedelta(days=more))
    assert {at.utcoffset() for at in found} == {timedelta(0)}
