"""GHCN-Daily: rain and temperatures, each with its flags, in both of its forms."""

from collections.abc import Mapping

import numpy as np
import pytest

from raincast.errors import BadFile
from raincast.observations import network, stations
from raincast.observations.precedence import WORLD
from raincast.sources import known_forms

CANBERRA = "ASN00070351"
Value = tuple[int, str]


def line(element: str, values: Mapping[int, Value], station: str = CANBERRA) -> str:
    """A month of one element in a `.dly`: values in tenths and their three flags, by day."""
    cells = (values.get(day, (-9999, "   ")) for day in range(1, 32))
    return f"{station}202405{element}" + "".join(f"{value:5d}{flags}" for value, flags in cells)


def values(content: str, column: str) -> dict[str, float]:
    (file,) = known_forms.parse(content.encode(), "a file")
    assert (file.station.location, file.channel) == ("Canberra", WORLD)
    days = file.days.astype(str).tolist()
    return dict(zip(days, file.columns[column].tolist(), strict=True))


MONTH = "\n".join(
    [
        line("PRCP", {1: (24, "  a"), 2: (0, "T a"), 3: (990, " Xa"), 4: (0, "P a")}),
        line("TMAX", {1: (181, "  a")}),
        line("TMIN", {1: (-15, "  a")}),
        line("WSFG", {1: (99, "  a")}),
    ]
)


def test_a_stations_months_give_rain_and_temperatures():
    assert values(MONTH, "Rainfall") == {"2024-05-01": 2.4, "2024-05-02": 0.05}
    assert values(MONTH, "MaxTemp")["2024-05-01"] == 18.1
    assert values(MONTH, "MinTemp")["2024-05-01"] == -1.5


def test_what_failed_a_check_or_was_presumed_is_set_aside():
    (file,) = known_forms.parse(MONTH.encode(), "a file")
    assert [(remark.line, remark.field, remark.found) for remark in file.set_aside] == [
        (1, "PRCP", "990"),
        (1, "PRCP", "0"),
    ]
    assert len(file.read_as) == 1, "a trace"


def test_a_reading_of_several_days_covers_them():
    content = "\n".join(
        [line("MDPR", {3: (140, "  a"), 9: (20, "  a")}), line("DAPR", {3: (3, "  a")})]
    )
    (file,) = known_forms.parse(content.encode(), "a file")
    covers = dict(zip(file.days.astype(str).tolist(), file.covers, strict=True))
    assert covers == {
        "2024-05-01": 1,
        "2024-05-02": 1,
        "2024-05-03": 3,
        "2024-05-08": 1,
        "2024-05-09": 2,
    }, "of unsaid length it is of two days at the least"
    assert np.isfinite(file.columns["Rainfall"]).sum() == 2


@pytest.mark.parametrize(
    "header", ["", "ID,DATE,ELEMENT,DATA_VALUE,M_FLAG,Q_FLAG,S_FLAG,OBS_TIME\n"]
)
def test_a_year_of_many_stations_gives_those_of_the_network(header):
    content = header + "\n".join(
        [
            "USW00094728,20240501,PRCP,99,,,W,0700",
            f"{CANBERRA},20240501,PRCP,24,,,a,",
            f"{CANBERRA},20240502,PRCP,30,,,a,0900",
            f"{CANBERRA},20240503,PRCP,40,,,a,0700",
            f"{CANBERRA},20240501,TMAX,181,,,a,",
        ]
    )
    assert values(content, "Rainfall") == {"2024-05-01": 2.4, "2024-05-02": 3.0}
    (file,) = known_forms.parse(content.encode(), "a file")
    assert "a reading at 0900" in file.set_aside[0].expected


def test_stations_of_nobody_are_refused():
    with pytest.raises(BadFile, match="ASN00 and its rain gauge"):
        known_forms.parse(line("PRCP", {1: (24, "  a")}, "USW00094728").encode(), "a file")


@pytest.mark.parametrize("seed", range(3))
def test_damaged_files_end_in_a_refusal_or_touch_few_days(seed):
    content = line("PRCP", {day: (day * 10, "  a") for day in range(1, 32)}).encode()
    rng = np.random.default_rng(seed)
    for _ in range(100):
        at, length = int(rng.integers(21, len(content))), int(rng.integers(1, 9))
        junk = rng.bytes(length)
        try:
            files = known_forms.parse(content[:at] + junk + content[at + length :], "a file")
        except BadFile:
            continue
        for file in files:
            rain = dict(zip(file.days.tolist(), file.columns["Rainfall"].tolist(), strict=True))
            wrong = [day for day, mm in rain.items() if mm == mm and mm != day.day]
            assert len(wrong) <= 3 or b"\n" in junk or b"\r" in junk


