"""A mirror's data: the historical file, the Bureau's own files with the time at which each was
seen, the simulator.
"""

import time
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest
from pandas.testing import assert_frame_equal

from raincast.errors import BadInput
from raincast.mirror.data import BEGINS, observations
from raincast.mirror.shelf import NEVER, Shelf
from raincast.observations.availability import instant
from raincast.simulator import simulate
from raincast.simulator.files import write_bureau_files, write_history
from raincast.sources.dwo_form import published
from tests.dwo_files import BARE, row, written
from tests.mirrors import FIRST, LAST, NOW, weather

SEEN = datetime(2024, 12, 5, 10, 58, tzinfo=UTC)


def ordered(frame):
    return frame.sort_values(["Location", "Date"], ignore_index=True)


def test_a_seed_means_one_weather_whatever_days_are_asked_for() -> None:
    ((frame, seen_at),) = observations("simulator:4", date(2008, 3, 1), date(2008, 3, 31))
    whole = simulate(BEGINS, date(2008, 5, 1), 4)
    expected = whole[(whole["Date"] >= "2008-03-01") & (whole["Date"] <= "2008-03-31")]
    assert_frame_equal(frame.reset_index(drop=True), expected.reset_index(drop=True))
    assert (seen_at == NEVER).all()
    ((other, _),) = observations("simulator", date(2008, 3, 1), date(2008, 3, 31))
    assert not other.equals(frame)


def test_the_historical_file_is_known_by_its_header(tmp_path: Path) -> None:
    write_history(tmp_path / "any name", weather())
    ((frame, seen_at),) = observations(
        str(tmp_path / "any name"), date(2024, 4, 10), date(2024, 5, 2)
    )
    expected = weather()[weather()["Date"].between("2024-04-10", "2024-05-02")]
    assert_frame_equal(ordered(frame), ordered(expected))
    assert (seen_at == NEVER).all()


def test_a_file_was_seen_when_it_was_prepared_or_when_its_folder_says_or_never(
    tmp_path: Path,
) -> None:
    write_bureau_files(tmp_path / "dwo", weather(), NOW)
    bare = written((), BARE, (row("2024-05-1", "1", "20"),))
    for folder in ("20241205T1058_b608099a", "202405"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "IDCJDW4024.202405.csv").write_bytes(bare)
    ((frame, seen_at),) = observations(str(tmp_path), FIRST, LAST)
    at = {when: frame[seen_at == when] for when in np.unique(seen_at)}
    assert sorted(at) == [instant(NOW), instant(SEEN), NEVER]
    assert_frame_equal(ordered(at[instant(NOW)]), ordered(published(weather(), NOW)))
    for when in (instant(SEEN), NEVER):
        assert at[when][["Location", "MinTemp"]].to_numpy().tolist() == [["Cairns", 20.0]]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("absent", None, r"absent: found 'No such file or directory', expected a historical file"),
        (
            "page.csv",
            b"<html></html>",
            "page.csv: found 'a web page', expected a file of Daily Weather",
        ),
        ("empty", b"", "found 'an empty file', expected a file of Daily Weather"),
        ("IDCJDW2002.202405.csv", written(), "found no observations of 2020-01-01 to 2020-01-31"),
        (
            "20249905T1058_x/IDCJDW4024.202405.csv",
            written((), BARE, (row("2024-05-1"),)),
            "named by a time such as",
        ),
    ],
)
def test_data_that_are_none_are_told_of(
    tmp_path: Path, name: str, content: bytes | None, said: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
    with pytest.raises(BadInput, match=said):
        observations(str(path), date(2020, 1, 1), date(2020, 1, 31))


def test_a_folder_without_files_and_a_far_future_are_told_of(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="found no observations"):
        observations(str(tmp_path), FIRST, LAST)
    with pytest.raises(BadInput, match="expected one before 2101"):
        observations("simulator", FIRST, date.max)


def test_fifteen_months_of_the_bureaus_files_are_there_in_seconds(bom_dir: Path) -> None:
    begun = time.process_time()
    ((frame, seen_at),) = versions = observations(
        str(bom_dir), date(2023, 10, 1), date(2024, 12, 31)
    )
    Shelf(versions)
    assert time.process_time() - begun < 5
    assert (len(frame), len(seen_at)) == (29_688, 29_688)
    assert set(frame["Location"][seen_at == NEVER]) == {"Perth", "Richmond"}
