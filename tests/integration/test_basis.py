"""What a forecast rests on, from what the archive knows."""

from datetime import UTC, datetime, time
from pathlib import Path

import pytest

from raincast.loop import latest
from raincast.loop.contexts import Contexts
from raincast.observations.network import Network, put_in_force
from raincast.settings import Settings
from raincast.store.archive import Archive
from tests import observed
from tests.places import find

AT = datetime.combine(observed.day(5), time(6), UTC)


@pytest.mark.parametrize(
    ("rain", "expected"),
    [
        ({("Cairns", 5): 2.0, ("Townsville", 5): 0.0}, "today"),
        ({("Cairns", 5): 2.0, ("Perth", 5): 0.0}, "today"),
        ({("Cairns", 5): 2.0}, "alone"),
        ({("Cairns", 5): 2.0, ("Townsville", 4): 0.0}, "alone"),
        ({("Cairns", 4): 2.0, ("Townsville", 5): 0.0}, "yesterday"),
        ({("Townsville", 5): 0.0}, "neighbours"),
        ({("Cairns", 3): 2.0, ("Townsville", 5): 0.0}, "neighbours"),
        ({("Townsville", 1): 0.0}, "climatology"),
    ],
)
def test_the_basis_follows_what_is_known(tmp_path: Path, rain: dict, expected: str) -> None:
    settings = Settings(root=tmp_path)
    observed.archive(settings, rain)
    contexts = Contexts(Archive(settings.archive))
    assert latest.rests_on(contexts, latest.due("Cairns", AT)) == expected


def test_a_station_without_any_other_lacks_none(tmp_path: Path) -> None:
    put_in_force(Network((find("Cairns"),)))
    settings = Settings(root=tmp_path)
    observed.archive(settings, {("Cairns", 5): 2.0})
    contexts = Contexts(Archive(settings.archive))
    assert latest.rests_on(contexts, latest.due("Cairns", AT)) == "today"


def test_the_nearest_are_fetched_beside_a_station() -> None:
    asked = latest.with_nearest([find("Cairns")])
    assert [s.location for s in asked][:2] == ["Cairns", "Townsville"]
    assert len(asked) == 6


def test_the_newest_row_of_a_station_is_its_own_and_not_after_the_day(tmp_path: Path) -> None:
    settings = Settings(root=tmp_path)
    observed.archive(settings, {("Cairns", 1): 2.0, ("Cairns", 9): 2.0, ("Perth", 5): 0.0})
    archive = Archive(settings.archive)
    assert archive.newest_row("Cairns", observed.day(8)) == observed.day(1)
    assert archive.newest_row("Cairns", observed.day(9)) == observed.day(9)
    assert archive.newest_row("Darwin", observed.day(9)) is None
