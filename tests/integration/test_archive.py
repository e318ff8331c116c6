"""The archive tells what was known when, whatever the order in which it was told, and loses
nothing.
"""

import multiprocessing
import random
import signal
import sqlite3
from datetime import date, datetime
from itertools import count

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from raincast.errors import BadFile, BadInput, UnknownStation
from raincast.observations.frame import validate
from raincast.observations.schema import OBSERVATIONS
from raincast.sources import dwo, history
from raincast.store.archive import Archive
from tests.archives import NOON, REFUSED, append_many, append_within, hour, rain
from tests.dwo_files import written

PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["tests.archives"])


@pytest.fixture
def archive(held):
    return held.archive()


def rainfall(archive: Archive, at: datetime | None = None) -> list[float]:
    return archive.as_known_at(at)["Rainfall"].tolist()


def test_what_went_in_comes_out_whole_and_sorted(archive):
    frame = dwo.parse(written(), "IDCJDW2002.202405.csv").frame
    assert archive.append(rain([1.0], "Cairns"), NOON, "x") == 1
    assert archive.append(frame.iloc[::-1], NOON, "x") == 3
    known = validate(archive.as_known_at())
    pd.testing.assert_frame_equal(known[known["Location"] == "Albury"], frame)
    assert known["Location"].tolist() == ["Albury"] * 3 + ["Cairns"]


def test_an_empty_archive_is_an_empty_frame(archive):
    assert len(validate(archive.as_known_at())) == 0
    assert archive.append(archive.as_known_at(), NOON, "x") == 0
    assert archive.rainfall().empty
    assert archive.revision() == 0


def test_a_revision_is_known_from_its_time_on(archive):
    archive.append(rain([1.0, 2.0]), hour(0), "first")
    assert archive.append(rain([1.0, 2.4]), hour(5), "second") == 1
    assert rainfall(archive, hour(-1)) == []
    assert rainfall(archive, hour(0)) == [1.0, 2.0]
    assert rainfall(archive, hour(4)) == [1.0, 2.0]
    assert rainfall(archive, hour(5)) == rainfall(archive) == [1.0, 2.4]


def test_a_reading_that_vanishes_is_known_to_have_vanished_but_an_absent_row_says_nothing(archive):
    archive.append(rain([1.0, 2.0]), hour(0), "x")
    assert archive.append(rain([np.nan]), hour(1), "x") == 1
    np.testing.assert_array_equal(rainfall(archive), [np.nan, 2.0])


def test_what_repeats_adds_no_version(archive):
    frame = rain([1.0, np.nan])
    assert archive.append(frame, hour(0), "x") == 2
    assert archive.append(frame, hour(0), "x") == 0
    assert archive.append(frame, hour(1), "y") == 0
    assert archive.append(frame.assign(Evaporation=-0.0), hour(2), "x") == 2
    assert archive.append(frame.assign(Evaporation=0.0), hour(3), "x") == 0
    assert (
        archive.append(
            frame.assign(Evaporation=0.0, Sunshine=np.copysign(np.nan, -1)), hour(4), "x"
        )
        == 0
    )


def test_what_is_told_late_takes_its_place_among_what_was_told_before(archive):
    archive.append(rain([1.0]), hour(0), "x")
    archive.append(rain([1.0]), hour(2), "x")
    assert archive.append(rain([9.0]), hour(1), "late") == 2
    assert [rainfall(archive, hour(n)) for n in range(3)] == [[1.0], [9.0], [1.0]]
    assert archive.append(rain([0.0]), hour(-5), "older") == 1
    assert rainfall(archive, hour(-1)) == [0.0]


def test_versions_of_a_station_day(archive):
    for n, value in enumerate([1.0, 1.0, 2.0, 2.0, 1.0]):
        archive.append(rain([value]), hour(n), f"source {n}")
    versions = archive.versions("albury", date(2024, 5, 1))
    assert versions.columns.tolist() == ["known_at", "source", *OBSERVATIONS]
    assert versions["known_at"].tolist() == [hour(0), hour(2), hour(4)]
    assert versions["source"].tolist() == ["source 0", "source 2", "source 4"]
    assert versions["Rainfall"].tolist() == [1.0, 2.0, 1.0]
    assert archive.versions("Albury", date(2024, 5, 2)).empty
    with pytest.raises(UnknownStation):
        archive.versions("Atlantis", date(2024, 5, 1))


def test_a_span_of_days(archive):
    archive.append(rain([0.0, 1.0, 2.0, 3.0]), NOON, "x")
    span = archive.as_known_at(first=date(2024, 5, 2), last=date(2024, 5, 3))
    assert span["Rainfall"].tolist() == [1.0, 2.0]


def test_rain_after_a_missing_reading_is_marked_even_at_the_start_of_a_span(archive):
    archive.append(rain([1.0, np.nan, 7.5, 0.2]), NOON, "x")
    archive.append(rain([5.0], "Cairns", "2024-05-03"), NOON, "x")
    whole = archive.rainfall()
    assert whole.columns.tolist() == ["Location", "Date", "Rainfall", "accumulated"]
    assert whole["accumulated"].tolist() == [False, False, True, False, False]
    span = archive.rainfall(first=date(2024, 5, 3))
    pd.testing.assert_frame_equal(span, whole[whole["Date"] >= "2024-05-03"].reset_index(drop=True))


def test_each_row_may_have_its_own_instant_and_source(archive):
    twice = pd.concat([rain([1.0]), rain([2.0])])
    moments = pd.Series([hour(0), hour(1)])
    assert archive.append(twice, moments, pd.Series(["a", "b"])) == 2
    assert archive.versions("Albury", date(2024, 5, 1))["source"].tolist() == ["a", "b"]


