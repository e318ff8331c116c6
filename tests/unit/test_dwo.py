"""A DWO file is read in every shape that it comes in, and refused, with its place named, when it
says nonsense.
"""

import gzip
from datetime import UTC, date, datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from raincast.errors import BadFile
from raincast.observations import event
from raincast.observations.frame import conform, validate
from raincast.observations.schema import COMPASS, DIRECTIONS, FIELDS, OBSERVATIONS
from raincast.sources import dwo
from raincast.sources.cells import TRACE_MM
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
        changed(0, "18.2", "18.2%"),
        8,
        "MaxTemp",
        "18.2%",
        "a number from -20 to 55 °C",
    ),
    ("comma for a point", changed(0, "18.2", '"18,2"'), 8, "MaxTemp", "18,2", "a number"),
    ("number cut off", changed(2, "20.5", "20."), 10, "Temp3pm", "20.", "a number"),
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
def test_nonsense_is_set_aside_with_its_place_and_costs_nothing_else(
    parts, line, field, found, expected
):
    assert len(PREAMBLE) + 1 + 1 == 8, "the first row's line"
    file = dwo.parse(written(**parts), NAME)
    said = next(remark for remark in file.set_aside if remark.line == line)
    assert said.field == field
    assert said.found.startswith(found[:20])
    assert expected in said.expected
    assert f"line {line}" in str(said)
    whole = dwo.parse(written(), NAME)
    for i, other in enumerate(whole.lines):
        if other in {remark.line for remark in file.set_aside if remark.field in (None, "Date")}:
            assert other not in file.lines
            continue
        row = file.frame.iloc[file.lines.index(other)]
        same = row.isna() & whole.frame.iloc[i].isna() | (row == whole.frame.iloc[i])
        assert set(same.index[~same]) <= ({field} if other == line else set())


READ_CELLS = [
    ("trace", changed(1, "12.6", "Trace"), "Rainfall", 1, 0.05, True),
    ("trace, the Bureau's way", changed(1, "12.6", "Tce"), "Rainfall", 1, 0.05, True),
    ("a quality mark", changed(1, "12.6", " 0.2*"), "Rainfall", 1, 0.2, True),
    ("a mark apart", changed(0, "18.2", "18.2 #"), "MaxTemp", 0, 18.2, True),
    ("a dash", changed(1, "12.6", "-"), "Rainfall", 1, np.nan, False),
    ("saved again by pandas", changed(1, "12.6", "nan"), "Rainfall", 1, np.nan, False),
    ("saved again by R", changed(1, "12.6", "NA"), "Rainfall", 1, np.nan, False),
    ("a feed's missing", changed(1, "12.6", "-9999.0"), "Rainfall", 1, np.nan, False),
    ("calm in small letters", changed(1, "Calm", "calm"), "WindSpeed9am", 1, 0.0, False),
]


@pytest.mark.parametrize(
    ("parts", "field", "row", "value", "told"),
    [case[1:] for case in READ_CELLS],
    ids=[case[0] for case in READ_CELLS],
)
def test_a_value_in_other_words_is_read_and_said(parts, field, row, value, told):
    file = dwo.parse(written(**parts), NAME)
    assert file.set_aside == ()
    assert file.frame[field][row] == pytest.approx(value, nan_ok=True)
    assert [remark.field for remark in file.read_as] == ([field] if told else [])
    if told:
        assert file.read_as[0].expected == f"read as {value:g}"


def test_a_trace_is_rain_and_no_event():
    assert 0 < TRACE_MM <= event.DEFAULT.threshold_mm
    assert not event.DEFAULT.occurred(TRACE_MM)


def test_a_row_with_many_faults_is_set_aside_whole():
    cells = ROWS[0].split(",")
    shifted = ",".join([cells[0], cells[1], "", *cells[2:-1]])
    file = dwo.parse(written(rows=(shifted, *ROWS[1:])), NAME)
    assert file.lines == (9, 10)
    (said,) = file.set_aside
    assert (said.line, said.field) == (8, None)
    assert "damaged or shifted" in said.expected


def test_a_file_of_which_no_row_can_be_read_is_refused():
    with pytest.raises(BadFile, match=r"line 8: found .*22 fields, not 2"):
        read(rows=("2024-05-1,x",))


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


