"""What the archive says beside the rows themselves: how far it reaches, of which readings it is no
truth, what was remarked, and how rows are told apart.
"""

import zlib
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from raincast.errors import BadInput
from raincast.observations.schema import COMPASS, DIRECTIONS, FIELDS, OBSERVATIONS
from raincast.sources import cells
from raincast.store.archive import Archive
from raincast.store.archive_records import FileRecord
from raincast.store.archive_rows import digests_of, frame_of, rows_of
from tests.archives import hour, rain

MAY = date(2024, 5, 1)


def day(n: int) -> date:
    return MAY + timedelta(days=n)


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "data/archive.sqlite")


def test_an_empty_archive_reaches_nowhere(archive: Archive) -> None:
    assert (archive.span(), archive.newest_day(), archive.revision()) == (None, None, 0)
    assert archive.newest_row("Albury", day(99)) is None
    assert archive.rainfall().empty
    assert archive.everything() == {
        table: [] for table in ("contents", "sightings", "supplements", "files", "withdrawals")
    }
    assert (archive.files(), archive.withdrawals(), archive.remarks("Albury", MAY)) == ([], [], [])


def test_it_reaches_from_the_first_day_of_any_station_to_the_last(archive: Archive) -> None:
    archive.append(rain([1.0, 2.0], "Perth", "2024-05-03"), hour(0), "late")
    archive.append(rain([1.0], "Woomera", "2023-02-28"), hour(1), "early")
    archive.append(rain([None], "Albury", "2024-05-02"), hour(1), "between")
    assert archive.span() == (date(2023, 2, 28), date(2024, 5, 4))
    assert archive.newest_day() == date(2024, 5, 4)
    assert archive.newest_row("Perth", day(99)) == date(2024, 5, 4)
    assert archive.newest_row("Perth", date(2024, 5, 3)) == date(2024, 5, 3), "that day itself too"
    assert archive.newest_row("Perth", date(2024, 5, 2)) is None
    assert archive.newest_row("Albury", day(99)) == date(2024, 5, 2), "a row without a reading"


def test_a_reading_after_a_gap_is_marked_though_the_gap_lies_before_the_days_asked_for(
    archive: Archive,
) -> None:
    archive.append(rain([1.0, None, 3.0, 4.0]), hour(0), "a")
    found = archive.rainfall(first=day(2), last=day(3))
    assert found["Rainfall"].tolist() == [3.0, 4.0]
    assert found["accumulated"].tolist() == [True, False]
    assert archive.rainfall(last=day(0))["accumulated"].tolist() == [False]


def test_what_fills_the_gap_later_makes_the_reading_one_days(archive: Archive) -> None:
    archive.append(rain([1.0, None, 3.0]), hour(0), "a")
    archive.append(rain([2.0], first="2024-05-02"), hour(5), "b")
    then, now = (archive.rainfall(at)["accumulated"].tolist() for at in (hour(4), hour(5)))
    assert (then, now) == ([False, False, True], [False, False, False])


def record(name: str, n: int, state: str, remarks: list[str], month: str = "2024-05") -> FileRecord:
    reason = "" if state == "taken" else "is it one?"
    return FileRecord(name, f"{n:064}", hour(n), "Albury", month, state, reason, remarks, b"bytes")


def test_remarks_are_those_of_the_months_files_that_were_taken_the_newest_first(
    archive: Archive,
) -> None:
    archive.record_files([record("a", 1, "taken", ["first", "second"])])
    archive.record_files(
        [
            record("b", 3, "taken", ["third"]),
            record("c", 2, "refused", ["no"]),
            record("d", 4, "taken", ["another month's"], "2024-06"),
        ]
    )
    assert archive.remarks("Albury", day(20)) == ["third", "first", "second"]
    assert archive.remarks("Perth", day(20)) == []
    assert [found["name"] for found in archive.files()] == ["a", "c", "b", "d"]
    assert archive.files()[1]["reason"] == "is it one?"
    assert archive.files()[0]["seen_at"] == hour(1)
    assert "content" not in archive.files()[0]


def test_a_file_that_was_not_taken_is_kept_to_be_looked_at() -> None:
    *_, told, held = record("a", 1, "refused", ["grüß"]).cells()
    assert zlib.decompress(held) == b"bytes"
    assert told == '["gr\\u00fc\\u00df"]'
    assert record("a", 1, "taken", [])._replace(content=None).cells()[-1] is None


