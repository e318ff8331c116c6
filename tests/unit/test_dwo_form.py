"""The Bureau's form, byte by byte, and back through the parser."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from raincast.observations.frame import conform
from raincast.observations.schema import FIELDS, OBSERVATIONS
from raincast.simulator import simulate
from raincast.sources import dwo
from raincast.sources.dwo_form import COLUMNS, dwo_bytes, published
from tests import places as stations
from tests.places import LOCATIONS

GOLDEN = Path(__file__).parent.parent / "golden" / "IDCJDW2002.202405.csv"
PREPARED = datetime(2024, 6, 5, 13, 2, tzinfo=UTC)
FRAME = conform(
    pd.DataFrame(
        {
            "Location": "Albury",
            "Date": ["2024-05-01", "2024-05-02", "2024-05-10"],
            "MinTemp": [-1.5, 10.0, np.nan],
            "MaxTemp": [20.2, 9.7, np.nan],
            "Rainfall": [0.0, 13.4, 0.2],
            "Evaporation": [7.2, 0.0, np.nan],
            "Sunshine": [11.4, 0.0, np.nan],
            "WindGustDir": ["SE", "NNW", None],
            "WindGustSpeed": [30, 102, np.nan],
            "WindDir9am": ["SE", None, None],
            "WindDir3pm": [None, "ESE", "N"],
            "WindSpeed9am": [19, 0, 9],
            "WindSpeed3pm": [0, 11, 6],
            "Humidity9am": [50, 100, np.nan],
            "Humidity3pm": [31, 7, np.nan],
            "Pressure9am": [1032.1, 999.9, np.nan],
            "Pressure3pm": [1028.0, np.nan, np.nan],
            "Cloud9am": [0, 8, np.nan],
            "Cloud3pm": [7, 9, np.nan],
            "Temp9am": [14.6, 0.0, np.nan],
            "Temp3pm": [19.6, -0.3, np.nan],
        }
    )
)


def test_the_bytes_are_the_golden_ones() -> None:
    assert dwo_bytes(FRAME, stations.find("Albury"), PREPARED) == GOLDEN.read_bytes()


def test_the_parser_reads_back_what_was_written() -> None:
    read = dwo.parse(GOLDEN.read_bytes(), GOLDEN.name)
    assert_frame_equal(read.frame, FRAME)
    assert (read.station.location, read.month, read.prepared_at) == (
        "Albury",
        date(2024, 5, 1),
        PREPARED,
    )


def test_every_field_has_its_column_once() -> None:
    names = [name for _, name in COLUMNS]
    assert len(names) == 21
    assert set(names) - {"Date", "GustTime"} == set(OBSERVATIONS)


@pytest.mark.parametrize("location", LOCATIONS)
def test_every_station_can_be_written_and_read(location: str) -> None:
    station = stations.find(location)
    mine = FRAME.assign(Location=location).astype({"Location": object})
    read = dwo.parse(dwo_bytes(mine, station, PREPARED), f"{station.product}.202405.csv")
    assert read.station.location == location
    assert_frame_equal(read.frame, mine)


@settings(max_examples=12)
@given(
    seed=st.integers(0, 1000),
    first=st.dates(date(2013, 4, 1), date(2030, 1, 1)),
    location=st.sampled_from(LOCATIONS),
    hours=st.integers(0, 40 * 24),
)
def test_a_simulated_month_goes_round(seed: int, first: date, location: str, hours: int) -> None:
    month = first.replace(day=1)
    at = datetime(month.year, month.month, 2, tzinfo=UTC) + timedelta(hours=hours)
    frame = simulate(month, month + timedelta(days=27), seed)
    rows = published(frame[frame["Location"] == location], at)
    assume(len(rows) > 0)
    written = dwo_bytes(rows, stations.find(location), at)
    assert_frame_equal(dwo.parse(written, "a file").frame, rows)


@pytest.mark.parametrize(
    ("at", "rows", "filled"),
    # A row of 10 May at Albury (UTC+10): 9 am is 23:00 UTC of the 9th, 3 pm 05:00 UTC of the 10th.
    [
        (
            datetime(2024, 5, 9, 22, 59, tzinfo=UTC),
            2,
            {"9am": 0, "3pm": 0, "midnight": 0, "next9am": 0},
        ),
        (
            datetime(2024, 5, 9, 23, 0, tzinfo=UTC),
            3,
            {"9am": 9, "3pm": 0, "midnight": 0, "next9am": 0},
        ),
        (
            datetime(2024, 5, 10, 5, 0, tzinfo=UTC),
            3,
            {"9am": 9, "3pm": 6, "midnight": 0, "next9am": 0},
        ),
        (
            datetime(2024, 5, 10, 14, 0, tzinfo=UTC),
            3,
            {"9am": 9, "3pm": 6, "midnight": 3, "next9am": 0},
        ),
        (
            datetime(2024, 5, 10, 23, 0, tzinfo=UTC),
            3,
            {"9am": 9, "3pm": 6, "midnight": 3, "next9am": 1},
        ),
        (datetime(2030, 1, 1, tzinfo=UTC), 3, {"9am": 9, "3pm": 6, "midnight": 3, "next9am": 1}),
    ],
)
def test_nothing_is_published_before_it_is_known(
    at: datetime, rows: int, filled: dict[str, int]
) -> None:
    complete = FRAME.assign(
        **{name: FRAME[name].iloc[0] for name in OBSERVATIONS} | {"WindDir3pm": "S"}
    )
    shown = published(complete, at)
    assert len(shown) == rows
    last = shown.iloc[-1] if rows == 3 else pd.Series(index=OBSERVATIONS, dtype=object)
    for slot, count in filled.items():
        assert last[[n for n in OBSERVATIONS if FIELDS[n].slot == slot]].notna().sum() == count, (
            slot
        )
    assert_frame_equal(shown.iloc[:2], complete.iloc[:2])
