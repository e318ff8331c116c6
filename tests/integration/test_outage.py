"""The Bureau away for two days, then back: lost is what could not be made, and nothing else."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

from raincast.settings import Settings
from raincast.store import journal
from raincast.store.archive import Archive
from tests import slots

FIRST = datetime(2024, 5, 20, 6, tzinfo=UTC)
DAYS = 5
OUT = range(2, 6)
"""The slots of the outage: the second and the third day."""


def lived(root: Path, out: range) -> tuple[Settings, list[datetime], list[int]]:
    """Five days of rounds; the exit code of each."""
    moments, codes = slots.slots(FIRST, DAYS), []
    with slots.mirror(FIRST) as mirror:
        here = slots.settings(root, mirror.url)
        for i, at in enumerate(moments):
            settings = slots.away(here) if i in out else here
            codes.append(slots.live(settings, mirror, at).exit_code)
    return here, moments, codes


def forecasts(here: Settings) -> pd.DataFrame:
    rows = journal.Journal(here.journal).read()
    return rows.set_index(["location", "logged_at_utc"]).sort_index()


@pytest.mark.slow
def test_an_outage_of_two_days_costs_the_forecasts_that_could_not_be_made(tmp_path: Path) -> None:
    slots.build(tmp_path / "world")
    shutil.copytree(tmp_path / "world", tmp_path / "twin")
    here, moments, codes = lived(tmp_path / "world", OUT)
    twin, _, whole = lived(tmp_path / "twin", range(0))
    assert set(whole) <= {0, 7}
    assert [code == 4 for code in codes] == [i in OUT for i in range(len(moments))]

    ours, theirs = forecasts(here), forecasts(twin)
    assert len(theirs) == len(slots.STATIONS) * len(moments)
    assert ours.index.equals(theirs.index), "every station has a forecast in every slot"
    away = ours.index.get_level_values(1).isin([moments[i] for i in OUT])
    same = ["rain_probability", "predicted_rain", "basis", "feature_date", "missing"]
    assert ours.loc[~away, same].equals(theirs.loc[~away, same]), "the same bits before and after"
    lost = theirs["basis"].isin(["today", "alone"]) & ~ours["basis"].isin(["today", "alone"])
    assert lost[~away].sum() == 0
    assert lost[away].sum() > 0
    assert set(ours.loc[away, "basis"]) <= {"today", "yesterday", "neighbours", "climatology"}
    known = [Archive(s.archive).as_known_at() for s in (here, twin)]
    pd.testing.assert_frame_equal(*known)
    truth = ["location", "target_date", "observed_rainfall_mm", "truth_available", "y_true"]
    scored = [
        pd.read_csv(s.scored_journal)[truth].sort_values(truth[:2], ignore_index=True)
        for s in (here, twin)
    ]
    pd.testing.assert_frame_equal(*scored)
