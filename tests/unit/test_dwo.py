"""A DWO file is read in every shape that it comes in, and refused, with its place named, when it
says nonsense.
"""

import gzip
from datetime import UTC, date, datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from raincast.errors import BadFile
from raincast.observations.frame import conform, validate
from raincast.observations.schema import COMPASS, DIRECTIONS, FIELDS, OBSERVATIONS
from raincast.sources import dwo
from tests.dwo_files import ALBURY, BARE, FIELDS_IN_WORDS, PREAMBLE, QUOTED, ROWS, written
from tests.dwo_read import NAME, prose, read


def test_a_published_file_in_full():
    file = dwo.parse(written(), "anything.csv")
    assert (file.station.location, file.product, file.month) == (
        "Albury",
        "IDCJDW2002",
        date(2024, 5, 1),
    )
    assert file.prepared_at == datetime(2024, 5, 15, 5, 36, tzinfo=UTC)
    expected = {
        "Location": "Albury",
        "Date": pd.to_datetime(["2024-05-01", "2024-05-02", "2024-05-11"]),
        "MinTemp": [-1.5, 4.0, 0.0],
        "MaxTemp": [18.2, None, 21.0],
        "Rainfall": [0.0, 12.6, None],
        "Evaporation": [2.4, None, 3.0],
        "Sunshine": [9.1, None, 0.0],
        "WindGustDir": ["NNW", None, "S"],
        "WindGustSpeed": [44.0, None, 30.0],
        "WindDir9am": ["NW", None, "E"],
        "WindDir3pm": ["WNW", None, None],
        "WindSpeed9am": [17.0, 0.0, 2.0],
        "WindSpeed3pm": [20.0, None, 0.0],
        "Humidity9am": [88.0, 97.0, 100.0],
        "Humidity3pm": [51.0, None, 40.0],
        "Pressure9am": [1019.4, 1012.0, None],
        "Pressure3pm": [1016.9, None, None],
        "Cloud9am": [1.0, 7.0, None],
        "Cloud3pm": [8.0, None, None],
        "Temp9am": [7.3, 9.9, 8.0],
        "Temp3pm": [17.0, None, 20.5],
    }
    pd.testing.assert_frame_equal(validate(file.frame), conform(pd.DataFrame(expected)))


SHAPES = {
    "saved again, no prose": {
        "preamble": (),
        "header": BARE,
        "encoding": "utf-8",
        "newline": "\n",
        "end": "\n",
    },
    "UTF-8": {"encoding": "utf-8"},
    "UTF-8 with a byte order mark": {"encoding": "utf-8-sig"},
    "byte order mark before the header": {"preamble": (), "encoding": "utf-8-sig"},
    "LF": {"newline": "\n"},
    "CR": {"newline": "\r"},
    "last newline": {"end": "\r\n"},
    "blank lines at the end": {"end": "\r\n\r\n  \r\n"},
    "no degree sign": {"header": QUOTED.replace("°", "")},
    "degree sign decoded wrongly": {"header": QUOTED.replace("°", "Â°"), "encoding": "utf-8"},
    "degree sign lost": {"header": QUOTED.replace("°", "\ufffd"), "encoding": "utf-8"},
    "blanks in the header": {
        "header": BARE.replace("gust ", "gust").replace(",9am", ", 9am").replace("rel", "  rel")
    },
    "no blank line above": {"preamble": PREAMBLE[:-1]},
    "two lines": {"preamble": PREAMBLE[:2]},
    "nine lines": {"preamble": (*PREAMBLE[:3], *PREAMBLE[3:4] * 4, *PREAMBLE[4:])},
    "short gauge number": {
        "preamble": tuple(line.replace("{station 0", "{station ") for line in PREAMBLE)
    },
    "station number": {
        "preamble": tuple(line.replace("{station ", "{station number ") for line in PREAMBLE)
    },
    "one gauge of two": {
        "preamble": (*PREAMBLE[:4], '"Wind from the hill {station 099999}"', *PREAMBLE[4:])
    },
}


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_every_shape_says_the_same(shape):
    pd.testing.assert_frame_equal(read(**shape), read())


def test_columns_are_found_by_their_words_wherever_they_stand():
    turned = [",".join(reversed(line.split(","))) for line in (BARE, *ROWS)]
    pd.testing.assert_frame_equal(read(header=turned[0], rows=tuple(turned[1:])), read())
    more = tuple(f"{line},extra" for line in (BARE, *ROWS))
    pd.testing.assert_frame_equal(read(header=more[0], rows=more[1:]), read())


def test_a_file_without_rows_is_an_empty_month():
    frame = read(rows=())
    assert len(frame) == 0
    validate(frame)


def test_without_prose_the_name_tells_whose_it_is_and_nobody_when():
    file = dwo.parse(written((), BARE), f"some/folder/{NAME}")
    assert (file.station.location, file.month, file.prepared_at) == (
        "Albury",
        date(2024, 5, 1),
        None,
    )