def aside(content: str) -> list[tuple[int, str | None, str]]:
    (file,) = known_forms.parse(content.encode(), "a file")
    return [(remark.line, remark.field, remark.expected) for remark in file.set_aside]


def test_what_was_put_together_from_synoptic_reports_is_no_reading():
    content = line("PRCP", {1: (24, "  a"), 2: (30, "  S")})
    assert values(content, "Rainfall") == {"2024-05-01": 2.4}
    assert "source S" in aside(content)[0][2]


def test_a_temperature_that_lags_is_set_aside():
    content = line("TMAX", {1: (181, "  a"), 2: (200, "L a")})
    assert values(content, "MaxTemp") == {"2024-05-01": 18.1}


@pytest.mark.parametrize(
    "content",
    [
        line("PRCP", {1: (24, "  a")}) + "\n" + line("PRCP", {1: (90, "  a"), 2: (5, "  a")}),
        "\n".join(
            f"{CANBERRA},2024050{day},PRCP,{mm},,,a," for day, mm in ((1, 24), (1, 90), (2, 5))
        ),
    ],
)
def test_of_two_values_of_one_day_neither_is_taken(content):
    found = values(content, "Rainfall")
    assert np.isnan(found["2024-05-01"])
    assert found["2024-05-02"] == 0.5
    assert aside(content) == [(2, "PRCP", "one value of 2024-05-01")]


def test_a_line_that_is_cut_off_may_have_lost_digits_and_flags():
    content = f"{CANBERRA},20240501,PRCP,24,,,a,\n{CANBERRA},20240502,PRCP,12"
    assert values(content, "Rainfall") == {"2024-05-01": 2.4}


def test_an_hour_without_its_zero_and_a_missing_value_are_what_they_are():
    content = f"{CANBERRA},20240501,PRCP,24,,,a,900\n{CANBERRA},20240502,PRCP,-9999,,,a,"
    assert values(content, "Rainfall") == {"2024-05-01": 2.4}
    assert aside(content) == []


def test_another_form_of_ghcn_is_named():
    header = b'"STATION","DATE","LATITUDE","LONGITUDE","ELEVATION","NAME","PRCP"'
    with pytest.raises(BadFile, match=r"another of its forms', expected a station's .dly"):
        known_forms.parse(header, "a file")


def test_a_month_that_is_cut_off_has_lost_the_flags_of_its_last_value():
    whole = line("PRCP", dict.fromkeys(range(1, 32), (24, "  a")))
    found = values(whole[:-3], "Rainfall")
    assert sorted(found) == [f"2024-05-{day:02}" for day in range(1, 31)]


WELLINGTON = {
    "position": [-41.29, 174.77],
    "time_zone": "Pacific/Auckland",
    "ghcn": "NZM00093439",
}


def test_a_station_of_another_country_is_known_by_the_number_that_its_entry_states():
    station = stations.of_entry("Wellington", WELLINGTON, "a table")
    content = line("PRCP", {1: (24, "  a")}, station=station.ghcn).encode()
    with pytest.raises(BadFile, match=r"or `ghcn` in stations\.toml"):
        known_forms.parse(content, "a file")
    everybody = sorted((*network.shipped().stations, station), key=lambda s: s.location)
    whole = network.Network(tuple(everybody))
    with network.within(whole):
        (file,) = known_forms.parse(content, "a file")
    assert file.station.location == "Wellington"
    assert stations.of_table(stations.entry_text(station), "a table") == (station,)


@pytest.mark.parametrize("number", ["NZM93439", "nzm00093439", 93439])
def test_a_number_that_cannot_be_ghcns_is_refused(number):
    with pytest.raises(BadFile, match="a number of GHCN-Daily"):
        stations.of_entry("Wellington", WELLINGTON | {"ghcn": number}, "a table")


def test_two_stations_of_one_number_cannot_be_together():
    one = stations.of_entry("Wellington", WELLINGTON, "a table")
    other = one._replace(location="Kelburn", bureau_name="Kelburn", latitude=-41.5)
    (told,) = network.faults((one, other))
    assert told == (
        "Kelburn: found the number NZM00093439 of GHCN-Daily, which is Wellington's, expected its"
        " own"
    )
