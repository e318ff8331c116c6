"""Files as people have them go in, or are refused by name. The files themselves are not here: the
like of each is in `tests/unit/test_dwo.py` and `tests/unit/test_history_file.py`.
"""

from datetime import UTC, date, datetime

import numpy as np
import pytest

from raincast.loop.ingest import ingest_paths
from raincast.settings import Settings
from raincast.sources import history
from raincast.store.archive import Archive

NOW = datetime(2026, 11, 26, tzinfo=UTC)


@pytest.fixture
def taken(tmp_path, cases):
    """What a case's folder or file gives: the report, and the archive."""

    def ingest(*names):
        settings = Settings(root=tmp_path / "root")
        report = ingest_paths(settings, [cases / name for name in names], NOW)
        return report, Archive(settings.archive)

    return ingest


@pytest.mark.parametrize(
    ("case", "location", "days", "first"),
    [
        ("01-perth-published-file", "Perth", 10, date(2026, 9, 20)),
        ("02-richmond-published-file", "Richmond", 2, date(2026, 9, 1)),
        ("03-prepared-in-local-time", "Sydney", 5, date(2019, 9, 16)),
        ("04-former-product-adelaide-gmt", "Adelaide", 1, date(2017, 7, 1)),
        ("05-former-product-melbourne-3050", "Melbourne", 1, date(2023, 6, 1)),
        ("10-dash-for-missing", "Sydney", 4, date(2026, 9, 1)),
        ("41-cr-line-ends", "Canberra", 10, date(2026, 9, 20)),
    ],
)
def test_a_file_is_taken_whole(taken, case, location, days, first):
    report, archive = taken(case)
    assert (report.files, report.station_days, report.errors) == (1, days, ())
    assert (report.set_aside, report.warnings) == ((), ())
    known = archive.as_known_at()
    assert set(known["Location"]) == {location}
    assert known["Date"].min().date() == first


def test_a_local_time_of_writing_and_an_accumulated_reading(taken):
    _, archive = taken("03-prepared-in-local-time")
    version = archive.versions("Sydney", date(2019, 9, 19)).iloc[0]
    assert version["known_at"] == datetime(2020, 10, 15, 22, 20, tzinfo=UTC)
    rain = archive.rainfall().set_index("Date")
    assert rain.loc["2019-09-19", "Rainfall"] == 27.8
    assert rain.loc["2019-09-19", "accumulated"], "so it is no truth of feature date 2019-09-18"


def test_one_bad_cell_costs_one_cell(taken):
    report, archive = taken("09-one-bad-cell")
    assert (report.files, report.station_days, report.errors) == (1, 4, ())
    (aside,) = report.set_aside
    assert "line 9, field 'Humidity9am': found '137', expected a number from 0 to 100" in aside
    row = archive.as_known_at().set_index("Date").loc["2026-09-03"]
    assert row["Humidity9am"] != row["Humidity9am"]
    assert (row["Temp9am"], row["Pressure3pm"]) == (24.4, 1011.3)
    (record,) = archive.files()
    assert record["state"] == "taken"
    assert "'137'" in record["remarks"][0]


@pytest.mark.parametrize(
    ("case", "said"),
    [
        ("16-acorn-sat/acorn.sat.minT.023000.daily.txt", "ACORN-SAT"),
        ("16-acorn-sat/tmin.023000.daily.csv", "ACORN-SAT"),
        ("17-silo-patched-point", "an interpolated value is never truth"),
        ("19-html-instead", "a web page"),
    ],
)
def test_a_form_that_is_not_read_is_named_with_what_is(taken, case, said):
    report, archive = taken(case)
    (error,) = report.errors
    assert said in error
    assert "Daily Weather Observations" in error
    assert report.files == 0
    (record,) = archive.files()
    assert (record["state"], record["reason"]) == ("refused", error)


def only_row(archive: Archive) -> dict:
    """What is known of the one station-day of an archive."""
    (row,) = archive.as_known_at().to_dict("records")
    return {name: value for name, value in row.items() if value == value and value is not None}