@pytest.mark.parametrize(
    ("encode", "name"),
    [
        (gzip.compress, "gzip"),
        (lambda c: c.decode("cp1252").encode("utf-16"), "UTF-16 with its mark"),
        (lambda c: c.decode("cp1252").encode("utf-16-le"), "UTF-16 without one"),
        (lambda c: c.decode("cp1252").encode("utf-16-be"), "UTF-16, the other way"),
        (lambda c: c.replace(b"\r\n", b"\r", 8).replace(b"\n", b"\r\n", 3), "mixed line ends"),
        (lambda c: c.replace(b"\r\n", b"\n", 4), "mixed line ends"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_every_wrapping_says_the_same(encode, name):
    pd.testing.assert_frame_equal(dwo.parse(encode(written()), NAME).frame, read())


@pytest.mark.parametrize(
    ("said", "at"),
    [
        ("16:06 GMT on Monday  7 August 2023", datetime(2023, 8, 7, 16, 6, tzinfo=UTC)),
        ("09:20 AEDT on Friday 16 October 2026", datetime(2026, 10, 15, 22, 20, tzinfo=UTC)),
        ("9:20 am AEST on Friday 16 May 2025", datetime(2025, 5, 15, 23, 20, tzinfo=UTC)),
        ("05:00 AWST on Friday 16 May 2025", datetime(2025, 5, 15, 21, 0, tzinfo=UTC)),
        ("15:36 EST on Wednesday 15 May 2024", datetime(2024, 5, 15, 5, 36, tzinfo=UTC)),
        ("9:20 ACST on Friday 16 May 2025", datetime(2025, 5, 15, 23, 50, tzinfo=UTC)),
    ],
)
def test_the_time_of_writing_is_read_in_every_zone_of_the_bureau(said, at):
    assert dwo.parse(prose("05:36 UTC on Wednesday 15 May 2024", said), NAME).prepared_at == at


@pytest.mark.parametrize("said", ["25:36 UTC", "15:36 XYZ", "noon UTC"])
def test_a_time_of_writing_that_cannot_be_read_is_warned_of(said):
    file = dwo.parse(prose("05:36 UTC", said), NAME)
    assert file.prepared_at is None
    (warning,) = file.warnings
    assert said in warning
    assert "known from now on" in warning


def test_a_new_gauge_is_taken_with_a_warning():
    file = dwo.parse(prose("072160", "072999"), NAME)
    assert len(file.frame) == len(ROWS)
    (warning,) = file.warnings
    assert "072999" in warning
    assert "the site may have moved" in warning
    assert "stations.toml" in warning


def test_the_gauge_of_the_rain_decides_not_that_of_the_clouds():
    lines = (
        '"Rainfall and temperature are from Albury Airport {station 072160}"',
        '"Cloud is from Sydney Airport {station 066037}"',
    )
    assert dwo.parse(written((*PREAMBLE[:4], *lines, "")), NAME).warnings == ()
    rain, cloud = (lines[0].replace("072160", "066037"), lines[1].replace("066037", "072160"))
    with pytest.raises(BadFile, match=r"found '066037 \(Sydney, SydneyAirport\)'"):
        dwo.parse(written((*PREAMBLE[:4], rain, cloud, "")), NAME)


def test_a_former_product_is_read_where_its_gauge_is_known():
    label = "IDCJDW3050.202405"
    prose_ = tuple(line.replace(ALBURY, label) for line in PREAMBLE)
    ours = tuple(line.replace("072160", "086338") for line in prose_)
    assert dwo.parse(written(ours), "a file").station.location == "Melbourne"
    with pytest.raises(BadFile, match="or its files of today, IDCJDW3033"):
        dwo.parse(written(tuple(line.replace("072160", "099999") for line in prose_)), "a file")
    with pytest.raises(BadFile, match="gauge unsaid"):
        dwo.parse(written((), BARE), f"{label}.csv")


def test_a_former_label_under_todays_name_is_the_same_stations():
    label = "IDCJDW3050.202405"
    ours = tuple(line.replace(ALBURY, label).replace("072160", "086338") for line in PREAMBLE)
    today = f"http://bureau/{label.replace('3050', '3033')}.csv"
    assert dwo.parse(written(ours), today).station.location == "Melbourne"
    with pytest.raises(BadFile, match=r"the label of the file's name, IDCJDW3033\.202406"):
        dwo.parse(written(ours), today.replace("202405", "202406"))


def test_a_column_that_is_not_there_is_left_out_and_said():
    file = dwo.parse(written(header=QUOTED.replace("3pm cloud", "3pm clxud")), NAME)
    assert file.frame["Cloud3pm"].isna().all()
    assert file.frame["Cloud9am"].tolist()[:2] == [1.0, 7.0]
    (warning,) = file.warnings
    assert "found 0 columns '3pm cloud amount oktas'" in warning


def test_two_rows_of_a_day_that_say_the_same_are_one():
    pd.testing.assert_frame_equal(read(rows=(*ROWS, ROWS[1])), read())


def _cell(name: str) -> st.SearchStrategy[str]:
    if name in DIRECTIONS:
        return st.sampled_from(("", *COMPASS))
    low, high = int(FIELDS[name].low * 10), int(FIELDS[name].high * 10)
    return st.one_of(st.just(""), st.integers(low, high).map(lambda tenths: f"{tenths / 10:.1f}"))


@given(st.lists(st.fixed_dictionaries({name: _cell(name) for name in OBSERVATIONS}), max_size=4))
def test_what_was_written_is_what_is_read(days):
    rows = [
        f"2024-05-{i},," + ",".join(day[name] for name in OBSERVATIONS)
        for i, day in enumerate(days, 1)
    ]
    header = "Date,," + ",".join(FIELDS_IN_WORDS[name] for name in OBSERVATIONS)
    frame = read(header=header, rows=tuple(rows))
    for name in OBSERVATIONS:
        kind = str if name in DIRECTIONS else float
        expected = [
            kind(day[name]) if day[name] else (None if kind is str else np.nan) for day in days
        ]
        assert str(frame[name].tolist()) == str(expected)
