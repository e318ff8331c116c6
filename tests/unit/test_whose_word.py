"""Whose word counts for a reading, by hand: each from the first source that has it, a wind as one,
and a sum of days for none of them.
"""

from itertools import product
from typing import Any

import numpy as np
import pandas as pd
import pytest

from raincast.observations.precedence import (
    CHECKED,
    CLIMATE,
    DAILY,
    FEED,
    ORDER,
    TABLE,
    WORLD,
    filled,
    merged,
)
from raincast.observations.schema import COLUMNS, DIRECTIONS, KEY, OBSERVATIONS
from raincast.sources import cells


def observed(*rows: dict[str, Any]) -> pd.DataFrame:
    """An observations frame of rows in a few words; the day is 1 March 2024 where none is said."""
    names = {name: [row.get(name) for row in rows] for name in OBSERVATIONS}
    columns: dict[str, Any] = {
        name: np.array(values, dtype=object if name in DIRECTIONS else np.float64)
        for name, values in names.items()
    }
    places = np.array([row.get("Location", "Perth") for row in rows], dtype=object)
    days = np.array([row.get("Date", "2024-03-01") for row in rows], dtype="datetime64[s]")
    return cells.frame(columns | {"Location": places, "Date": days})


def said(*rows: dict[str, Any]) -> pd.DataFrame:
    """What other sources say, each row with its `channel` and the days that its rain covers."""
    return observed(*rows).assign(
        channel=[row["channel"] for row in rows], covers=[row.get("covers", 1) for row in rows]
    )


def told(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Of each row what is not missing, without the keys."""
    return [
        {name: value for name, value in row.items() if name not in KEY and not pd.isna(value)}
        for row in frame.to_dict("records")
    ]


NOTHING = observed()


def test_the_first_in_the_order_decides_each_reading() -> None:
    """On the first day all six have a reading, each of its own; on each day after one is silent
    more.
    """
    mm = dict(zip((CHECKED, DAILY, CLIMATE, TABLE, WORLD, FEED), range(1, 7), strict=True))
    assert tuple(mm) == ORDER
    days = [f"2024-03-0{n}" for n in mm.values()]
    others = said(
        *(
            {"Date": day, "Rainfall": mm[channel], "channel": channel}
            for silent, day in enumerate(days)
            for channel in ORDER[silent:]
            if channel != DAILY
        )
    )
    daily = observed(
        *(
            {"Date": day, "MinTemp": 9.0, "Rainfall": 2.0 if n < 2 else None}
            for n, day in enumerate(days)
        )
    )
    assert told(merged(daily, others)) == [
        {"MinTemp": 9.0, "Rainfall": float(first)} for first in range(1, 7)
    ], "and what only one says stays"


def test_a_wind_is_taken_whole_from_one_source() -> None:
    """A daily file's calm has a speed and no direction: the feed's belongs to another wind."""
    wind = {"WindDir9am": "NNW", "WindSpeed9am": 20.0, "channel": FEED}
    (calm,) = told(merged(observed({"WindSpeed9am": 0.0}), said(wind)))
    assert calm == {"WindSpeed9am": 0.0}
    (silent,) = told(merged(observed({"WindSpeed3pm": 5.0}), said(wind)))
    assert silent == {"WindDir9am": "NNW", "WindSpeed9am": 20.0, "WindSpeed3pm": 5.0}
    (turned,) = told(merged(observed({"WindDir9am": "E"}), said(wind)))
    assert turned == {"WindDir9am": "E"}, "nor is a speed taken to a direction"


def test_of_one_source_the_last_word_on_each_reading_counts() -> None:
    looks = said(
        {"Temp9am": 10.0, "Humidity9am": 80.0, "channel": FEED},
        {"Temp9am": 11.0, "channel": FEED},
        {"Temp3pm": 20.0, "channel": FEED},
    )
    (found,) = told(merged(NOTHING, looks))
    assert found == {"Temp9am": 11.0, "Humidity9am": 80.0, "Temp3pm": 20.0}


@pytest.mark.parametrize(
    ("before", "covers", "rain"),
    [
        ([None, None], 3, 6.0),
        ([1.0, None], 3, None),
        ([None, 0.0], 3, None),
        ([1.0, None], 2, 6.0),
        ([None, 0.0], 2, None),
        ([1.0, 1.0], 1, 6.0),
    ],
)
def test_a_sum_of_days_is_no_reading_where_one_of_its_days_has_its_own(
    before: list[float | None], covers: int, rain: float | None
) -> None:
    """6 mm on 1 March of a leap year, of so many days; those before are 28 and 29 February."""
    days = ("2024-02-28", "2024-02-29")
    daily = observed(
        *({"Date": day, "Rainfall": mm} for day, mm in zip(days, before, strict=True)),
        {"Rainfall": 6.0, "MinTemp": 9.0},
    )
    other = said({"Rainfall": 6.0, "covers": covers, "channel": CLIMATE})
    *_, last = told(merged(daily, other))
    assert last == {"MinTemp": 9.0} | ({} if rain is None else {"Rainfall": rain})


def test_another_stations_reading_is_none_of_its_days() -> None:
    daily = observed({"Location": "Albury", "Date": "2024-02-29", "Rainfall": 1.0})
    others = said(
        {"Location": "Albury", "Date": "2024-02-29", "MaxTemp": 20.0, "channel": WORLD},
        {"Rainfall": 6.0, "covers": 2, "channel": CLIMATE},
    )
    assert told(merged(daily, others)) == [{"MaxTemp": 20.0, "Rainfall": 1.0}, {"Rainfall": 6.0}]


def test_the_whole_is_an_observations_frame_in_its_order() -> None:
    daily = observed(
        {"Location": "Perth", "WindDir3pm": "S"}, {"Location": "Albury", "Date": "2024-03-02"}
    )
    others = said(
        {"Location": "Albury", "Date": "2024-02-01", "Rainfall": 1.0, "channel": WORLD},
        {"Location": "Woomera", "Rainfall": 2.0, "channel": TABLE},
    )
    found = merged(daily, others)
    assert tuple(found.columns) == COLUMNS
    days = [f"{day:%m-%d}" for day in found["Date"]]
    assert [*zip(found["Location"], days, strict=True)] == [
        ("Albury", "02-01"),
        ("Albury", "03-02"),
        ("Perth", "03-01"),
        ("Woomera", "03-01"),
    ]
    assert found["WindDir3pm"].tolist() == [None, None, "S", None], "missing is None, not NaN"


def test_filling_is_the_first_value_that_is_one() -> None:
    """Eight days, on which three sources have a reading in every way in which they can."""
    ways = list(product([True, False], repeat=3))
    frames = [
        observed(
            *(
                {"Date": f"2024-03-0{n}", "Rainfall": float(who) if way[who] else None}
                for n, way in enumerate(ways, 1)
            )
        ).set_index(list(KEY))
        for who in range(3)
    ]
    once = filled(frames)
    nan = np.nan
    np.testing.assert_array_equal(once["Rainfall"].to_numpy(), [0, 0, 0, 0, 1, 1, 2, nan])
    pd.testing.assert_frame_equal(filled([once, *frames]), once)
