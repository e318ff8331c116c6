"""The half-hourly feed: the readings of 9 am and 3 pm, and nothing that it does not hold."""

from datetime import UTC, datetime

import numpy as np
import pandas as pd
import pytest

from raincast.errors import BadFile
from raincast.observations.frame import validate
from raincast.sources import known_forms
from raincast.sources.feed import issued_at
from tests.feeds import as_axf, as_json, as_xml, element, look

DAY = ("2024-04-30T09:00:00+10:00", "2024-05-01T09:00:00+10:00")
NIGHT = ("2024-04-30T18:00:00+10:00", "2024-05-01T09:00:00+10:00")


def rows(content: bytes) -> pd.DataFrame:
    """The values that a file gives, by day, without what is missing everywhere."""
    files = known_forms.parse(content, "a file")
    frame = pd.concat([validate(file.frame) for file in files])
    return frame.set_index("Date").dropna(axis=1, how="all")


def test_the_looks_at_nine_and_three_are_the_readings_of_the_day():
    looks = [
        look("2024-05-01 15:30", air_temp=30),
        look("2024-05-01 15:00", air_temp=18.1, wind_dir="CALM", wind_spd_kmh=0),
        look("2024-05-01 09:30", air_temp=31, rain_trace="0.0"),
        look("2024-05-01 09:00"),
        look("2024-05-01 08:30", air_temp=32),
    ]
    (file,) = known_forms.parse(as_json(looks), "a file")
    assert (file.station.location, file.label) == ("Canberra", "IDN60903 94926")
    assert file.prepared_at == datetime(2024, 5, 1, 5, 32, tzinfo=UTC)
    found = rows(as_json(looks)).loc["2024-05-01"].to_dict()
    assert found == {
        "Location": "Canberra",
        "Rainfall": 2.4,
        "Temp9am": 11.5,
        "Humidity9am": 71.0,
        "Pressure9am": 1021.3,
        "Cloud9am": 6.0,
        "WindDir9am": "SSE",
        "WindSpeed9am": 13.0,
        "WindSpeed3pm": 0.0,
        "Temp3pm": 18.1,
        "Humidity3pm": 71.0,
        "Pressure3pm": 1021.3,
        "Cloud3pm": 6.0,
    }


def test_a_late_look_is_that_of_the_hour_but_its_rain_is_not_of_the_day():
    found = rows(as_json([look("2024-05-01 09:04")])).loc["2024-05-01"]
    assert found["Temp9am"] == 11.5
    assert "Rainfall" not in found.index, "the counter began again at 9 am"
    with pytest.raises(BadFile, match="expected one at 9 am or 3 pm"):
        rows(as_json([look("2024-05-01 09:06"), look("2024-05-01 08:59")]))


@pytest.mark.parametrize("nothing", ["-", None, -9999.0, ""])
def test_missing_is_missing(nothing):
    found = rows(as_json([look("2024-05-01 09:00", air_temp=nothing, rain_trace=nothing)]))
    assert {"Temp9am", "Rainfall"}.isdisjoint(found)
    assert found["Humidity9am"].tolist() == [71.0]


def test_a_value_that_is_none_is_set_aside_alone_with_its_line():
    content = as_json([look("2024-05-01 09:00", rel_hum=137, wind_dir="UP")])
    (file,) = known_forms.parse(content, "a file")
    line = 1 + content[: content.index(b'"aifstime_utc"')].count(b"\n")
    assert [remark[:3] for remark in file.set_aside] == [
        (line, "WindDir9am", "UP"),
        (line, "Humidity9am", "137"),
    ]
    assert rows(content)["Temp9am"].tolist() == [11.5]


def test_a_look_of_after_the_file_was_issued_is_not_taken():
    early = as_json(
        [look("2024-05-01 09:00"), look("2024-05-01 15:00")],
        issued="10:02 am EST Wednesday 1 May 2024",
    )
    assert "Temp3pm" not in rows(early)


def test_a_states_axf_gives_the_stations_of_the_network_and_names_the_rest():
    looks = [
        ("94926", "Canberra", look("2024-05-01 15:00", wind_spd_kmh="-9999.0")),
        ("99999", "Nowhere", look("2024-05-01 15:00")),
        ("94910", "Wagga", look("2024-05-01 15:00", air_temp="-9999.0")),
    ]
    files = known_forms.parse(as_axf(looks), "a file")
    assert [file.station.location for file in files] == ["Canberra", "WaggaWagga"]
    assert "found stations that are not in the network: 1 (Nowhere 99999)" in files[0].warnings[0]
    assert np.isnan(files[1].frame["Temp3pm"]).all()


def test_knots_become_whole_kilometres_an_hour():
    one = look("2024-05-01 15:00")
    one["wind_spd_kt"] = one.pop("wind_spd_kmh") and 10
    found = rows(as_axf([("94926", "Canberra", one)]))
    assert found["WindSpeed3pm"].tolist() == [19.0]


def test_rain_and_extremes_of_the_xml_are_taken_where_the_period_is_the_fields_own():
    content = as_xml(
        [
            element("air_temperature", 11.5),
            element("rainfall", "0.0", (DAY[1], "2024-05-01T09:00:00+10:00")),
            element("rainfall_24hr", 3.6, DAY),
            element("minimum_air_temperature", 4.1, NIGHT),
            element("maximum_air_temperature", 19.5, DAY),
        ]
    )
    found = rows(content)
    assert found.loc["2024-05-01", ["Temp9am", "Rainfall"]].tolist() == [11.5, 3.6]
    assert found.loc["2024-04-30", "MaxTemp"] == 19.5, "24 hours from 9 am"
    assert "MinTemp" not in found, "from 6 pm is not from 9 am"


