"""Which days a judged model is fitted to, and up to which there is truth."""

from datetime import date, timedelta

import numpy as np
import pytest

from raincast.errors import NotEnoughData
from raincast.learning.fitting import Span, before_tuning, everything, last_with_truth, year
from raincast.observations.panel import RAINFALL, Panel
from raincast.observations.schema import OBSERVATIONS
from tests.places import LOCATIONS

FIRST = date(2013, 6, 1)


def panel(last: date, dry_from: date | None = None) -> Panel:
    """Rain of all stations on each day; none is read from a day on."""
    days = (last - FIRST).days + 1
    values = np.ones((days, len(LOCATIONS), len(OBSERVATIONS)), np.float32)
    if dry_from is not None:
        values[(dry_from - FIRST).days :, :, RAINFALL] = np.nan
    return Panel(FIRST, values, np.ones(values.shape[:2], bool))


def test_truth_ends_a_day_before_the_last_reading() -> None:
    last = date(2013, 9, 30)
    assert last_with_truth(panel(last)) == last - timedelta(days=1)
    assert last_with_truth(panel(last, dry_from=date(2013, 9, 10))) == date(2013, 9, 8)


def test_the_last_days_own_label_is_nobodys_reading() -> None:
    whole = panel(date(2013, 9, 30))
    told = np.full(whole.seen.shape, np.nan)
    told[-1] = 1.0
    labelled = Panel(whole.first, whole.values, whole.seen, told)
    assert last_with_truth(labelled) == date(2013, 9, 29)


def test_without_truth_it_says_from_when_to_when() -> None:
    with pytest.raises(NotEnoughData, match="2013-06-01 to 2013-06-30: expected truth"):
        last_with_truth(panel(date(2013, 6, 30), dry_from=FIRST))


def test_the_judged_model_is_fitted_to_all_before_the_year_of_its_thresholds() -> None:
    held = panel(date(2015, 2, 1))
    assert before_tuning(held, year(2014)) == Span(FIRST, date(2013, 12, 31))
    assert everything(held) == Span(FIRST, date(2015, 2, 1))


@pytest.mark.parametrize(
    ("last", "number"),
    [(date(2015, 2, 1), 2013), (date(2014, 12, 30), 2014), (date(2015, 2, 1), 2016)],
)
def test_a_year_that_is_not_there_or_has_nothing_before_it_is_refused(
    last: date, number: int
) -> None:
    with pytest.raises(NotEnoughData, match=f"{FIRST} to {last}: expected them to begin before"):
        before_tuning(panel(last), year(number))
