"""The Bureau's own files, as many as are at hand, are all read."""

import pandas as pd
import pytest

from raincast.observations.frame import validate
from raincast.sources import dwo
from tests.places import LOCATIONS


@pytest.fixture(scope="module")
def files(bom_dir):
    return [dwo.parse(path.read_bytes(), str(path)) for path in sorted(bom_dir.rglob("*.csv"))]


def test_all_are_read_and_in_range(files):
    assert len(files) == 1059
    assert sum(len(file.frame) for file in files) == 29_688
    assert {file.station.location for file in files} == set(LOCATIONS)
    rows = pd.concat([file.frame for file in files]).drop_duplicates(["Location", "Date"])
    assert len(validate(rows)) == 22_258


def test_only_those_saved_again_do_not_say_when_they_were_prepared(files):
    silent = {file.station.location for file in files if file.prepared_at is None}
    assert sum(file.prepared_at is None for file in files) == 24
    assert silent == {"Perth", "Richmond"}


def test_every_observation_is_there_and_missing_is_seen_as_missing(files):
    rows = pd.concat([file.frame for file in files])
    present = rows.notna().sum()
    assert present["MinTemp"] == 29_688 - 163
    assert present["Rainfall"] == 29_688 - 557
    assert (rows["WindSpeed9am"] == 0).sum() >= 1187, "calm mornings"
    assert rows.loc[rows["WindSpeed9am"] == 0, "WindDir9am"].isna().all()
