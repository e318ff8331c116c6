"""Models side by side: each on the same rows, and the first what the others are compared with."""

import numpy as np
import pytest

from raincast.learning.examples import Examples
from raincast.verification import beside, records
from raincast.verification.records import SideBySide, SideScores
from tests.places import LOCATIONS

DAYS = 40
CLIMATE = np.full((len(LOCATIONS), 12), 0.5)


@pytest.fixture(scope="module")
def rows() -> Examples:
    """Two stations on each day, on which it rains every other day at both."""
    day = np.repeat(np.arange("2015-03-01", "2015-04-10", dtype="datetime64[D]"), 2)
    y = np.repeat(np.arange(DAYS) % 2, 2).astype(float)
    return Examples(np.zeros((2 * DAYS, 1), np.float32), y, day, np.tile([0, 1], DAYS))


@pytest.fixture(scope="module")
def found(rows: Examples) -> dict[str, SideScores]:
    chances = {
        "first": np.where(rows.y == 1, 0.8, 0.2),
        "better": np.where(rows.y == 1, 0.9, 0.1),
        "same": np.where(rows.y == 1, 0.8, 0.2),
        "even": np.full(2 * DAYS, 0.5),
    }
    return beside.scored(rows, chances, CLIMATE, {"first": 0.5, "even": 0.5})


def test_a_difference_is_the_others_brier_score_less_the_firsts(
    found: dict[str, SideScores],
) -> None:
    gaps = {name: one.brier_difference for name, one in found.items()}
    assert gaps == pytest.approx({"first": 0, "better": -0.03, "same": 0, "even": 0.21})


def test_a_difference_that_is_the_same_every_day_is_sure(found: dict[str, SideScores]) -> None:
    assert found["first"].brier_difference_interval is None
    assert found["better"].brier_difference_interval == pytest.approx((-0.03, -0.03))
    assert found["same"].brier_difference_interval == pytest.approx((0, 0))


def test_skill_is_against_the_climate_of_the_rows(found: dict[str, SideScores]) -> None:
    assert found["first"].brier_skill == pytest.approx(1 - 0.04 / 0.25)
    assert found["even"].brier_skill == pytest.approx(0)
    assert {one.n for one in found.values()} == {2 * DAYS}
    assert {one.days for one in found.values()} == {DAYS}


def test_a_model_warns_from_its_threshold_on_and_without_one_never(
    found: dict[str, SideScores],
) -> None:
    assert (found["first"].recall, found["first"].precision) == (1, 1)
    assert (found["even"].recall, found["even"].precision) == (1, 0.5)
    assert (found["better"].recall, found["better"].table.hits) == (None, 0)


def test_people_see_a_line_for_each_with_the_difference_times_a_thousand(
    found: dict[str, SideScores],
) -> None:
    span = records.Span(first="2015-03-01", last="2015-04-09")
    whole = SideBySide(span=span, regimes={"9am": found}, event="rain")
    head, first, better, *_ = beside.table(whole).splitlines()
    assert head.split()[:3] == ["regime", "model", "n"]
    assert first.split()[:3] == ["9am", "first", "80"]
    assert first.endswith(" 0.00")
    assert better.endswith("-30.00 (-30.00 to -30.00)")
