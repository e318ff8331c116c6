"""The mirror over HTTP as the product's own client meets it: what stands, what has not changed, and
every kind of trouble.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import httpx
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from raincast.errors import NotPublished, SourceUnavailable
from raincast.loop.batch import IngestReport
from raincast.loop.ingest import ingest_from
from raincast.mirror.clock import Clock
from raincast.mirror.shelf import Shelf
from raincast.mirror.weather_faults import WeatherFaults
from raincast.settings import Settings
from raincast.sources.bureau import Bureau
from raincast.sources.dwo_form import published
from raincast.store.archive import Archive
from tests.mirrors import NOW, mirroring, page_of, shelf, still, todays, weather
from tests.places import find

ALBURY, CAIRNS = find("Albury"), find("Cairns")
ADDRESS = "/climate/dwo/202405/text/IDCJDW2002.202405.csv"


@dataclass
class World:
    """A mirror, the product beside it, and what was answered to it."""

    settings: Settings
    bureau: Bureau
    clock: Clock
    client: httpx.Client
    statuses: list[int]

    def month(self, station=ALBURY) -> bytes:
        return self.bureau.month(station, 2024, 5)

    def ingest(self, *stations) -> IngestReport:
        return ingest_from(
            self.bureau, self.settings, stations or (ALBURY,), self.clock.now(), [date(2024, 5, 1)]
        )

    def refused(self) -> str:
        with pytest.raises(SourceUnavailable) as error:
            self.month()
        assert type(error.value) is SourceUnavailable
        assert f"{ADDRESS}: found " in str(error.value)
        return str(error.value)

    @property
    def archive(self) -> Archive:
        return Archive(self.settings.archive)


@pytest.fixture
def world(tmp_path) -> Iterator[Callable[..., World]]:
    """Starts a mirror with faults and points the product at it."""
    with ExitStack() as running:

        def started(
            *faults: str, at: datetime = NOW, of: Shelf | None = None, **settings: float
        ) -> World:
            clock, statuses = still(at), list[int]()
            client = running.enter_context(mirroring(of or shelf(), clock, faults, statuses))
            quick = {
                "fetch_per_second": 200,
                "fetch_timeout_seconds": 0.5,
                "fetch_tries": 3,
            } | settings
            chosen = Settings(root=tmp_path, bureau_url=str(client.base_url).rstrip("/"), **quick)
            bureau = running.enter_context(Bureau(chosen))
            return World(chosen, bureau, clock, client, statuses)

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


def test_a_refusal_is_told_and_not_repeated(world):
    it = world("403@Albury")
    assert "status 403 Forbidden" in it.refused()
    assert it.statuses == [403]
    report = it.ingest(ALBURY, CAIRNS)
    assert (report.files, len(report.errors), "status 403" in report.errors[0]) == (1, 1, True)
    assert set(it.archive.as_known_at()["Location"]) == {"Cairns"}


def test_a_file_that_is_not_found_is_not_published(world):
    it = world("404@IDCJDW2002*1")
    with pytest.raises(NotPublished, match="status 404"):
        it.month()
    assert it.month() == page_of(shelf(), "Albury", NOW).content
    assert it.statuses == [404, 200]


def test_a_server_that_is_asked_too_much_is_left_alone_as_long_as_it_says(world):
    it = world("429@IDCJDW2002*1")
    begun = time.monotonic()
    assert it.month() == page_of(shelf(), "Albury", NOW).content
    assert time.monotonic() - begun >= 1
    assert it.statuses == [429, 200]


def test_a_server_that_fails_is_asked_again_and_given_up_at_last(world):
    it = world("500*5")
    assert "status 500 Internal Server Error" in it.refused()
    assert it.month() == page_of(shelf(), "Albury", NOW).content
    assert it.statuses == [500] * 5 + [200]


def test_a_server_that_never_answers_is_asked_again(world):
    it = world("timeout*3", fetch_timeout_seconds=0.2)
    refusal = it.refused()  # which of the two time-outs strikes first is the machine's affair
    assert "ReadTimeout" in refusal or "0 bytes after 0.2 s" in refusal
    assert it.month() == page_of(shelf(), "Albury", NOW).content


def test_a_body_that_drips_is_given_up_and_asked_for_again(world):
    it = world("slow*1")
    begun = time.monotonic()
    assert it.month() == page_of(shelf(), "Albury", NOW).content
    assert time.monotonic() - begun > 0.4
    assert it.statuses == [200, 200]
    assert "bytes after 0.2 s" in world("slow", fetch_timeout_seconds=0.2, fetch_tries=1).refused()


def test_a_page_instead_of_the_file_is_refused_and_harms_nothing(world):
    it = world("html@Albury*2")
    assert "found 'a web page', expected a file of Daily Weather" in it.refused()
    it.archive.append(published(weather()[weather()["Location"] == "Albury"], NOW), NOW, "before")
    known = it.archive.as_known_at()
    report = it.ingest()
    assert (report.files, report.versions, len(report.errors)) == (0, 0, 1)
    assert_frame_equal(it.archive.as_known_at(), known)
    assert it.month() == page_of(shelf(), "Albury", NOW).content, (
        "and it is not confirmed as unchanged"
    )
    assert it.statuses == [200, 200, 200]


@pytest.mark.parametrize(("kind", "said"), [("truncated", "22 fields, not"), ("garbled", "fields")])
def test_a_body_that_is_partly_spoilt_gives_its_other_rows(world, kind, said):
    it = world(f"{kind}@Albury*1")
    report = it.ingest()
    assert (report.files, len(report.errors)) == (1, 0)
    (aside,) = report.set_aside
    assert said in aside
    whole = published(weather()[weather()["Location"] == "Albury"], NOW)
    whole = whole[whole["Date"] >= "2024-05-01"]
    taken = it.archive.as_known_at()
    assert len(taken) == len(whole) - 1
    assert it.ingest().set_aside == (), "and it is not confirmed as unchanged"
    assert len(it.archive.as_known_at()) == len(whole)
    assert it.statuses == [200, 200]


def test_trouble_at_one_station_keeps_no_other_out(world):
    it = world("html@Albury", "500@Cairns")
    report = it.ingest(ALBURY, find("Perth"), CAIRNS, find("Sydney"))
    assert (report.files, len(report.errors)) == (2, 2)
    assert set(report.failed) == {"Albury", "Cairns"}
    assert report.stations == ("Perth", "Sydney")
    assert set(it.archive.as_known_at()["Location"]) == {"Perth", "Sydney"}


def test_a_station_that_is_gone_is_missed_and_told_of(world):
    it = world(of=Shelf(WeatherFaults(gone=(("Albury", date(2024, 5, 1)),)).of(todays(weather()))))
    report = it.ingest(ALBURY, CAIRNS)
    assert (report.files, report.errors, len(report.not_published)) == (1, (), 1)
    assert "IDCJDW2002.202405.csv" in report.not_published[0]


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
