"""The loop against a mirror with one fault of each kind: rounds and scores come to their end by
themselves, and what could be forecast was.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from raincast.forecasts import basis
from raincast.loop import round as rounds
from raincast.mirror.app import create_mirror
from raincast.mirror.clock import Clock
from raincast.mirror.faults import KINDS, Fault, Faults
from raincast.mirror.server import running
from raincast.store import journal
from tests import slots
from tests.places import find

FIRST = datetime(2024, 5, 20, 6, 15, tzinfo=UTC)
HIT = dict(zip(KINDS, (*slots.STATIONS[::2], slots.STATIONS[-1]), strict=True))
"""Whose files each kind of fault hits: no three in a row, after which the server is left alone."""


@contextmanager
def mirror(clock: Clock) -> Iterator[str]:
    faults = Faults(Fault(kind, find(name).product) for kind, name in HIT.items())
    with running(create_mirror(slots.shelf(), clock, faults)) as url:
        yield url


@pytest.mark.slow
def test_rounds_need_nobodys_hand(tmp_path: Path) -> None:
    slots.build(tmp_path / "root")
    clock = Clock(FIRST, 0.0, lambda: 0.0)
    with mirror(clock) as url:
        here = replace(slots.settings(tmp_path / "root", url), fetch_timeout_seconds=1.0)
        for at in (FIRST + timedelta(hours=12 * i) for i in range(6)):
            clock.move(at)
            done = rounds.run(here, at, lambda _: None)
            assert done.failed == {}
            assert done.decision == "skip_optuna"
    rows = journal.Journal(here.journal).read()
    newest = rows[rows["issued_at_utc"] >= FIRST + timedelta(hours=60)]
    assert set(newest["location"]) == set(slots.STATIONS), "nobody is without a forecast"
    own = newest[newest["basis"].map(basis.has_own_row)]
    assert set(slots.STATIONS) - set(HIT.values()) <= set(own["location"])