def test_the_feed_as_json_gives_what_it_says_of_nine(taken):
    report, archive = taken("12-json-feed/IDN60901.94767.json")
    assert (report.files, report.errors, report.set_aside) == (1, (), ())
    assert only_row(archive) == {
        "Location": "SydneyAirport",
        "Date": datetime(2026, 9, 29),
        "Temp9am": 17.0,
        "Humidity9am": 61.0,
        "Pressure9am": 1033.0,
        "WindSpeed9am": 0.0,
    }
    said = archive.versions("SydneyAirport", date(2026, 9, 29)).iloc[0]
    assert said["known_at"] == datetime(2026, 9, 29, 0, 2, tzinfo=UTC)


def test_the_feed_as_axf_gives_what_it_says_of_three(taken):
    report, archive = taken("13-axf-feed/IDV60700.axf")
    assert (report.files, report.errors) == (1, ())
    assert "Portland Harbour" in report.warnings[0]
    assert only_row(archive) == {
        "Location": "Portland",
        "Date": datetime(2020, 12, 26),
        "Temp3pm": 18.0,
        "Pressure3pm": 1018.1,
        "WindDir3pm": "ESE",
        "WindSpeed3pm": 19.0,
    }


def test_the_feed_as_xml_without_a_look_at_nine_or_three_gives_nothing(taken):
    report, archive = taken("20-xml-feed/IDN60920.xml")
    (error,) = report.errors
    assert "half-hourly feed" in error
    assert "at Sydney" in error
    assert archive.as_known_at().empty, "0.4 mm since 9 am is no rain to 9 am"


def test_climate_data_online_is_sydneys_rain_and_two_days_are_no_truth(taken):
    report, archive = taken("14-climate-data-online")
    assert (report.files, report.station_days, report.errors) == (1, 4, ())
    rain = archive.rainfall()
    assert set(rain["Location"]) == {"Sydney"}
    assert rain["Rainfall"].fillna(-1).tolist() == [6.0, -1, 14.0, 0.0]
    assert rain["accumulated"].tolist() == [False, False, True, False]


def test_the_table_of_the_ftp_server_is_perths_rain(taken):
    report, archive = taken("18-ftp-daily-rain")
    assert (report.files, report.errors, report.warnings) == (1, (), ())
    rain = archive.rainfall()
    assert set(rain["Location"]) == {"Perth"}
    assert rain["Rainfall"].fillna(-1).tolist() == [6.0, -1, 0.0]
    said = archive.versions("Perth", date(2026, 8, 1)).iloc[0]
    assert said["known_at"] == datetime(2026, 9, 1, 22, 31, tzinfo=UTC)


def test_gzip_under_the_name_of_text_is_read_beside_a_good_file(taken):
    report, archive = taken("43-binary-named-csv")
    assert (report.files, report.errors) == (2, ())
    assert set(archive.as_known_at()["Location"]) == {"Canberra", "Sydney"}


def test_a_label_before_a_gap_of_a_month_is_none(cases):
    name = cases / "40-label-before-a-gap/weatherAUS.csv"
    told = history.read(name.read_bytes(), str(name))
    before = told.frame["Date"] == "2011-03-31"
    assert before.any()
    assert np.isnan(told.labels[before]).all()
    assert (~np.isnan(told.labels)).any()


def test_all_cases_at_once_cost_each_other_nothing(taken, cases):
    report, archive = taken(*(path.name for path in sorted(cases.iterdir()) if path.is_dir()))
    known = archive.as_known_at()
    assert {"Perth", "Richmond", "Adelaide", "Melbourne", "Canberra"} <= set(known["Location"])
    perth = known[known["Location"] == "Perth"]["Date"].dt.strftime("%Y-%m").value_counts()
    assert (perth["2026-09"], perth["2026-08"]) == (10, 3)
    assert len(report.errors) >= 4