def test_a_running_period_is_not_over():
    content = as_xml(
        [element("air_temperature", 11.5), element("rainfall_24hr", 3.6, DAY)],
        at="2024-04-30T22:50:00+00:00",
    )
    with pytest.raises(BadFile, match="expected one at 9 am or 3 pm"):
        rows(content)


def test_an_xml_with_a_document_type_is_refused():
    bomb = as_xml([]).replace(b"<product", b'<!DOCTYPE a [<!ENTITY b "c">]><product')
    with pytest.raises(BadFile):
        known_forms.parse(bomb, "a file")


@pytest.mark.parametrize(
    ("words", "at"),
    [
        (
            "Issued at 10:02 am EST Tuesday 29 September 2026",
            datetime(2026, 9, 29, 0, 2, tzinfo=UTC),
        ),
        (
            "Issued at  3:05 pm EDT Saturday 26 December 2020",
            datetime(2020, 12, 26, 4, 5, tzinfo=UTC),
        ),
        ("Issued at 10:02 am XYZ Tuesday 29 September 2026", None),
        ("Issued at 10:72 am EST Tuesday 29 September 2026", None),
    ],
)
def test_when_a_file_was_issued(words, at):
    assert issued_at(words) == at


@pytest.mark.parametrize("form", ["json", "axf", "xml"])
def test_damaged_files_end_in_a_refusal_or_in_true_values(form):
    one = look("2024-05-01 09:00")
    content = {
        "json": as_json([one]),
        "axf": as_axf([("94926", "Canberra", one)]),
        "xml": as_xml([element("air_temperature", 11.5), element("rainfall_24hr", 2.4, DAY)]),
    }[form]
    rng, refused = np.random.default_rng(12), 0
    for _ in range(300):
        at, length = int(rng.integers(len(content))), int(rng.integers(1, 30))
        junk = rng.bytes(length) if rng.random() < 0.5 else b""
        kept = content[at + length :] if rng.random() < 0.7 else b""
        try:
            files = known_forms.parse(content[:at] + junk + kept, "a file")
        except BadFile:
            refused += 1
            continue
        for file in files:
            assert file.station.location == "Canberra"
            days = set(file.frame["Date"].dt.date)
            assert len(days) == 1
    assert 0 < refused < 300


def of_richmond_in_queensland(form: str) -> bytes:
    one = look("2024-05-01 09:00", air_temp=31)
    if form == "json":
        content = as_json([one], "Richmond")
        return content.replace(b"95753", b"94341")
    if form == "axf":
        return as_axf([("94341", "Richmond", one)])
    station = 'bom-id="030045" stn-name="RICHMOND"'
    return as_xml([element("air_temperature", 31)], station=station)


@pytest.mark.parametrize("form", ["json", "axf", "xml"])
def test_a_namesake_with_a_number_of_its_own_is_another_place(form):
    with pytest.raises(BadFile, match=r"found 'Richmond (94341|030045)', expected a station"):
        known_forms.parse(of_richmond_in_queensland(form), "a file")


def test_a_number_that_was_written_as_a_decimal_is_the_same():
    content = as_json([look("2024-05-01 09:00")]).replace(b"94926", b"94926.0")
    assert rows(content)["Location"].tolist() == ["Canberra"]


def test_two_looks_of_one_instant_give_what_both_say():
    looks = [look("2024-05-01 09:00"), look("2024-05-01 09:00", air_temp=25, rain_trace="-")]
    (file,) = known_forms.parse(as_json(looks), "a file")
    assert [(remark.field, remark.found) for remark in file.set_aside] == [("Temp", "11.5 and 25")]
    found = rows(as_json(looks)).loc["2024-05-01"]
    assert found["Rainfall"] == 2.4
    assert "Temp9am" not in found.index


def test_a_value_in_another_unit_is_set_aside():
    warm = element("air_temperature", 52).replace(" type", ' units="Fahrenheit" type')
    rain = element("rainfall_24hr", 3.6, DAY).replace(" type", ' units="mm" type')
    content = as_xml([warm, rain])
    (file,) = known_forms.parse(content, "a file")
    (remark,) = file.set_aside
    assert (remark.field, remark.found) == ("air_temperature", "52 Fahrenheit")
    assert rows(content).columns.tolist() == ["Location", "Rainfall"]


def test_a_feed_without_a_time_names_what_it_lacks():
    content = as_json([look("2024-05-01 09:00")]).replace(b"aifstime_utc", b"local_time")
    with pytest.raises(BadFile, match="field 'aifstime_utc': found '', expected a time"):
        known_forms.parse(content, "a file")


def test_the_last_row_of_an_axf_without_its_end_may_be_cut_off():
    rows_of = [("94926", "Canberra", look("2024-05-01 15:00")),
               ("94910", "Wagga", look("2024-05-01 15:00"))]  # fmt: skip
    files = known_forms.parse(as_axf(rows_of)[: -len("1\n[$]")], "a file")
    assert [file.station.location for file in files] == ["Canberra"]
    assert "cut off?" in files[0].set_aside[0].expected
