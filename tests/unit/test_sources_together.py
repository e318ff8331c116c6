"""The first source that has a reading gives it; what belongs together comes from one."""

import numpy as np
import pandas as pd

from raincast.observations import precedence
from raincast.observations.schema import COLUMNS, KEY

DAYS = pd.to_datetime(["2024-03-01", "2024-03-02", "2024-03-03"]).astype("datetime64[s]")


def rows(*days: int, **fields: list[object]) -> pd.DataFrame:
    """A source's rows of Hobart on some of the days; all other fields are missing."""
    empty = {name: [None if "Dir" in name else np.nan] * len(days) for name in COLUMNS[2:]}
    keys = {"Location": ["Hobart"] * len(days), "Date": DAYS[list(days)]}
    return pd.DataFrame(keys | empty | fields)[list(COLUMNS)].set_index(list(KEY))


def test_each_reading_is_of_the_first_that_has_it_and_days_are_of_any() -> None:
    first = rows(0, 1, Rainfall=[1.0, np.nan], MinTemp=[np.nan, 5.0])
    second = rows(1, 2, Rainfall=[2.0, 3.0], MinTemp=[6.0, np.nan])
    third = rows(0, 1, Rainfall=[9.0, 9.0], MinTemp=[8.0, 8.0])
    found = precedence.filled([first, second, third])
    assert found["Rainfall"].tolist() == [1.0, 2.0, 3.0]
    assert found["MinTemp"].tolist()[:2] == [8.0, 5.0]
    assert np.isnan(found["MinTemp"].iloc[2])
    assert list(found.index.get_level_values("Date")) == list(DAYS)


def test_a_calm_has_no_direction_of_another_source() -> None:
    calm = rows(0, 1, WindSpeed9am=[0.0, np.nan])
    other = rows(0, 1, WindSpeed9am=[7.0, 11.0], WindDir9am=["N", "SW"])
    found = precedence.filled([calm, other])
    assert found["WindSpeed9am"].tolist() == [0.0, 11.0]
    assert found["WindDir9am"].iloc[1] == "SW"
    assert pd.isna(found["WindDir9am"].iloc[0])


def test_one_source_alone_is_what_it_is() -> None:
    alone = rows(0, 2, Rainfall=[0.2, np.nan])
    pd.testing.assert_frame_equal(precedence.filled([alone]), alone)


def test_the_rain_of_several_days_goes_where_a_day_before_has_its_own() -> None:
    """A table says that the third day's 9 mm are of two days; it has a row of the covered day."""
    table = rows(1, 2, Rainfall=[np.nan, 9.0]).reset_index()
    table = table.assign(channel=precedence.TABLE, covers=[1, 2])
    for before, stays in ((1.5, False), (np.nan, True)):
        daily = rows(1, 2, Rainfall=[before, 9.0]).reset_index()
        found = precedence.merged(daily, table).set_index("Date")["Rainfall"]
        assert np.isfinite(found[DAYS[2]]) == stays
