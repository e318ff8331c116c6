"""A clean clone over a Bureau with every kind of trouble: a model, and rounds; nobody's hand."""

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


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("make"), reason="no make")
def test_a_clean_clone_over_a_faulty_bureau_needs_nobodys_hand(tmp_path: Path) -> None:
    here = clones.clone(clones.published(tmp_path), tmp_path / "clone")
    write_history(here / "data/raw/weatherAUS.csv", simulate(*HISTORY, 11))
    with mirror() as bureau:
        about = {"PROJECT_ROOT": str(here), "BUREAU_URL": bureau.url, "FETCH_TRIES": "1"}
        about |= {"FETCH_PER_SECOND": "100", "FETCH_TIMEOUT_SECONDS": "2"}
        clones.run(here, "make", "model", **about)
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
