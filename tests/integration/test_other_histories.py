"""Historical files that are not the public one."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from raincast.errors import BadFile, NotEnoughData
from raincast.loop import history
from raincast.observations.schema import HISTORICAL
from raincast.settings import Settings

NOW = datetime(2026, 11, 1, tzinfo=UTC)
HEADER = ",".join(HISTORICAL)


def given(root: Path, *lines: str) -> Settings:
    settings = Settings(root=root)
    settings.raw_history.parent.mkdir(parents=True)
    settings.raw_history.write_text("\n".join(lines) + "\n")
    return settings


def test_a_header_alone_is_refused_in_a_line(tmp_path: Path) -> None:
    with pytest.raises(NotEnoughData, match="no row: is it cut off"):
        history.prepare(given(tmp_path, HEADER), NOW)


def test_a_station_of_no_table_is_told_how_it_may_come_to_be_one(tmp_path: Path) -> None:
    row = "2008-12-01,Atlantis" + ",NA" * (len(HISTORICAL) - 2)
    with pytest.raises(BadFile, match="one of the 49 stations of the network; `raincast stations"):
        history.prepare(given(tmp_path, HEADER, row), NOW)