def prose(old: str, new: str) -> bytes:
    return written(tuple(line.replace(old, new) for line in PREAMBLE))


BAD_FILES = [
    (
        "a page",
        b"<!DOCTYPE html><html><p>Rainfall, Date</p></html>",
        NAME,
        "a file of Daily Weather Observations",
    ),
    ("nothing", b"", NAME, "fetch it again"),
    ("bytes", b"\x81\xff\x00", NAME, "a file of Daily Weather Observations"),
    ("a very long line", b"rainfall," * 20_000, NAME, "a DWO file, with a header"),
    ("too large", b"x" * 1_000_001, NAME, "a file of at most 1 MB"),
    ("a gzip that is too large", gzip.compress(b"x" * 1_000_001), NAME, "a file of at most 1 MB"),
    ("a gzip that is cut off", gzip.compress(written())[:-20], NAME, "a whole one"),
    ("a gzip that is damaged", gzip.compress(written())[:40] + b"xxxxxxxx", NAME, "a whole one"),
    ("a zip", b"PK\x03\x04...", NAME, "unpack it"),
    ("semicolons", written(header=BARE.replace(",", ";"), rows=()), NAME, "CSV with commas"),
    ("JSON", b'{"observation": {}}', NAME, "a file of Daily Weather Observations"),
    ("XML", b'<?xml version="1.0"?><a/>', NAME, "a file of Daily Weather Observations"),
    ("Climate Data Online", b"Product code,Bureau...\nIDCJAC0010,1", NAME, "its daily rainfall"),
    ("ACORN-SAT", b"MIN TEMP 1 2 3 missing_value=99999.9 X\n", NAME, "adjusted values are no"),
    ("SILO", b"station,YYYY-MM-DD,daily_rain,daily_rain_source\n", NAME, "never truth"),
    (
        "header cut off",
        written(header=QUOTED[:200], rows=()),
        NAME,
        "one column '9am temperature c' and the rest",
    ),
    ("no label anywhere", written((), BARE), "albury.csv", "a label such as IDCJDW2002.202405"),
    ("two labels", written(), "IDCJDW2002.202406.csv", "the label of the file's name"),
    ("month 13", written((), BARE), "IDCJDW2002.202413.csv", "a label such as"),
    ("year 0", written((), BARE), "IDCJDW2002.000005.csv", "a label such as"),
    ("Bathurst", prose("IDCJDW2002", "IDCJDW2012"), "x.csv", "the product of one of the stations"),
    ("another's gauge", prose("072160", "066037"), NAME, "a gauge of Albury: 072160"),
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


def test_a_title_of_another_station_is_refused_where_no_gauge_says_whose_file_it_is():
    title = '"Daily Weather Observations for Melbourne, Victoria for May 2024"'
    preamble = (title, '"Prepared at 05:36 UTC on Wednesday 15 May 2024   IDCJDW2002.202405"', "")
    with pytest.raises(BadFile, match="for Melbourne', expected Albury, whose label"):
        dwo.parse(written(preamble), "a file")


def test_a_file_that_was_put_behind_another_is_not_read_as_the_first():
    second = written().replace(b"2002", b"2124").replace(b"072160", b"066214")
    second = second.replace(b"2024-05-1,", b"2024-05-20,")
    file = dwo.parse(written() + b"\r\n" + second, "a file")
    assert [str(day) for day in file.days] == ["2024-05-01", "2024-05-02", "2024-05-11"]
    (remark,) = file.set_aside
    assert "what follows is another one" in remark.expected


def test_a_gzip_of_several_members_is_read_to_its_end():
    content = written()
    members = gzip.compress(content[:700]) + gzip.compress(content[700:]) + bytes(64)
    assert dwo.parse(members, "a file").frame.equals(dwo.parse(content, "a file").frame)


@pytest.mark.parametrize("behind", [b"junk", gzip.compress(b"x")[:-9]], ids=["junk", "half a gzip"])
def test_what_stands_behind_a_gzip_is_not_passed_over(behind):
    with pytest.raises(BadFile, match="expected a whole one; fetch it again"):
        dwo.parse(gzip.compress(written()) + behind, "a file")
