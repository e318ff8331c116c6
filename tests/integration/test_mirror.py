"""The mirror over HTTP as the product's own client meets it: what stands, what has not changed, and
every kind of trouble.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from raincast.loop.batch import IngestReport
from raincast.mirror.shelf import Shelf
from raincast.mirror.weather_faults import WeatherFaults
from raincast.sources.dwo_form import published
from tests.mirrored import ADDRESS, ALBURY, CAIRNS, World, beside
from tests.mirrors import NOW, page_of, shelf, todays, weather
from tests.places import find


@pytest.fixture
def world(tmp_path: Path) -> Iterator[Callable[..., World]]:
    with beside(tmp_path) as started:
        yield started


def test_the_file_stands_at_its_address_as_it_stood(world):
    it = world()
    assert it.month() == page_of(shelf(), "Albury", NOW).content
    assert it.ingest(ALBURY, CAIRNS) == IngestReport(2, 40, 40, ())
    told = it.archive.as_known_at(NOW)
    expected = published(weather()[weather()["Date"] >= "2024-05-01"], NOW)
    expected = expected[expected["Location"].isin(["Albury", "Cairns"])]
    assert_frame_equal(told, expected.sort_values(["Location", "Date"], ignore_index=True))


def test_what_has_not_changed_is_not_sent_again(world):
    it = world()
    first = it.month()
    assert it.month() == first
    it.clock.move(by=timedelta(hours=7))
    assert it.month() == first, "nothing is due between 4 pm and midnight"
    it.clock.move(by=timedelta(hours=2))
    assert it.month() != first
    assert it.statuses == [200, 304, 304, 200]


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({}, 200),
        ({"If-None-Match": "ETAG"}, 304),
        ({"If-None-Match": '"another", W/ETAG'}, 304),
        ({"If-None-Match": '"another"', "If-Modified-Since": "Mon, 20 May 2024 05:00:00 GMT"}, 200),
        ({"If-Modified-Since": "Mon, 20 May 2024 05:00:00 GMT"}, 304),
        ({"If-Modified-Since": "Mon, 20 May 2024 04:59:59 GMT"}, 200),
    ],
)
def test_conditions_are_answered(world, asked, status):
    client = world().client
    whole = client.get(ADDRESS)
    assert whole.headers["Last-Modified"] == "Mon, 20 May 2024 05:00:00 GMT"
    headers = {name: value.replace("ETAG", whole.headers["ETag"]) for name, value in asked.items()}
    answer = client.get(ADDRESS, headers=headers)
    assert (answer.status_code, answer.headers["ETag"]) == (status, whole.headers["ETag"])
    assert answer.content == (whole.content if status == 200 else b"")


@pytest.mark.parametrize(
    "path",
    [
        "/climate/dwo/202406/text/IDCJDW2002.202406.csv",
        "/climate/dwo/202403/text/IDCJDW2002.202403.csv",
        "/climate/dwo/202413/text/IDCJDW2002.202413.csv",
        "/climate/dwo/202404/text/IDCJDW2002.202405.csv",
        "/climate/dwo/202405/text/IDCJDW0000.202405.csv",
        "/climate/dwo/202405/text/notes.csv",
        "/",
    ],
)
def test_what_is_not_there_is_not_found(world, path):
    answer = world().client.get(path)
    assert answer.status_code == 404
    assert 0 < len(answer.content) < 200


def test_the_clock_is_read_and_moved_over_http(world):
    it = world()
    assert it.client.get("/clock").json() == {"at": "2024-05-20T06:00:00Z", "rate": 0.0}
    before = it.client.get(ADDRESS).content
    moved = it.client.post("/clock", json={"advance_seconds": 8 * 3600})
    assert (moved.status_code, moved.json()) == (200, {"at": "2024-05-20T14:00:00Z", "rate": 0.0})
    assert it.client.get(ADDRESS).content != before, "the gust is there"
    told = it.client.post("/clock", json={"at": "2024-05-20T16:00:00+10:00", "rate": 60}).json()
    assert told == {"at": "2024-05-20T06:00:00Z", "rate": 60.0}
    assert it.client.get(ADDRESS).content == before
    assert it.client.get("/clock").json() == told


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"{}", "expected at, advance_seconds or rate"),
        (b'{"at": "2024-05-20T06:00:00"}', "at: .*timezone"),
        (b'{"rate": -1}', "rate: "),
        (b'{"rate": NaN}', "rate: "),
        (b'{"speed": 2}', "speed: "),
        (b"{", "JSON"),
        (b'{"at": "9999-12-31T00:00:00Z", "advance_seconds": 1e9}', "years 1 to 9999"),
    ],
)
def test_a_move_that_is_none_moves_nothing(world, body, said):
    client = world().client
    answer = client.post("/clock", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422
    assert pd.Series([answer.json()["detail"]]).str.contains(said).all(), answer.text
    assert client.get("/clock").json()["at"] == "2024-05-20T06:00:00Z"


def test_revised_values_become_versions(world):
    wrong = WeatherFaults(revised=0.2, revised_days=2)
    it = world(of=Shelf(wrong.of(todays(weather()))), at=datetime(2024, 5, 2, 1, tzinfo=UTC))
    counts = []
    for _ in range(20):
        counts.append(it.ingest().versions)
        it.clock.move(by=timedelta(days=1))
    right = weather()[(weather()["Location"] == "Albury")].set_index("Date")["Rainfall"]
    told = {
        day: it.archive.versions("Albury", day) for day in [date(2024, 5, n) for n in range(3, 16)]
    }
    rains = {day: versions["Rainfall"].drop_duplicates().tolist() for day, versions in told.items()}
    assert all(rain[-1] == right[pd.Timestamp(day)] for day, rain in rains.items())
    revised = {day for day, rain in rains.items() if len(rain) == 2}
    assert 0 < len(revised) < 8
    assert max(map(len, rains.values())) == 2
    for day in revised:
        versions = told[day]
        wait = (
            versions["known_at"][versions["Rainfall"] == right[pd.Timestamp(day)]].min()
            - versions["known_at"].min()
        )
        assert wait == timedelta(days=2)
    assert counts[0] == 2


def test_several_days_rain_in_one_reading_is_marked(world):
    it = world(of=Shelf(WeatherFaults(accumulated=0.2).of(todays(weather()))))
    it.ingest(ALBURY, CAIRNS, find("Sydney"))
    told = it.archive.rainfall(NOW).merge(
        weather()[["Location", "Date", "Rainfall"]], on=["Location", "Date"]
    )
    more = told["Rainfall_x"] > told["Rainfall_y"]
    inside = told["Date"] > "2024-05-01"
    assert more[inside].sum() > 0
    assert told["accumulated"][more & inside].all()
    assert (told["Rainfall_x"] == told["Rainfall_y"])[
        ~told["accumulated"] & told["Rainfall_x"].notna() & inside
    ].all()
    assert told["Rainfall_x"].isna().sum() > 3
