"""Months fetched from the Bureau: which are due, and what becomes of one that cannot be had."""

from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from raincast.loop.asking import GIVE_UP_AFTER
from raincast.loop.ingest import due_months, ingest_bureau
from raincast.settings import Settings
from raincast.store.archive import Archive
from tests.dwo_files import published, row, written
from tests.places import STATIONS, find
from tests.web_servers import hurried, says, serving

NOW = datetime(2024, 6, 20, tzinfo=UTC)
MAY = datetime(2024, 5, 15, 5, 36, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path) -> Settings:
    return hurried(tmp_path / "root", tries=1)


@pytest.mark.parametrize(
    ("now", "months"),
    [
        (datetime(2024, 5, 20, tzinfo=UTC), [date(2024, 5, 1)]),
        (datetime(2024, 5, 7, 12, tzinfo=UTC), [date(2024, 4, 1), date(2024, 5, 1)]),
        (datetime(2024, 5, 8, 12, tzinfo=UTC), [date(2024, 5, 1)]),
        (datetime(2024, 1, 2, tzinfo=UTC), [date(2023, 12, 1), date(2024, 1, 1)]),
        (datetime(2024, 4, 30, 22, tzinfo=UTC), [date(2024, 4, 1)]),
        (datetime(2024, 4, 30, 23, tzinfo=UTC), [date(2024, 4, 1), date(2024, 5, 1)]),
    ],
    ids=[
        "in a month",
        "early",
        "no longer early",
        "new year",
        "before 9 am on the 1st",
        "at 9 am on the 1st",
    ],
)
def test_the_running_month_is_due_and_early_in_it_the_one_before(now, months):
    assert due_months(find("Albury"), now) == months


def bureau(files: dict[str, bytes], failing: Collection[str] = ()):
    """A server that has these files, fails at some, and has no others."""

    def answer(asked) -> None:
        label = asked.path.rpartition("/")[2]
        content = files.get(label)
        missing = says(503 if label in failing else 404)
        (missing if content is None else says(200, content))(asked)

    return serving(answer)


CAIRNS = published(
    "Cairns", "202405", (row("2024-05-3", "9"),), "05:36 UTC on Wednesday 15 May 2024"
)


def test_what_is_fetched_is_known_from_then_on(settings):
    files = {
        "IDCJDW2002.202405.csv": written(),
        "IDCJDW4024.202405.csv": CAIRNS,
        "IDCJDW8002.202405.csv": b"<html>",
    }
    asked = [find(name) for name in ("Albury", "Cairns", "AliceSprings", "Hobart")]
    with bureau(files) as server:
        settings = replace(settings, bureau_url=server.url)
        report = ingest_bureau(settings, asked, MAY.replace(day=20))
        again = ingest_bureau(settings, asked, MAY.replace(day=21))
    assert (report.files, report.station_days, report.versions, again.versions) == (2, 4, 4, 0)
    (error,), (not_published,) = report.errors, report.not_published
    assert "IDCJDW8002.202405.csv" in error
    assert "IDCJDW7021.202405.csv" in not_published
    archive = Archive(settings.archive)
    assert archive.as_known_at(MAY.replace(day=19)).empty, (
        "prepared before, but known to nobody here"
    )
    version = archive.versions("Cairns", date(2024, 5, 3)).iloc[0]
    assert (version["known_at"], version["source"]) == (
        MAY.replace(day=20),
        "bureau IDCJDW4024.202405",
    )


def test_months_may_be_named(settings):
    with bureau({"IDCJDW4024.202405.csv": CAIRNS}) as server:
        settings = replace(settings, bureau_url=server.url)
        report = ingest_bureau(
            settings, [find("Cairns")], NOW, [date(2024, 5, 31), date(2024, 4, 1)]
        )
    assert [asked.path.rpartition(".2024")[2] for asked in server.asked] == ["05.csv", "04.csv"]
    assert (report.files, len(report.not_published)) == (1, 1)


def test_a_server_that_is_down_is_left_alone_after_a_few_failures(settings):
    with serving(says(503)) as server:
        report = ingest_bureau(replace(settings, bureau_url=server.url), STATIONS, NOW)
    assert len(server.asked) == 2 * GIVE_UP_AFTER
    assert len(report.errors) == len(STATIONS)
    assert "not asked for after 6 failures in a row" in report.errors[-1]
    assert report.files == 0


def test_a_few_stations_that_cannot_be_had_keep_no_other_from_being_asked(settings):
    files = {"IDCJDW4024.202405.csv": CAIRNS}
    broken = [one for one in STATIONS if one.location != "Cairns"][: GIVE_UP_AFTER + 2]
    with bureau(files, [f"{one.product}.202405.csv" for one in broken]) as server:
        asked = [*broken, find("Cairns")]
        report = ingest_bureau(replace(settings, bureau_url=server.url), asked, MAY.replace(day=20))
    assert (report.files, set(report.failed)) == (1, {one.location for one in broken})