def test_a_word_on_a_version_counts_until_the_next_and_each_is_recorded(archive: Archive) -> None:
    archive.append(rain([1.0]), hour(0), "a")
    archive.append(rain([9.0]), hour(1), "b")
    wrong = archive.sightings("Albury", MAY)[-1].version
    said = [("a slip", False), ("it was right", True), ("no, wrong", False)]
    found = []
    for n, (reason, back) in enumerate(said):
        archive.withdraw("Albury", MAY, wrong, reason, hour(n), back=back)
        found.append(archive.rainfall()["Rainfall"].tolist())
    assert found == [[1.0], [9.0], [1.0]]
    record = archive.withdrawals()
    assert [(one.reason, one.withdrawn, one.at) for one in record] == [
        (reason, not back, hour(n)) for n, (reason, back) in enumerate(said)
    ]
    assert {(one.location, one.day, one.version) for one in record} == {("Albury", MAY, wrong)}
    archive.append(rain([9.0]), hour(9), "seen again")
    assert archive.rainfall()["Rainfall"].tolist() == [1.0]
    with pytest.raises(BadInput, match=f"Albury {MAY} {wrong} is out already"):
        archive.withdraw("Albury", MAY, wrong, "again", hour(9))


VALUES = {
    name: (
        None,
        *(COMPASS if name in DIRECTIONS else (FIELDS[name].low, 0.1 * FIELDS[name].high, 23.5)),
    )
    for name in OBSERVATIONS
}
ROW = st.fixed_dictionaries({}, optional={n: st.sampled_from(v) for n, v in VALUES.items()})
ROWS = st.lists(ROW, min_size=1, max_size=3)


def observed(rows: list[dict[str, Any]]) -> pd.DataFrame:
    columns: dict[str, Any] = {
        name: np.array(
            [row.get(name) for row in rows], dtype=object if name in DIRECTIONS else np.float64
        )
        for name in OBSERVATIONS
    }
    days = np.datetime64("2024-02-28", "s") + np.arange(len(rows)) * np.timedelta64(1, "D")
    return cells.frame(columns | {"Location": np.full(len(rows), "Perth", object), "Date": days})


@given(ROWS)
def test_rows_come_back_from_the_tables_as_they_went_in(rows: list[dict[str, Any]]) -> None:
    frame = observed(rows)
    contents, sightings = rows_of(frame, hour(0), "somebody")
    again = frame_of(contents, {})
    pd.testing.assert_frame_equal(again[list(frame.columns)], frame)
    assert again["digest"].tolist() == digests_of(frame) == [seen[3] for seen in sightings]
    assert {seen[4] for seen in sightings} == {"somebody"}


def test_a_digest_tells_rows_apart_by_every_value_and_by_nothing_else() -> None:
    """Each field in turn has each other value than the first row's, whose fields are missing."""
    others = [
        {name: value} for name, found in VALUES.items() for value in found if value is not None
    ]
    frame = observed([{}, *others])
    digests = digests_of(frame)
    assert len(set(digests)) == len(others) + 1
    assert {len(digest) for digest in digests} == {8}, "16 hexadecimal digits"
    elsewhere = frame.assign(Location="Albury", Date=frame["Date"] + pd.Timedelta(days=9))
    assert digests_of(elsewhere) == digests


def test_no_rain_is_no_rain_with_either_sign_and_missing_is_missing() -> None:
    frame = rain([0.0, -0.0, None])
    zero, minus, gap = digests_of(frame)
    assert zero == minus != gap
    quiet = np.array([np.nan, np.nan, -np.nan])
    assert len(set(digests_of(frame.assign(Rainfall=quiet)))) == 1


def test_the_second_at_which_rows_were_known_is_the_same_by_every_clock(archive: Archive) -> None:
    at = datetime(2024, 5, 1, 22, 0, 0, 999_999, timezone(timedelta(hours=10)))
    archive.append(rain([1.0]), at, "a")
    (seen,) = archive.sightings("Albury", MAY)
    assert seen.known_at == datetime(2024, 5, 1, 12, tzinfo=UTC), "whole seconds count"
