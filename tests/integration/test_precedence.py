"""Where several sources speak of one reading, a stated order decides; all of them are kept."""

from datetime import UTC, date, datetime

import numpy as np
import pytest

from raincast.loop.ingest import ingest_paths
from raincast.settings import Settings
from raincast.store.archive import Archive
from tests.dwo_files import published
from tests.feeds import as_axf, as_json, look
from tests.unit.test_rain_files import climate, table

NOW = datetime(2024, 7, 1, tzinfo=UTC)
DAY = "2024-05-01"


@pytest.fixture
def taken(tmp_path):
    """Puts files in, in that order; gives the archive."""

    def ingest(*contents: tuple[str, bytes], now: datetime = NOW) -> Archive:
        settings = Settings(root=tmp_path / "root")
        for i, (ending, content) in enumerate(contents):
            path = tmp_path / f"{i}.{ending}"
            path.write_bytes(content)
            report = ingest_paths(settings, [path], now)
            assert (report.files, report.errors) == (1, ())
        return Archive(settings.archive)

    return ingest


def daily(*rows: str) -> tuple[str, bytes]:
    return "csv", published("Canberra", "202405", rows, "05:36 UTC on Saturday 4 May 2024")


def row(day: int, rain: str = "", temp: str = "") -> str:
    return f",2024-05-{day},,,{rain},,,,,,{temp}" + "," * 11


def rainfall(archive: Archive) -> dict[str, tuple[float, bool]]:
    told = archive.rainfall()
    days = told["Date"].dt.strftime("%d").tolist()
    return dict(
        zip(
            days,
            zip(told["Rainfall"].tolist(), told["accumulated"].tolist(), strict=True),
            strict=True,
        )
    )


FEED = ("json", as_json([look(f"{DAY} 09:00", rain_trace="2.4"), look(f"{DAY} 15:00")]))
CHECKED = ("csv", climate("2024,05,01,3.0,1,Y"))
UNCHECKED = ("csv", climate("2024,05,01,4.0,1,N"))
TABLE = ("csv", table("CANBERRA AIRPORT,01/05/2024,1.9,6.0, ,17.7,12.6"))


@pytest.mark.parametrize("turn", [1, -1])
def test_the_first_source_of_the_order_that_has_a_reading_decides(taken, turn):
    files = [FEED, TABLE, UNCHECKED, daily(row(1, rain="5.0")), CHECKED][::turn]
    archive = taken(*files)
    (known,) = archive.as_known_at().to_dict("records")
    assert (known["Rainfall"], known["Temp9am"]) == (3.0, 11.5)
    said = archive.versions("Canberra", date(2024, 5, 1))
    assert sorted(said["Rainfall"]) == [2.4, 3.0, 4.0, 5.0, 6.0], "all are kept"


def test_a_daily_file_decides_over_the_feed_and_the_feed_fills_what_it_does_not_say(taken):
    archive = taken(FEED, daily(row(1, temp="9.9")))
    (known,) = archive.as_known_at().to_dict("records")
    assert (known["Temp9am"], known["Rainfall"], known["Temp3pm"]) == (9.9, 2.4, 11.5)


def test_a_reading_is_known_when_its_file_was_issued_and_not_before(taken):
    archive = taken(FEED, daily(row(1, rain="5.0")))
    issued = datetime(2024, 5, 1, 5, 32, tzinfo=UTC)
    assert archive.as_known_at(issued)["Rainfall"].tolist() == [2.4]
    assert archive.as_known_at(issued.replace(minute=31)).empty
    assert archive.as_known_at(datetime(2024, 5, 5, tzinfo=UTC))["Rainfall"].tolist() == [5.0]


def test_looks_in_the_morning_and_in_the_afternoon_make_one_day(taken):
    morning, afternoon = (
        ("axf", as_axf([("94926", "Canberra", look(f"{DAY} {clock}"))], issued=issued))
        for clock, issued in (
            ("09:00", "9:05 am EST Wednesday 1 May 2024"),
            ("15:00", "3:05 pm EST Wednesday 1 May 2024"),
        )
    )
    archive = taken(morning, afternoon)
    (known,) = archive.as_known_at().to_dict("records")
    assert (known["Temp9am"], known["Temp3pm"], known["Rainfall"]) == (11.5, 11.5, 2.4)
    early = archive.as_known_at(datetime(2024, 5, 1, 0, tzinfo=UTC))
    assert np.isnan(early["Temp3pm"]).all()


def test_a_reading_of_two_days_is_no_truth_whatever_else_is_known(taken):
    alone = taken(("csv", climate("2024,05,02,14.0,2,N", "2024,05,03,0.0,1,Y")))
    assert rainfall(alone)["02"] == (14.0, True)
    assert rainfall(alone)["03"] == (0.0, False)
    beside = taken(daily(row(1, rain="5.0"), row(2, rain="14.0"), row(3, rain="0")))
    known = rainfall(beside)
    assert known["01"][0] == 5.0
    assert np.isnan(known["02"][0]), "of two days, and the day before has a reading of its own"


def test_a_withdrawn_reading_gives_way_to_the_next_of_the_order(taken):
    archive = taken(CHECKED, TABLE)
    (first,) = (
        one.version
        for one in archive.sightings("Canberra", date(2024, 5, 1))
        if "IDCJAC0009" in one.source
    )
    archive.withdraw("Canberra", date(2024, 5, 1), first, "the gauge was blocked", NOW)
    assert archive.as_known_at()["Rainfall"].tolist() == [6.0]


def test_a_folder_of_the_feed_is_taken_and_other_files_of_those_endings_are_passed_over(tmp_path):
    for name, content in (("a.json", FEED[1]), ("b.json", b'{"name": 1}'), ("c.xml", b"<a/>")):
        (tmp_path / name).write_bytes(content)
    report = ingest_paths(Settings(root=tmp_path / "root"), [tmp_path], NOW)
    assert (report.files, report.errors) == (1, ())
    again = ingest_paths(Settings(root=tmp_path / "root"), [tmp_path], NOW)
    assert (report.versions, again.versions) == (1, 0)
