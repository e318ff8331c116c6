"""Daily rain alone: Climate Data Online with its flags, and the tables of the FTP server."""

from datetime import UTC, date, datetime

import numpy as np
import pytest

from raincast.errors import BadFile
from raincast.observations.precedence import CHECKED, CLIMATE, TABLE
from raincast.sources import known_forms

HEADER = (
    "Product code,Bureau of Meteorology station number,Year,Month,Day,Rainfall amount"
    " (millimetres),Period over which rainfall was measured (days),Quality"
)
COLUMNS = "Station Name,Date,0000-2400,0900-0900,0900-0900,Temperature,Solar"


def climate(*rows: str, gauge: str = "070351") -> bytes:
    """Rows such as `2024,05,01,6.0,1,Y`."""
    return "\n".join([HEADER, *(f"IDCJAC0009,{gauge},{row}" for row in rows)]).encode()


def table(*rows: str, columns: str = COLUMNS) -> bytes:
    """Rows such as `CANBERRA AIRPORT,01/05/2024,1.9,6.0, ,17.7,12.6`."""
    head = (
        "'IDCKWCDE11,,,,,,",
        "Daily Evapotranspiration for CANBERRA AIRPORT for May 2024,,,,,,",
        "Issued at 22:31 GMT on Saturday 01 June 2024,,,,,,",
        "",
        ",,Evapo-,,Pan,,",
        ",,Transpiration,Rain,Evaporation,Maximum,",
        columns,
        ",,(mm),(mm),(mm),(C),(MJ/sq m)",
    )
    return "\n".join([*head, *rows, "Totals:,,67.7,97, ,,"]).encode()


def told(content: bytes) -> dict[str, list[tuple[str, float, int]]]:
    """By channel: day, rain, and the days that it covers."""
    return {
        file.channel: [
            (str(day), rain, days)
            for day, rain, days in zip(
                file.days, file.columns["Rainfall"].tolist(), file.covers, strict=True
            )
        ]
        for file in known_forms.parse(content, "a file")
    }


def test_readings_that_are_checked_stand_apart_from_the_others():
    found = told(climate("2024,05,01,6.0,1,Y", "2024,05,02,0.2,1,N", "2024,05,03,0.0,,Y"))
    assert found == {
        CHECKED: [("2024-05-01", 6.0, 1), ("2024-05-03", 0.0, 1)],
        CLIMATE: [("2024-05-02", 0.2, 1)],
    }


def test_a_reading_of_several_days_leaves_the_days_before_without_one():
    (file,) = known_forms.parse(climate("2024,05,03,14.0,3,N"), "a file")
    assert dict(zip(file.days.astype(str).tolist(), file.covers, strict=True)) == {
        "2024-05-01": 1,
        "2024-05-02": 1,
        "2024-05-03": 3,
    }
    assert np.isnan(file.columns["Rainfall"]).sum() == 2


@pytest.mark.parametrize(
    ("row", "field", "found"),
    [
        ("2024,05,01,6.0,1,S", "Quality", "S"),
        ("2024,05,01,6.0,,N", "Period", ""),
        ("2024,05,01,6.0,99,N", "Period", "99"),
        ("2024,05,32,6.0,1,N", "Day", "2024-05-32"),
        ("2024,05,01,-6.0,1,N", "Rainfall", "-6.0"),
        ("2024,05,01,6.0", None, "IDCJAC0009,070351,2024,05,01,6.0"),
    ],
)
def test_what_is_no_reading_is_set_aside_alone(row, field, found):
    (file,) = known_forms.parse(climate("2024,05,09,1.0,1,N", row), "a file")
    (remark,) = file.set_aside
    assert (remark.line, remark.field, remark.found) == (3, field, found)
    assert 1.0 in file.columns["Rainfall"]


def test_a_gauge_that_reads_another_stations_rain_or_nobodys_is_refused():
    (file,) = known_forms.parse(climate("2024,05,01,6.0,1,Y", gauge="066037"), "a file")
    assert file.station.location == "SydneyAirport", "it stands for pressure in Sydney's files"
    for gauge in ("066022", "099999"):
        with pytest.raises(BadFile, match="the rain gauge of a station"):
            known_forms.parse(climate("2024,05,01,6.0,1,Y", gauge=gauge), "a file")


def test_days_of_long_ago_are_left_out_and_said():
    (file,) = known_forms.parse(climate("1858,01,01,0.0,,Y", "2024,05,01,6.0,1,Y"), "a file")
    assert "found 1 days before 1990-01-01" in file.warnings[0]
    assert len(file.days) == 1


