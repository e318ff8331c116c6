"""The mirror's troubles as the product's own client meets them: none harms what is kept."""

import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from pandas.testing import assert_frame_equal

from raincast.errors import NotPublished
from raincast.mirror.shelf import Shelf
from raincast.mirror.weather_faults import WeatherFaults
from raincast.sources.dwo_form import published
from tests.mirrored import ALBURY, CAIRNS, World, beside
from tests.mirrors import NOW, page_of, shelf, todays, weather
from tests.places import find


@pytest.fixture
def world(tmp_path: Path) -> Iterator[Callable[..., World]]:
    with beside(tmp_path) as started:
        yield started


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
