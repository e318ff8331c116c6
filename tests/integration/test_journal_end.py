"""What a slot's step reads of the journal: its end, the same rows as of the whole."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from raincast.loop import ask
from raincast.settings import Settings
from raincast.store import stores
from tests.journals import EIGHT, FORECAST

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
LATE = timedelta(minutes=90)
"""More than clocks may be apart."""


@pytest.fixture(params=["files", "postgres"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    address = request.getfixturevalue("database") if request.param == "postgres" else ""
    return Settings(root=tmp_path, database=address)


def write(settings: Settings, seed: int, rows: int = 9000) -> None:
    """Rows of two days in order but for some that were logged by other clocks, or added late."""
    draw = np.random.default_rng(seed)
    begun = NOW - timedelta(days=2)
    moments = [begun + timedelta(seconds=int(s)) for s in np.sort(draw.integers(0, 172800, rows))]
    for i in draw.choice(rows, 12, replace=False):
        moments[i] += timedelta(seconds=int(draw.integers(-40000, 40000)))
    ids = (f"{seed:016x}{i:016x}" for i in range(rows))
    made = [
        FORECAST._replace(logged_at_utc=at, use_latest=bool(draw.random() < 0.8), forecast_id=name)
        for at, name in zip(moments, ids, strict=True)
    ]
    stores.of(settings).journal().append(made)


def of_slot(rows: pd.DataFrame) -> list[str]:
    """The slot's rows, from all rows."""
    logged = rows["logged_at_utc"]
    mine = rows["use_latest"] & (logged >= ask.slot(NOW)) & (logged <= NOW + ask.CLOCKS_APART)
    return list(rows["forecast_id"][mine & ~ask.ahead(logged)])


@pytest.mark.parametrize("seed", range(4))
def test_the_end_has_the_slots_rows_of_the_whole(settings: Settings, seed: int) -> None:
    write(settings, seed)
    whole = stores.of(settings).journal().read()
    assert list(ask._of_slot(settings, NOW)["forecast_id"]) == of_slot(whole)
    lengths = []
    for back in (timedelta(hours=3), timedelta(days=1)):
        end = stores.of(settings).journal().newest(NOW - back)
        assert list(end["forecast_id"]) == list(whole["forecast_id"].tail(len(end)))
        lengths.append(len(end))
    assert lengths[0] < lengths[1] <= len(whole)


def test_there_may_be_no_journal_none_older_and_one_in_another_form(tmp_path: Path) -> None:
    settings = Settings(root=tmp_path)
    assert stores.of(settings).journal().newest(NOW).empty
    write(settings, 1)
    assert len(stores.of(settings).journal().newest(NOW - timedelta(days=9))) == 9000
    settings.journal.write_text(f"{EIGHT}\n{EIGHT}\n")
    assert len(stores.of(settings).journal().newest(NOW)) == 2


def test_a_call_that_is_half_written_is_not_in_the_end(tmp_path: Path) -> None:
    settings = Settings(root=tmp_path)
    write(settings, 2)
    with settings.journal.open("ab") as file:
        file.write(b"2026-11-23T07:5")
    end = stores.of(settings).journal().newest(NOW - LATE)
    assert len(end) < 9000
    assert end["logged_at_utc"].notna().all()
