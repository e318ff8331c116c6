"""What a model has seen, the test span, and the year of its thresholds."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from raincast.errors import BadInput, InSample, NotEnoughData
from raincast.learning import fitting, knowledge
from raincast.learning.fitting import Span
from raincast.learning.metadata import ModelMetadata
from raincast.observations import panel
from raincast.observations.schema import OBSERVATIONS

KEPT: dict[str, Any] = {
    "version": "v1",
    "sha256": "0",
    "threshold": 0.5,
    "stations": ["Sydney"],
    "rows": {"count": 9, "first": "2008-01-01", "last": "2014-12-31", "sha256": "0"},
}
TUNED = KEPT | {"figures": {"first": "2015-01-01", "last": "2015-12-31"}}


@pytest.mark.parametrize(
    ("metadata", "last"),
    [
        (KEPT, date(2014, 12, 31)),
        (TUNED, date(2015, 12, 31)),
        (TUNED | {"rows": KEPT["rows"] | {"last": "2017-06-24"}}, date(2017, 6, 24)),
        (
            TUNED | {"cure": {"name": "threshold", "last_feature_date": "2024-02-01"}},
            date(2024, 2, 1),
        ),
        (TUNED | {"searched_to": "2016-03-01"}, date(2016, 3, 1)),
        (TUNED | {"cure": {"name": "threshold"}, "figures": None}, date(2014, 12, 31)),
    ],
    ids=["rows", "thresholds", "serving", "cured", "searched", "a cure of before"],
)
def test_a_model_has_seen_its_rows_its_thresholds_year_its_search_and_its_cure(metadata, last):
    assert knowledge.last_seen(ModelMetadata.from_json(metadata, "a model")) == last


def test_a_model_that_names_no_rows_is_not_scored():
    metadata = ModelMetadata.from_json(KEPT | {"rows": None}, "a model")
    with pytest.raises(BadInput, match="v1: its metadata names no rows"):
        knowledge.last_seen(metadata)


def test_days_that_a_model_has_seen_are_refused_or_marked():
    metadata = ModelMetadata.from_json(TUNED, "a model")
    forecaster: Any = SimpleNamespace(metadata=metadata, version="v1")
    assert not knowledge.has_seen(forecaster, date(2016, 1, 1))
    assert knowledge.has_seen(forecaster, date(2015, 12, 31), accepted=True)
    with pytest.raises(InSample, match="model v1 has seen days up to 2015-12-31"):
        knowledge.has_seen(forecaster, date(2015, 12, 31))


@pytest.mark.parametrize(
    ("last", "first"),
    [
        (date(2017, 6, 24), date(2016, 1, 1)),
        (date(2017, 6, 30), date(2016, 1, 1)),
        (date(2026, 1, 3), date(2024, 8, 1)),
        (date(2024, 12, 31), date(2023, 7, 1)),
    ],
)
def test_the_test_span_is_the_last_eighteen_months(last, first):
    assert fitting.test_span(last) == Span(first, last)


def seen(*spans: tuple[str, str]) -> panel.Panel:
    days = np.concatenate([pd.date_range(*span) for span in spans])
    rows = pd.DataFrame({"Date": days, "Location": "Sydney", "Rainfall": 0.0})
    return panel.from_frame(rows.reindex(columns=["Date", "Location", *OBSERVATIONS]))


@pytest.mark.parametrize(
    ("spans", "year"),
    [
        ([("2013-01-01", "2017-06-25")], 2015),
        ([("2013-01-01", "2017-06-25"), ("2023-10-01", "2024-12-30")], 2016),
        ([("2014-06-01", "2016-02-29")], 2015),
        ([("2013-01-01", "2014-12-31"), ("2015-05-01", "2017-06-25")], 2014),
        ([("2014-10-19", "2016-11-27")], 2015),
    ],
    ids=[
        "edition of 2017",
        "a hole of years",
        "too short for both",
        "a hole in the year",
        "a year that is not over",
    ],
)
@pytest.mark.slow
def test_thresholds_are_chosen_on_the_last_whole_year_before_the_test_span(spans, year):
    assert fitting.tuning_span(seen(*spans)) == fitting.year(year)
    assert fitting.tuning_span(seen(*spans), 2013) == fitting.year(2013)


def test_without_a_whole_year_there_is_none_to_choose_thresholds_on():
    with pytest.raises(NotEnoughData, match="expected a whole calendar year with truth"):
        fitting.tuning_span(seen(("2015-03-01", "2016-02-29")))
