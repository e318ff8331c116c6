"""A row of the journal is written in today's columns, and nothing in it can break its line or start
a formula.
"""

import csv
import io
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raincast.forecasts.reader import parse
from raincast.forecasts.row import COLUMNS, FIXED, Forecast, lines, plain
from tests.journals import FORECAST, forecasts


def test_the_contracts_eight_columns_come_first_in_its_order():
    assert (
        ",".join(COLUMNS[:8])
        == "logged_at_utc,feature_date,target_date,location,use_latest,station_name,"
        "rain_probability,predicted_rain"
    )
    assert COLUMNS[:8] == FIXED


def test_a_row_as_it_stands_in_the_file():
    assert (
        lines([FORECAST]).decode()
        == "2026-11-23T06:00:00.000125+00:00,2026-11-23,2026-11-24,AliceSprings,False,"
        "Alice Springs,0.25,0,2026-11-23T06:00:00.000000+00:00,3pm,0.31,"
        "20261101T000000Z-0123abcd,Sunshine Cloud9am,0.2:0.4 1:0.25 5:0.1 10:0.05 25:1e-05,"
        "0123456789abcdef0123456789abcdef,today\n"
    )


def test_times_are_written_in_utc_wherever_the_clock_stands():
    brisbane = timezone(timedelta(hours=10))
    row = lines([FORECAST._replace(logged_at_utc=datetime(2026, 11, 23, 16, tzinfo=brisbane))])
    assert row.startswith(b"2026-11-23T06:00:00.000000+00:00,")


def test_columns_that_a_journal_has_beyond_ours_are_left_empty():
    assert lines([FORECAST], (*COLUMNS, "note", "who")).endswith(b"abcdef,today,,\n")


@pytest.mark.parametrize(
    ("asked", "written"),
    [
        ("Alice Springs", "Alice Springs"),
        (
            "Adelaide (West Terrace / Ngayirdapira), South Australia",
            "Adelaide (West Terrace / Ngayirdapira) South Australia",
        ),
        ("=cmd|' /C calc'!A0", "cmd|' /C calc'!A0"),
        ("+-@=Perth", "Perth"),
        ('Per"th\r\n2026,forged', "Per th 2026 forged"),
        ("\tPerth\x00", "Perth"),
        ("Perth\u2028Airport", "Perth Airport"),
    ],
)
def test_what_a_caller_typed_cannot_break_the_line_or_start_a_formula(asked: str, written: str):
    assert plain(asked) == written


@given(st.lists(forecasts(), max_size=5))
def test_what_is_written_is_read_back(rows: list[Forecast]):
    reading = parse((",".join(COLUMNS) + "\n").encode() + lines(rows))
    assert reading.unreadable.empty
    wanted = [
        f._replace(
            station_name=plain(f.station_name).replace("\ud800", "?"),
            missing=" ".join(f.missing),
            exceedance=" ".join(f"{mm}:{p!r}" for mm, p in (f.exceedance or {}).items()),
        )
        for f in rows
    ]
    dates = {
        name: [stamp.date() for stamp in reading.rows[name]]
        for name in ("feature_date", "target_date")
    }
    found = reading.rows.assign(
        **{
            name: [s.to_pydatetime() for s in reading.rows[name]]
            for name in ("logged_at_utc", "issued_at_utc")
        }
    )
    found = found.astype(object).assign(
        **{name: [str(v) for v in found[name]] for name in ("station_name", "missing")},
        **dates,
        exceedance=found["exceedance"].where(found["exceedance"].notna(), ""),
    )
    assert found[list(Forecast._fields)].to_dict("records") == [f._asdict() for f in wanted]


@given(st.lists(forecasts(), min_size=1, max_size=5))
def test_every_row_is_one_line_with_no_quotes(rows: list[Forecast]):
    text = lines(rows).decode()
    assert '"' not in text
    assert text.count("\n") == len(text.splitlines()) == len(rows)
    assert all(len(cells) == len(COLUMNS) for cells in csv.reader(io.StringIO(text)))
