"""A clean clone and a first model: rounds over a Bureau with every kind of trouble, without
anybody's hand; and three commands for a station that no model has seen.
"""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from raincast.forecasts import basis
from raincast.mirror.faults import KINDS
from raincast.mirror.shelf import NEVER, Shelf
from raincast.simulator import simulate
from raincast.simulator.files import write_history
from raincast.store import journal
from tests import clones, slots
from tests.integration.test_fortnight import AROUND
from tests.integration.test_new_station import ADD, files
from tests.places import LOCATIONS, find
from tests.troubles import instead

HISTORY = date(2014, 11, 15), date(2016, 1, 31)
NOW = datetime.now(UTC)
"""The commands have this machine's clock, and so must the Bureau's files."""
HIT = {name: instead(kind) for name, kind in zip(LOCATIONS[::5], KINDS, strict=False)}
TROUBLES = AROUND.read | AROUND.lost | HIT


@contextmanager
def mirror() -> Iterator[slots.Mirror]:
    frame = simulate((NOW - timedelta(days=70)).date(), (NOW + timedelta(days=1)).date(), 3)
    with slots.mirror(NOW, Shelf([(frame, np.full(len(frame), NEVER))])) as made:
        made.spoils = {find(name).product: spoil for name, spoil in TROUBLES.items()}
        yield made


@pytest.fixture(scope="module")
def modelled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone after `make model`; copied, never changed."""
    if not shutil.which("make"):
        pytest.skip("no make")
    folder = tmp_path_factory.mktemp("clones")
    here = clones.clone(clones.published(folder), folder / "clone")
    write_history(here / "data/raw/weatherAUS.csv", simulate(*HISTORY, 11))
    clones.run(here, "make", "model", PROJECT_ROOT=str(here))
    return here


@pytest.fixture
def here(modelled: Path, tmp_path: Path) -> Path:
    """A copy of that clone."""
    return shutil.copytree(modelled, tmp_path / "clone", symlinks=True)


@pytest.mark.slow
def test_a_faulty_bureau_needs_nobodys_hand(here: Path) -> None:
    with mirror() as bureau:
        about = {"PROJECT_ROOT": str(here), "BUREAU_URL": bureau.url, "FETCH_TRIES": "1"}
        about |= {"FETCH_PER_SECOND": "100", "FETCH_TIMEOUT_SECONDS": "2"}
        rounds = [
            clones.run(here, "raincast", "run", "--json", check=False, **about) for _ in range(2)
        ]
        sound = {name for name in LOCATIONS if name not in TROUBLES and bureau.has_row(name)}
    assert {done.returncode for done in rounds} == {7}, rounds[0].stderr
    told = [json.loads(done.stdout) for done in rounds]
    assert [one["failed"] for one in told] == [{}, {}]
    assert told[1]["decision"] == "skip_optuna"
    rows = journal.Journal(here / "outputs/preds_api.csv").read()
    assert set(rows["location"]) == set(LOCATIONS), "nobody is without a forecast"
    own = set(rows.loc[rows["basis"].map(basis.has_own_row), "location"])
    assert own >= sound
    assert own.isdisjoint(set(AROUND.lost) - AROUND.sometimes)
    assert "Traceback" not in "".join(done.stderr for done in rounds)
    assert clones.run(here, "git", "status", "--porcelain").stdout == ""


@pytest.mark.slow
def test_three_commands_forecast_a_station_that_no_model_has_seen(here: Path) -> None:
    about = {"PROJECT_ROOT": str(here)}
    clones.run(here, "raincast", *ADD, **about)
    files(here, "Mildura", NOW)  # somebody saves them
    clones.run(here, "raincast", "ingest", "arrived", **about)
    said = clones.run(here, "raincast", "predict", "Broken Hill", **about).stdout
    assert said.startswith("BrokenHill: ")
    assert "% chance of more than 1 mm" in said
    assert "the model has not seen the station" in said
