"""The cheaper remedies, on cases worked by hand: older days choose, newer days try."""

import numpy as np
import pytest

from raincast.decisions import remedies
from raincast.decisions.remedies import FEWEST_WET, Verified

DAY = np.datetime64("2026-01-01")


def verified(days: int, wet: float, dry: float, n: int = 10, rain: int = 5) -> Verified:
    """Each day has n forecasts: `rain` wet ones of the chance `wet`, the others of `dry`."""
    y = np.tile(np.r_[np.ones(rain), np.zeros(n - rain)], days)
    p = np.where(y == 1, wet, dry)
    day = np.repeat(DAY + np.arange(days), n)
    return Verified(y, p, np.full(len(y), "3pm"), day)


def test_two_thirds_of_the_days_choose_and_no_day_is_split() -> None:
    choosing, trying = remedies.parts(verified(18, 0.4, 0.1))  # type: ignore[misc]
    assert len(np.unique(choosing.day)) == 12
    assert len(np.unique(trying.day)) == 6
    assert not set(choosing.day) & set(trying.day)


@pytest.mark.parametrize(
    ("days", "rain", "there"),
    [
        (1, 10, False),  # one day cannot be split
        (18, 5, True),  # 60 wet rows choose, 30 try
        (12, 5, False),  # 20 wet rows try: too few
        (15, 5, True),  # 50 choose, exactly FEWEST_WET try
    ],
)
def test_both_parts_need_enough_wet_rows(days: int, rain: int, there: bool) -> None:
    assert FEWEST_WET == 25
    assert (remedies.parts(verified(days, 0.4, 0.1, rain=rain)) is not None) == there


def test_a_threshold_that_has_grown_wrong_is_chosen_anew() -> None:
    """Wet days have 0.4, dry ones 0.1: at 0.5 nothing is warned of, at 0.4 everything is right."""
    found = remedies.threshold(verified(18, 0.4, 0.1), {"3pm": 0.5}, recall=0.75, limit=0.59)
    assert found is not None
    assert found.thresholds == {"3pm": 0.4}
    assert (found.before["recall"], found.after["recall"]) == (0.0, 1.0)
    assert found.helps


def test_a_threshold_that_is_right_is_no_help() -> None:
    """Nothing tells wet days from dry ones: a lower threshold warns of everything."""
    found = remedies.threshold(verified(30, 0.3, 0.3, rain=3), {"3pm": 0.3}, 0.75, limit=1.1)
    assert found is not None
    assert not found.helps


def test_chances_that_are_too_low_are_stretched_and_moved() -> None:
    """Where 0.4 was given it always rained, where 0.1 was given never: the Brier score falls."""
    found = remedies.recalibration(verified(18, 0.4, 0.1), {"3pm": 0.5}, 0.75, 0.59)
    assert found is not None
    assert found.slope > 1
    assert found.before["brier"] == pytest.approx((0.6**2 + 0.1**2) / 2)
    assert found.after["brier"] < 0.01
    assert found.helps


def test_a_remedy_that_turns_chances_upside_down_is_never_applied() -> None:
    found = remedies.recalibration(verified(18, 0.1, 0.4), {"3pm": 0.3}, 0.75, 0.59)
    assert found is not None
    assert found.slope < 0
    assert not found.helps


@pytest.mark.parametrize(
    ("steps", "first"),
    [
        (("threshold", "recalibration", "retraining"), "threshold"),
        (("recalibration", "retraining"), "recalibration"),
        (("retraining",), None),
        ((), None),
    ],
)
def test_the_first_step_that_helps_is_taken_and_a_retraining_is_left(steps, first) -> None:
    """Both help where 0.4 was given to all wet days and the threshold lies above."""
    found = remedies.first_that_helps(verified(18, 0.4, 0.1), steps, {"3pm": 0.5}, 0.75, 0.59)
    assert (found and found.name) == first


def test_where_nothing_helps_nothing_is_taken() -> None:
    found = remedies.first_that_helps(
        verified(18, 0.4, 0.1), ("threshold",), {"3pm": 0.4}, recall=0.75, limit=0.59
    )
    assert found is None
