"""Issue times as numbers of their slots, and the first row of each key."""

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from raincast.forecasts import origin

LATE = np.datetime64("NaT", "us")


def moments(*texts: str | None) -> pd.Series:
    return pd.Series(pd.to_datetime(list(texts), utc=True, format="ISO8601"))


def test_a_slot_begins_at_its_scheduled_time_and_ends_before_the_next():
    said = moments(
        "2024-11-02T05:59:59.999999Z",
        "2024-11-02T06:00:00Z",
        "2024-11-02T17:59:59.999999Z",
        "2024-11-02T18:00:00Z",
        "2024-11-03T05:59:59Z",
        None,
    )
    number = origin.slot_number(said)
    assert number.dtype == np.int32
    assert (number[:5] - number[0]).tolist() == [0, 1, 1, 2, 2]
    assert number[5] == -1


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=30))
def test_two_times_have_one_number_where_they_follow_one_scheduled_time(seconds):
    issued = pd.Series(pd.to_datetime(seconds, unit="s", utc=True))
    rows = pd.DataFrame({"issued_at_utc": issued, "logged_at_utc": issued})
    number, slot = origin.slot_number(issued), origin.slot(rows)
    same = number[:, None] == number
    np.testing.assert_array_equal(same, slot.to_numpy()[:, None] == slot.to_numpy())


ROWS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2), st.integers(0, 3)), max_size=25)


@given(ROWS)
def test_the_first_of_a_key_is_that_of_the_least_rank_then_time_then_place(rows):
    key, rank, minute = np.array(rows, dtype=np.int64).reshape(-1, 3).T
    logged = np.datetime64("2024-11-02", "us") + minute * np.timedelta64(1, "m")
    first: dict[int, int] = {}
    for i, (k, r, m) in enumerate(rows):
        held = first.get(k)
        if held is None or (r, m) < rows[held][1:]:
            first[k] = i
    assert sorted(origin.firsts(key, rank, logged).tolist()) == sorted(first.values())


def test_a_row_without_a_time_comes_after_those_of_its_rank_that_have_one():
    logged = np.array([LATE, np.datetime64("2024-11-02", "us")])
    assert origin.firsts(np.zeros(2, np.int64), np.zeros(2, np.int64), logged).tolist() == [1]
