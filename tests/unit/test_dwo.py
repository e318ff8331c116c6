"""A DWO file is read in every shape that it comes in, and refused, with its place named, when it
says nonsense.
"""

from datetime import UTC, date, datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from raincast.errors import BadFile
from raincast.observations.frame import conform, validate
from raincast.observations.schema import COMPASS, DIRECTIONS, FIELDS, OBSERVATIONS
from raincast.sources import dwo
from tests.dwo_files import ALBURY, BARE, FIELDS_IN_WORDS, PREAMBLE, QUOTED, ROWS, written

NAME = f"{ALBURY}.csv"


def read(**parts) -> pd.DataFrame:
    return dwo.parse(written(**parts), NAME).frame


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


def test_a_calm_gust_is_a_speed_too():
    assert read(rows=(ROWS[0].replace("NNW,44", "NNW,Calm"),))[
        ["WindGustSpeed", "WindGustDir"]
    ].values.tolist() == [[0.0, None]]


def changed(line: int, old: str, new: str) -> dict[str, tuple[str, ...]]:
    assert old in ROWS[line]
    return {"rows": (*ROWS[:line], ROWS[line].replace(old, new), *ROWS[line + 1 :])}


BAD_CELLS = [
    # what is wrong                         the change              line  field            found
    # expected
    (
        "garbled number",
        changed(0, "18.2", "18.2#"),
        8,
        "MaxTemp",
        "18.2#",
        "a number from -20 to 55 °C",
    ),
    ("comma for a point", changed(0, "18.2", '"18,2"'), 8, "MaxTemp", "18,2", "a number"),
    ("number cut off", changed(2, "20.5", "20."), 10, "Temp3pm", "20.", "a number"),
    ("not a number, by name", changed(1, "12.6", "nan"), 9, "Rainfall", "nan", "a number"),
    (
        "trace in words",
        changed(1, "12.6", "trace"),
        9,
        "Rainfall",
        "trace",
        "a number from 0 to 1000 mm",
    ),
    (
        "colder than can be",
        changed(2, ",0,21", ",-31,21"),
        10,
        "MinTemp",
        "-31",
        "a number from -30 to 45 °C",
    ),
    ("negative rain", changed(1, "12.6", "-0.2"), 9, "Rainfall", "-0.2", "from 0 to"),
    ("humid beyond measure", changed(0, "88", "101"), 8, "Humidity9am", "101", "from 0 to 100 %"),
    ("calm rain", changed(1, "12.6", "Calm"), 9, "Rainfall", "Calm", "a number"),
    ("point unknown", changed(0, "NNW", "NNNW"), 8, "WindGustDir", "NNNW", "a compass point"),
    (
        "point in small letters",
        changed(0, "NNW", "nnw"),
        8,
        "WindGustDir",
        "nnw",
        "a compass point",
    ),
    (
        "date unknown",
        changed(1, "2024-05-2", "2024-05-32"),
        9,
        "Date",
        "2024-05-32",
        "a date of 2024-05",
    ),
    (
        "date the other way",
        changed(1, "2024-05-2", "2/05/2024"),
        9,
        "Date",
        "2/05/2024",
        "such as 2024-05-1",
    ),
    (
        "another month",
        changed(1, "2024-05-2", "2024-06-2"),
        9,
        "Date",
        "2024-06-2",
        "a date of 2024-05",
    ),
    (
        "date twice",
        changed(1, "2024-05-2", "2024-05-01"),
        9,
        "Date",
        "2024-05-01",
        "line 8 has it too",
    ),
    (
        "row cut off",
        changed(2, ",20.5,40,, ,Calm,", ""),
        10,
        None,
        ROWS[2][:37],
        "22 fields, not 16",
    ),
    (
        "field too many",
        changed(1, "12.6", "12,6"),
        9,
        None,
        ROWS[1].replace(".6", ",6", 1)[:60],
        "22 fields, not 23",
    ),
]


@pytest.mark.parametrize(
    ("parts", "line", "field", "found", "expected"),
    [case[1:] for case in BAD_CELLS],
    ids=[c[0] for c in BAD_CELLS],
)
def test_nonsense_is_refused_with_its_place(parts, line, field, found, expected):
    assert len(PREAMBLE) + 1 + 1 == 8, "the first row's line"
    with pytest.raises(BadFile) as refusal:
        read(**parts)
    error = refusal.value
    assert (error.file, error.line, error.field) == (NAME, line, field)
    assert str(error.found).startswith(found[:20])
    assert expected in error.expected
    assert f"{NAME}, line {line}" in str(error)


def test_of_several_faults_the_first_row_is_named():
    rows = (ROWS[0].replace("1016.9", "1"), ROWS[1].replace("4.0", "x"), ROWS[2])
    with pytest.raises(BadFile, match="line 8, field 'Pressure3pm': found '1'"):
        read(rows=rows)


def prose(old: str, new: str) -> bytes:
    return written(tuple(line.replace(old, new) for line in PREAMBLE))


BAD_FILES = [
    (
        "a page",
        b"<!DOCTYPE html><html><p>Rainfall, Date</p></html>",
        NAME,
        "a DWO file, with a header",
    ),
    ("nothing", b"", NAME, "a DWO file, with a header"),
    ("bytes", b"\x81\xff\x00", NAME, "text in cp1252 or UTF-8"),
    ("a very long line", b"rainfall," * 20_000, NAME, "a line of at most"),
    (
        "header cut off",
        written(header=QUOTED[:300], rows=()),
        NAME,
        "one column '9am wind direction'",
    ),
    (
        "knots",
        written(header=QUOTED.replace("speed (km/h)", "speed (knots)")),
        NAME,
        "9am wind speed",
    ),
    (
        "a column twice",
        written(header=QUOTED.replace("3pm cloud", "9am cloud")),
        NAME,
        "one column '9am cloud",
    ),
    ("no label anywhere", written((), BARE), "albury.csv", "a label such as IDCJDW2002.202405"),
    ("two labels", written(), "IDCJDW2002.202406.csv", "the label of the file's name"),
    ("month 13", written((), BARE), "IDCJDW2002.202413.csv", "a label such as"),
    ("year 0", written((), BARE), "IDCJDW2002.000005.csv", "a label such as"),
    ("Bathurst", prose("IDCJDW2002", "IDCJDW2012"), "x.csv", "the product of one of the stations"),
    ("another gauge", prose("072160", "063291"), NAME, "a gauge of Albury: 072160"),
    ("local time", prose("05:36 UTC", "15:36 EST"), NAME, "'Prepared at 05:36 UTC on"),
    ("25 o'clock", prose("05:36", "25:36"), NAME, "'Prepared at 05:36 UTC on"),
]


@pytest.mark.parametrize(
    ("content", "name", "expected"),
    [case[1:] for case in BAD_FILES],
    ids=[case[0] for case in BAD_FILES],
)
def test_a_file_that_is_not_a_stations_month_is_refused(content, name, expected):
    with pytest.raises(BadFile) as refusal:
        dwo.parse(content, name)
    assert refusal.value.file == name
    assert expected in refusal.value.expected


@given(at=st.integers(0, 1500), length=st.integers(0, 40), put=st.binary(max_size=12))
@example(at=0, length=0, put=b"\xef\xbb\xbf")
def test_a_damaged_file_is_read_or_refused_but_never_half_understood(at, length, put):
    whole = written()
    try:
        file = dwo.parse(whole[:at] + put + whole[at + length :], NAME)
    except BadFile:
        return
    validate(file.frame)
    assert set(file.frame["Location"]) <= {"Albury"}


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
