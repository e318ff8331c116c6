"""Which edition a historical file is, and how much of each year is in it."""

import numpy as np
import pandas as pd
import pytest

from raincast.sources import editions
from tests.places import LOCATIONS


def every_day(first: str, last: str) -> pd.DataFrame:
    days = pd.date_range(first, last)
    return pd.DataFrame(
        {"Location": np.tile(LOCATIONS, len(days)), "Date": days.repeat(len(LOCATIONS))}
    )


@pytest.mark.parametrize(
    ("rows", "columns", "said"),
    [
        (145_460, (), "the edition of 2017"),
        (142_193, (), "Kaggle's edition"),
        (275_410, ("RISK_MM",), "the public file"),
        (1_000, (), "an edition of 1,000 rows"),
    ],
)
def test_an_edition_is_named(rows, columns, said):
    frame = pd.DataFrame({"Date": pd.Timestamp("2017-06-25")}, index=range(rows))
    assert said in editions.name(frame, columns)


def test_thin_months_are_holes_and_the_ends_are_not():
    frame = every_day("2015-11-20", "2017-06-10")
    month = frame["Date"].dt.to_period("M")
    thin = (month >= "2016-02") & (month <= "2016-04") & (frame["Location"] > "B")
    left = frame[~thin & (month != "2017-01")]
    assert editions.holes(left) == ["2016-02 to 2016-04", "2017-01"]
    assert editions.holes(frame) == []
    assert editions.days_per_year(frame)["2016"] == 366 * len(LOCATIONS)


def test_how_much_of_a_span_is_there():
    frame = every_day("2016-01-01", "2016-01-10")
    first, last = pd.Timestamp("2016-01-01"), pd.Timestamp("2016-01-20")
    assert editions.covered(frame, first, last) == 0.5