@pytest.mark.parametrize(
    "moment", [datetime(2024, 5, 1), pd.Series([pd.Timestamp("2024-05-01")])], ids=["one", "each"]
)
def test_a_time_without_a_zone_is_refused(archive, moment):
    with pytest.raises(BadInput, match="without a time zone"):
        archive.append(rain([1.0]), moment, "x")
    assert archive.as_known_at().empty


def test_the_revision_grows_with_every_change_and_only_then(archive):
    seen = [archive.revision()]
    for n, value in ((0, 1.0), (1, 1.0), (2, 3.0), (-1, 4.0)):
        archive.append(rain([value]), hour(n), "x")
        seen.append(archive.revision())
    assert sorted(set(seen)) == seen
    archive.append(rain([3.0]), hour(2), "x")
    assert archive.revision() == seen[-1]


def test_nothing_can_be_taken_back(tmp_path):
    Archive(tmp_path / "data/archive.sqlite").append(rain([1.0]), NOON, "x")
    connection = sqlite3.connect(tmp_path / "data/archive.sqlite")
    for statement in (
        "DELETE FROM sightings",
        "DELETE FROM contents",
        "UPDATE sightings SET known_at = 0",
    ):
        with pytest.raises(sqlite3.IntegrityError, match="the archive only grows"):
            connection.execute(statement)
    connection.close()


def test_a_file_that_is_no_archive_is_named(tmp_path):
    path = tmp_path / "archive.sqlite"
    path.write_text("not a database " * 100)
    with pytest.raises(BadFile, match=r"archive\.sqlite: found 'file is not a database'"):
        Archive(path)


TELLING = st.tuples(
    st.sampled_from(["Albury", "Cairns"]), st.integers(1, 2), st.integers(0, 4), st.integers(0, 2)
)


@given(
    told=st.lists(TELLING, min_size=1, max_size=8),
    seed=st.integers(0, 99),
    batches=st.integers(1, 4),
)
@settings(max_examples=15)
@pytest.mark.slow
def test_neither_order_nor_repetition_nor_batches_matter(tmp_path_factory, told, seed, batches):
    folder = tmp_path_factory.mktemp("archives")
    one, other = Archive(folder / "one"), Archive(folder / "other")
    tell(one, told)
    shuffled = random.Random(seed).sample(told * 2, 2 * len(told))
    for n in range(batches):
        tell(other, shuffled[n::batches])
    for n in range(-1, 6):
        pd.testing.assert_frame_equal(one.as_known_at(hour(n)), other.as_known_at(hour(n)))
    expected = {
        (where, day): value for where, day, _, value in sorted(told, key=lambda told: told[2])
    }
    known = other.as_known_at()
    assert list(zip(known["Location"], known["Date"].dt.day, strict=True)) == sorted(expected)
    ties = {
        telling[:3]
        for telling in told
        if sum(telling[:3] == another[:3] for another in set(told)) > 1
    }
    if not ties:
        assert known["Rainfall"].tolist() == [expected[key] for key in sorted(expected)]
    for where, day in expected:
        pd.testing.assert_frame_equal(
            one.versions(where, date(2024, 5, day)), other.versions(where, date(2024, 5, day))
        )


def tell(archive: Archive, told: list[tuple[str, int, int, int]]) -> None:
    frames = [rain([value], where, f"2024-05-{day:02}") for where, day, _, value in told]
    if frames:
        moments = pd.Series([hour(n) for _, _, n, _ in told])
        archive.append(pd.concat(frames, ignore_index=True), moments, "x")


def test_processes_that_write_at_once_lose_nothing(tmp_path):
    path, times = tmp_path / "archive.sqlite", 8
    running = [PROCESSES.Process(target=append_many, args=(path, who, times)) for who in range(4)]
    for process in running:
        process.start()
    for process in running:
        process.join()
    assert [process.exitcode for process in running] == [0] * 4
    archive = Archive(path)
    known = archive.as_known_at()
    assert known.loc[known["Location"] == "Albury", "Rainfall"].tolist() == [
        who for who in range(4) for _ in range(times)
    ]
    assert archive.versions("Cairns", date(2024, 5, 1))["Rainfall"].tolist() == list(range(times))


@pytest.mark.parametrize(
    ("at_limit", "ends"),
    [(signal.SIG_DFL, -signal.SIGXFSZ), (signal.SIG_IGN, REFUSED)],
    ids=["killed", "disk full"],
)
def test_an_append_that_does_not_end_leaves_nothing(tmp_path, at_limit, ends):
    path = tmp_path / "archive.sqlite"
    archive = Archive(path)
    archive.append(rain([0.1] * 3000), hour(0), "first")
    before = archive.as_known_at()
    for doubled in count(12):
        process = PROCESSES.Process(target=append_within, args=(path, 2**doubled, at_limit))
        process.start()
        process.join()
        if process.exitcode == 0:
            break
        assert process.exitcode == ends
        pd.testing.assert_frame_equal(Archive(path).as_known_at(), before)
        assert archive.revision() == 1
    assert doubled > 16, "it was stopped several times"
    assert set(archive.as_known_at()["Rainfall"]) == {0.2}


@pytest.mark.slow
def test_ten_years_come_out_as_they_went_in(archive, history_path):
    frame = history.parse(history_path.read_bytes(), str(history_path))
    assert archive.append(frame, history.known_at(frame), "historical") == len(frame)
    known = archive.as_known_at()
    pd.testing.assert_frame_equal(known, frame.sort_values(["Location", "Date"], ignore_index=True))