def test_the_table_gives_the_rain_to_nine_of_its_day_and_nothing_else():
    rows = ("CANBERRA AIRPORT,01/05/2024,1.9,6.0, ,17.7,12.6",
            "CANBERRA AIRPORT,02/05/2024,1.8, , ,17.5,14.2")  # fmt: skip
    (file,) = known_forms.parse(table(*rows), "a file")
    assert (file.station.location, file.label, file.channel) == ("Canberra", "IDCKWCDE11", TABLE)
    assert file.prepared_at == datetime(2024, 6, 1, 22, 31, tzinfo=UTC)
    assert file.month == date(2024, 5, 1)
    assert told(table(*rows))[TABLE][0] == ("2024-05-01", 6.0, 1)
    assert np.isnan(file.columns["Rainfall"][1]), "blank is missing, not dry"
    assert file.frame.drop(columns=["Location", "Date", "Rainfall"]).isna().all(axis=None)


def test_a_table_whose_columns_are_others_or_of_no_station_is_refused():
    row = "CANBERRA AIRPORT,01/05/2024,1.9,6.0, ,17.7,12.6"
    with pytest.raises(BadFile, match="one column Rain 0900-0900"):
        known_forms.parse(table(row, columns=COLUMNS.replace("0900", "0000", 1)), "a file")
    with pytest.raises(BadFile, match="`site` in stations"):
        known_forms.parse(table(row.replace("CANBERRA", "NOWHERE")), "a file")


def test_two_readings_of_one_day_are_both_set_aside():
    rows = [
        f"CANBERRA AIRPORT,0{day}/05/2024,1.9,{mm}, ,17.7,12.6"
        for day, mm in ((1, 6), (1, 7), (2, 8))
    ]
    (file,) = known_forms.parse(table(*rows), "a file")
    assert [remark.field for remark in file.set_aside] == ["Date", "Date"]
    assert file.columns["Rainfall"].tolist() == [8.0]


@pytest.mark.parametrize("form", ["climate", "table"])
def test_damaged_files_end_in_a_refusal_or_touch_few_days(form):
    days = range(1, 31)
    content = {
        "climate": climate(*(f"2024,05,{day:02},{day}.0,1,Y" for day in days)),
        "table": table(*(f"CANBERRA AIRPORT,{day:02}/05/2024,1,{day}.0, ,17,12" for day in days)),
    }[form]
    rng, refused = np.random.default_rng(14), 0
    for _ in range(300):
        at, length = int(rng.integers(len(content))), int(rng.integers(1, 30))
        junk = rng.bytes(length) if rng.random() < 0.5 else b""
        try:
            files = known_forms.parse(content[:at] + junk + content[at + length :], "a file")
        except BadFile:
            refused += 1
            continue
        for file in files:
            assert file.station.location == "Canberra"
            rain = dict(zip(file.days.tolist(), file.columns["Rainfall"].tolist(), strict=True))
            wrong = [day for day, mm in rain.items() if mm == mm and mm != day.day]
            assert len(wrong) <= 3, (at, length, wrong)
    assert 0 < refused < 300


ROW = "CANBERRA AIRPORT,01/05/2024,1.9,6.0, ,17.7,12.6"


def test_a_table_whose_day_and_month_were_exchanged_is_not_read_as_other_days():
    (file,) = known_forms.parse(table(ROW, ROW.replace("01/05", "05/02")), "a file")
    assert [str(day) for day in file.days] == ["2024-05-01"]
    (remark,) = file.set_aside
    assert (remark.field, remark.found) == ("Date", "05/02/2024")


@pytest.mark.parametrize(("state", "taken"), [("New South Wales", True), ("Tasmania", False)])
def test_a_site_of_the_same_name_in_another_state_is_another(state, taken):
    told = table(ROW).replace(b"CANBERRA AIRPORT for", f"RICHMOND {state} for".encode())
    told = told.replace(b"CANBERRA AIRPORT,", b"RICHMOND,")
    if taken:
        assert known_forms.parse(told, "a file")[0].station.location == "Richmond"
    else:
        with pytest.raises(BadFile, match="the site of a station in TAS"):
            known_forms.parse(told, "a file")


@pytest.mark.parametrize(
    "content",
    [
        table(ROW).replace(b"(mm),(mm)", b"(in),(in)"),
        climate("2024,05,01,6.0,1,Y").replace(b"millimetres", b"inches"),
    ],
)
def test_rain_in_another_unit_is_refused(content):
    with pytest.raises(BadFile, match=r"millimetres|rain in \(mm\)"):
        known_forms.parse(content, "a file")
