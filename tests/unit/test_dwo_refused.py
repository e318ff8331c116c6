"""A DWO file that is damaged, or of which it is unsure whose it is, is refused or read whole."""

import gzip

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from raincast.errors import BadFile
from raincast.observations.frame import validate
from raincast.sources import dwo
from tests.dwo_files import BARE, QUOTED, written
from tests.dwo_read import NAME, prose

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
