"""Persistence and climatology on the rows of forecasts, by hand."""

import numpy as np
import pytest

from raincast.observations import panel, rain
from raincast.verification import opponents, scoring, sums
from raincast.verification.compact import Rows
from tests.observed import day, observations
from tests.places import INDEX

#      day 0    1    2    3    4    5    6    7     8    9
RAIN_MM = [0.0, 5.0, 5.0, 0.0, 0.0, 5.0, 0.0, None, 0.0, 5.0]
HERE = INDEX["Cairns"]


@pytest.fixture(scope="module")
def observed() -> rain.Rain:
    readings = {("Cairns", i): mm for i, mm in enumerate(RAIN_MM)}
    return rain.of(panel.from_frame(observations(readings), day(0), day(9)), day(0))


def rows(*target: int) -> Rows:
    """Forecasts for those days' weather at Cairns."""
    begin = np.datetime64(day(0), "D").astype(int)
    n = len(target)
    columns = dict.fromkeys(Rows._fields, np.zeros(n))
    columns |= {"target": np.array([begin + i for i in target], np.int32)}
    return Rows(**columns | {"location": np.full(n, HERE)})


def test_it_rains_as_often_as_after_such_days_before_the_first_forecast(observed) -> None:
    """Before day 7: after the dry days 3 and 4 it rained once, after the wet ones 1, 2 and 5 once.
    Of day 0 nobody knows what it was, since nothing was read the day before; after it, it rained.
    Neither does anybody of day 8, whose reading may hold two days' rain.
    """
    p, warned = opponents.persistence(rows(7, 9), observed)
    after_dry, after_unknown = 1 / 2, 1.0
    assert p.tolist() == [after_dry, after_unknown]
    assert warned.tolist() == [0, 0]


def test_after_a_wet_day_it_rains_as_often_as_it_did(observed) -> None:
    p, warned = opponents.persistence(rows(6), observed)
    assert (p.tolist(), warned.tolist()) == ([1 / 2], [1])


def test_nothing_of_the_days_that_are_forecast_is_known(observed) -> None:
    p, _ = opponents.persistence(rows(3, 9), observed)
    # Days 0 and 1 alone: rain after the unknown day 0 and after the wet day 1.
    assert p[0] == 1.0
    none, warned = opponents.persistence(rows(1), observed)
    assert np.isnan(none).all()
    assert warned.tolist() == [0]


def test_a_day_outside_what_was_observed_is_unknown(observed) -> None:
    _, warned = opponents.persistence(rows(-3, 0, 6), observed)
    assert warned.tolist() == [0, 0, 1]


def test_scores_are_the_opponents_and_the_skill_is_ours_against_it() -> None:
    y = np.array([1.0, 0.0] * 20)
    ours = sums.forecasts(y, np.where(y == 1, 0.8, 0.2), y, np.full(40, 0.5))
    p = np.full(40, 0.6)
    against = scoring.over_days(
        ours._replace(reference=p), np.arange(40), np.random.default_rng(0), 50
    )
    found = opponents.scores(ours, p, None, against)
    assert found.brier == pytest.approx((0.16 + 0.36) / 2)
    assert (found.recall, found.precision, found.table.hits) == (None, None, 0)
    assert found.skill == pytest.approx(1 - 0.04 / 0.26)
    low, high = found.skill_interval
    assert low < found.skill < high
    assert opponents.scores(ours, p, (y == 1).astype(np.int8), against).recall == 1
