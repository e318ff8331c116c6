"""Words on changes: the newest on each counts, and can be taken back."""

from pathlib import Path

import pytest

from raincast.errors import BadFile
from raincast.store.known_changes import EVERY_FIELD, EVERY_STATION, KnownChange, add, read


def word(station: str, field: str, reason: str, withdrawn: bool = False) -> KnownChange:
    return KnownChange(
        at_utc="2016-01-01T06:00:00+00:00",
        station=station,
        field=field,
        reason=reason,
        withdrawn=withdrawn,
    )


def test_without_a_file_there_is_none(tmp_path: Path) -> None:
    assert read(tmp_path / "changes.jsonl") == []


def test_the_newest_word_on_a_station_and_field_counts(tmp_path: Path) -> None:
    path = tmp_path / "metrics/changes.jsonl"
    first, other = word("Cairns", "Humidity9am", "a new sensor"), word("Cairns", "", "moved")
    newer = word("Cairns", "Humidity9am", "a newer sensor")
    for change in (first, other, newer):
        add(path, change)
    assert read(path) == [newer, other]


def test_what_is_taken_back_counts_no_more_and_can_be_said_again(tmp_path: Path) -> None:
    path = tmp_path / "changes.jsonl"
    said = word(EVERY_STATION, EVERY_FIELD, "another climate")
    add(path, said)
    add(path, word(EVERY_STATION, EVERY_FIELD, "a mistake", withdrawn=True))
    assert read(path) == []
    add(path, said)
    assert read(path) == [said]


def test_a_line_that_is_no_word_is_refused_and_named(tmp_path: Path) -> None:
    path = tmp_path / "changes.jsonl"
    add(path, word("Cairns", "", "moved"))
    with path.open("a") as file:
        file.write('{"station": "Perth"}\n')
    with pytest.raises(BadFile, match=r"changes\.jsonl"):
        read(path)
