"""Which forecasts with truth the live scores and the evidence rest on."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from raincast.verification import compact
from raincast.verification.compact import DRY, WET
from raincast.verification.scoring import FEWEST_DAYS
from raincast.verification.verified import Verified, evidence, newest, wet_station_days


def verified(target, logged=None, location=None, reading=None) -> Verified:
    n = len(target)
    zeros = np.zeros(n, np.int8)
    rows = compact.Rows(
        logged=np.asarray(range(n) if logged is None else logged, np.int64),
        target=np.asarray(target, np.int32),
        location=np.asarray(zeros if location is None else location, np.int32),
        hour=zeros,
        regime=zeros,
        basis=zeros,
        source=zeros,
        reading=np.asarray(zeros if reading is None else reading, np.int8),
        p=np.linspace(0, 1, n),
        predicted=zeros,
    )
    return Verified(rows, np.arange(n, dtype=float))


def test_the_newest_are_by_target_date_and_then_by_when_they_were_logged() -> None:
    some = verified([3, 1, 3, 2, 3], logged=[30, 99, 10, 5, 20])
    assert newest(some, 3).rows.logged.tolist() == [10, 20, 30]
    assert newest(some, 2).rows.logged.tolist() == [20, 30]
    assert newest(some, 4).rows.logged.tolist() == [5, 10, 20, 30]


def test_fewer_than_asked_are_all_and_of_none_there_is_none() -> None:
    assert newest(verified([2, 1]), 200).rows.target.tolist() == [1, 2]
    assert len(newest(verified([]), 200).reference) == 0


def test_what_is_beaten_stays_with_its_row() -> None:
    some = newest(verified([3, 1, 2]), 2)
    assert some.reference.tolist() == [2, 0]
    assert some.columns.reference.tolist() == [2, 0]
    assert some.columns.y.tolist() == [DRY, DRY]


@given(st.lists(st.integers(0, 9), max_size=30), st.integers(1, 12))
def test_the_newest_are_the_end_of_all_in_order(target: list[int], count: int) -> None:
    found = newest(verified(target), count)
    assert found.rows.target.tolist() == sorted(target)[-count:]


def test_a_station_day_is_wet_once_however_often_it_was_forecast() -> None:
    some = verified([1, 1, 1, 2], location=[0, 0, 1, 0], reading=[WET, WET, WET, DRY])
    assert wet_station_days(some.rows).tolist() == [1, 1]


@pytest.mark.parametrize(
    ("window", "wet_days", "first"),
    [
        (1, 0, 30 - FEWEST_DAYS),  # as many days as an interval needs
        (20, 0, 10),  # as many rows
        (1, 4, 18),  # the wet days are 18, 21, 24 and 27
        (500, 0, 0),  # there are fewer: all
    ],
)
def test_the_evidence_goes_back_as_far_as_is_needed(window: int, wet_days: int, first: int) -> None:
    reading = [WET if i % 3 == 0 else DRY for i in range(30)]
    found = evidence(verified(range(30), reading=reading), window, wet_days)
    assert found.rows.target.tolist() == list(range(first, 30))
