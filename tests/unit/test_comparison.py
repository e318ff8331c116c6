"""Champion and challenger meet on recent days that neither has learned from."""

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.dummy import DummyClassifier

from raincast.errors import NotEnoughData
from raincast.learning import climatology
from raincast.learning.blend import Forecaster
from raincast.learning.fitting import Span
from raincast.learning.metadata import Origin
from raincast.observations import panel
from raincast.verification import comparison
from tests.learned import weather
from tests.places import LOCATIONS

DAY_0 = date(2016, 1, 1)
SPAN = Span(date(2016, 2, 1), date(2016, 3, 31))


def days(*numbers: int) -> list[date]:
    return [DAY_0 + timedelta(days=n) for n in numbers]


class TestPlan:
    def test_a_few_new_days_are_all_compared_on(self) -> None:
        found = comparison.plan(days(*range(-500, 10)), DAY_0)
        assert found.compare == Span(*days(1, 9))
        assert found.fit == Span(*days(-500, 0))

    def test_of_many_new_days_the_older_ones_are_learned_from(self) -> None:
        found = comparison.plan(days(*range(-500, 300)), DAY_0)
        begins = 300 - comparison.COMPARED_DAYS
        assert found.compare == Span(*days(begins, 299))
        assert found.fit == Span(*days(-500, begins - 2))

    def test_live_days_years_after_the_history_are_found(self) -> None:
        found = comparison.plan(days(-3, -2, -1, 0, 3000, 3001), DAY_0)
        assert found.compare == Span(*days(3000, 3001))

    @given(st.sets(st.integers(-900, 900), min_size=1), st.integers(-1000, 850))
    def test_neither_has_learned_from_what_is_compared_on(
        self, numbers: set[int], learned: int
    ) -> None:
        had, learned_to = days(*sorted(numbers)), DAY_0 + timedelta(days=learned)
        if max(numbers) <= learned:
            with pytest.raises(NotEnoughData, match=str(learned_to)):
                comparison.plan(had, learned_to)
        else:
            found = comparison.plan(had, learned_to)
            assert max(learned_to, found.fit.last) < found.compare.first
            assert found.compare.last == had[-1]


def always(chance: float, version: str) -> Forecaster:
    """Says the same chance every day."""
    fitted = DummyClassifier().fit(np.zeros((1000, 1)), np.arange(1000) < 1000 * chance)
    table = climatology.to_mapping(np.full((len(LOCATIONS), 12), 0.22))
    origin = Origin(stations=list(LOCATIONS), climatology=table)
    return Forecaster.unkept(fitted, origin, {"3pm": 0.5}, version)


@pytest.fixture(scope="module")
def observed() -> panel.Panel:
    return panel.from_frame(weather(date(2015, 12, 15), date(2016, 4, 10)))


def compare(observed: panel.Panel, champion: float, challenger: float) -> dict[str, object]:
    return comparison.compare(
        always(champion, "old"), always(challenger, "new"), observed, SPAN, 0.75
    ).to_json()


class TestCompare:
    def test_the_better_brier_score_wins_and_the_figures_are_those_of_each(
        self, observed: panel.Panel
    ) -> None:
        found = compare(observed, 0.9, 0.2)
        assert found["no_worse"]
        assert (found["champion"]["version"], found["challenger"]["version"]) == ("old", "new")
        wet = found["champion"]["positives"] / found["champion"]["n"]
        assert found["champion"]["brier"] == pytest.approx(wet * 0.01 + (1 - wet) * 0.81)
        assert found["brier_difference"] == pytest.approx(
            found["challenger"]["brier"] - found["champion"]["brier"]
        )
        assert found["challenger"]["precision_at_target_recall"] == pytest.approx(wet)

    def test_the_worse_is_refused(self, observed: panel.Panel) -> None:
        found = compare(observed, 0.2, 0.9)
        assert not found["no_worse"]
        low, high = found["brier_difference_interval"]
        assert 0 < low < found["brier_difference"] < high

    def test_the_same_is_no_worse(self, observed: panel.Panel) -> None:
        found = compare(observed, 0.2, 0.2)
        assert found["no_worse"]
        assert found["brier_difference_interval"] == [0, 0]

    def test_every_regime_of_a_station_day_counts_and_only_the_span(
        self, observed: panel.Panel
    ) -> None:
        found = compare(observed, 0.2, 0.3)
        known = np.isfinite(np.where(observed.seen, observed.truth(), np.nan))
        start, stop = observed.position(SPAN.first), observed.position(SPAN.last) + 1
        assert found["champion"]["n"] == 3 * known[start:stop].sum()
        assert found["span"] == {"first": "2016-02-01", "last": "2016-03-31", "days": 60}


class TestInterval:
    def mean_interval(self, values: Sequence[float], day: Sequence[int]) -> list[float] | None:
        return comparison.mean_interval(
            np.array(values, dtype=float), np.array(day, dtype="datetime64[D]")
        )

    def test_rows_of_one_day_do_not_count_as_many(self) -> None:
        daily = np.random.default_rng(1).normal(size=40)
        once = self.mean_interval(daily, range(40))
        ten_times = self.mean_interval(np.repeat(daily, 10), np.repeat(np.arange(40), 10))
        assert once == pytest.approx(ten_times)
        apart = self.mean_interval(np.repeat(daily, 10), range(400))
        assert apart[1] - apart[0] < 0.5 * (once[1] - once[0])

    def test_it_is_as_wide_as_theory_has_it(self) -> None:
        values = np.random.default_rng(2).normal(size=400)
        low, high = self.mean_interval(values, range(400))
        assert high - low == pytest.approx(2 * 1.96 * values.std() / 20, rel=0.1)

    def test_few_days_have_none(self) -> None:
        assert self.mean_interval([1, 2, 3], [1, 2, 3]) is None
