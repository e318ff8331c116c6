"""What sources beside the daily files show: kept once for as long as they say the same."""

from pathlib import Path

import pandas as pd
import pytest

from raincast.observations import precedence
from raincast.store.archive import Archive
from tests.archives import hour, rain


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "archive.sqlite")


def shown(archive: Archive, mm: float, at: int, channel: str = precedence.FEED) -> int:
    """A look at one station-day's rain in that hour; how many versions are new."""
    frame = rain([mm])
    told = pd.Series([hour(at)] * len(frame)), pd.Series(["a look"] * len(frame))
    kinds = pd.Series([channel] * len(frame)), pd.Series([1] * len(frame))
    return archive.observe_supplements(frame, *told, *kinds)


def test_a_look_that_shows_the_same_adds_nothing_and_one_that_differs_does(archive) -> None:
    versions = [shown(archive, mm, at) for at, mm in enumerate([1.0, 1.0, 2.0, 2.0, 1.0])]
    assert versions == [1, 0, 1, 0, 0], "the last is an old version, seen again"
    assert archive.as_known_at(hour(1))["Rainfall"].tolist() == [1.0]
    assert archive.as_known_at(hour(3))["Rainfall"].tolist() == [2.0]
    assert archive.as_known_at()["Rainfall"].tolist() == [1.0]


def test_each_kind_of_source_is_compared_with_its_own_last_word(archive) -> None:
    assert shown(archive, 1.0, 0) == 1
    assert shown(archive, 1.0, 1, precedence.TABLE) == 1
    assert shown(archive, 1.0, 2) == 0


def test_what_a_clock_ahead_has_dated_later_does_not_count_yet(archive) -> None:
    shown(archive, 2.0, 9)
    shown(archive, 2.0, 3)
    assert archive.as_known_at(hour(4))["Rainfall"].tolist() == [2.0]
