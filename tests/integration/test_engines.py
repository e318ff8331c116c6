"""What both engines promise alike, and what the shared one promises besides."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from raincast.errors import BadInput
from raincast.forecasts.row import COLUMNS
from raincast.settings import Settings
from raincast.store import stores, transfer
from raincast.store.postgres.stores import Postgres
from tests.archives import NOON, hour, rain
from tests.engines_kept import NOW, forecast, kept
from tests.journals import EIGHT, FORECAST, WHOLE


def test_a_journal_is_the_same_bytes(held: stores.Stores) -> None:
    book = held.journal()
    assert (book.exists(), book.snapshot(), book.written_at(), len(book.read())) == (
        False,
        b"",
        None,
        0,
    )
    book.require_writable()
    book.append([forecast(1), forecast(2)])
    held.journal().append([forecast(3)])
    head, *rows, end = book.snapshot().decode().split("\n")
    assert (head, end) == (",".join(COLUMNS), "")
    assert rows == [WHOLE.replace(FORECAST.forecast_id, f"{n:032x}") for n in (1, 2, 3)]
    assert book.exists()
    assert book.written_at() is not None
    assert held.shadow_journal().snapshot() == b""


def test_a_merge_is_harmless_when_it_is_repeated(held: stores.Stores) -> None:
    book = held.journal()
    book.append([forecast(1)])
    theirs = book.snapshot() + f"{WHOLE}\n".encode()
    before = len(book.snapshot())
    assert book.merge(theirs) == len(book.snapshot()) - before > 0
    assert book.merge(theirs) == 0
    assert book.read()["forecast_id"].tolist() == [f"{1:032x}", FORECAST.forecast_id]
    with pytest.raises(BadInput):
        book.merge(b"no journal\n")
    assert len(book.read()) == 2


def test_scored_rows_are_put_in_place_whole(held: stores.Stores) -> None:
    assert (held.scored().snapshot(), len(held.scored().read())) == (b"", 0)
    book = held.journal()
    book.append([forecast(1)._replace(use_latest=True)])
    for truth in (0.2, 1.4):
        rows = book.read().assign(
            observed_rainfall_mm=truth, truth_available=True, y_true=float(truth > 1)
        )
        held.scored().write(rows)
    found = held.scored().read()
    assert found["observed_rainfall_mm"].tolist() == [1.4]
    assert len(held.scored().station_days()) == 1
    assert held.scored().snapshot().count(b"\n") == 2


def test_a_ledger_keeps_what_was_added_in_order(held: stores.Stores) -> None:
    for n in range(3):
        with held.runs().alone():
            held.runs().read()
        ledger = held.runs()
        with ledger.alone():
            ledger.append({"n": n, "text": "mm\u2028"})
    assert [entry["n"] for entry in held.runs().read()] == [0, 1, 2]
    assert held.registry().history() == []


def test_what_is_remembered_is_made_anew_when_the_records_change(held: stores.Stores) -> None:
    before, ledger = held.changed("verdicts"), held.verdicts()
    with ledger.alone():
        ledger.append({"case": "A"})
    assert held.changed("verdicts") != before
    seen = [held.changed("archive", "journal", "scored", "history")]
    held.archive().append(rain([1.0]), NOON, "x")
    seen.append(held.changed("archive", "journal", "scored", "history"))
    held.journal().append([forecast(1)])
    seen.append(held.changed("archive", "journal", "scored", "history"))
    assert len(set(seen)) == 3
    assert held.changed("archive", "journal", "scored", "history") == seen[-1]


def test_a_registry_walks_back(held: stores.Stores) -> None:
    registry = held.registry()
    first, second = kept(registry, 0.2, 0), kept(registry, 0.9, 1)
    registry.promote(first, NOW, "first")
    registry.promote(second, NOW, "better")
    assert held.registry().load_active().version == second
    assert held.registry().rollback(NOW, "worse") == first
    assert held.registry().load_active().version == first
    assert [d.action for d in registry.history()] == ["promote", "promote", "rollback"]


def test_both_engines_answer_alike(tmp_path: Path, database: str) -> None:
    """Any values, missing ones and both zeros among them, at every moment."""
    held = [
        stores.of(Settings(root=tmp_path / "a")).archive(),
        stores.of(Settings(root=tmp_path / "b", database=database)).archive(),
    ]
    rng = np.random.default_rng(7)
    for n in range(12):
        frame = rain(
            rng.choice([0.0, -0.0, 0.1, 1 / 3, np.nan], 6).tolist(),
            rng.choice(["Albury", "Cairns", "MountGinini"]),
        )
        frame["WindGustDir"] = rng.choice(["N", "WSW"], 6)
        told = {archive.append(frame, hour(n % 5), f"s{n % 2}") for archive in held}
        assert len(told) == 1
        version = held[0].sightings(frame["Location"][0], frame["Date"][0].date())[-1]
        if n % 4 == 0 and not version.withdrawn:
            for archive in held:
                day = frame["Date"][0].date()
                archive.withdraw(frame["Location"][0], day, version.version, "why", NOON)
    for at in (None, hour(0), hour(2), hour(9)):
        answers = [archive.as_known_at(at) for archive in held]
        pd.testing.assert_frame_equal(*answers, check_exact=True)
    day = pd.Timestamp("2024-05-01").date()
    assert held[0].sightings("Albury", day) == held[1].sightings("Albury", day)
    pd.testing.assert_frame_equal(*(a.versions("Albury", day) for a in held), check_exact=True)
    assert held[0].newest_day() == held[1].newest_day()
    assert held[0].span() == held[1].span()
    assert held[0].newest_row("Albury", day) == held[1].newest_row("Albury", day)


def test_files_go_into_a_database_and_come_out_the_same(tmp_path: Path, database: str) -> None:
    mine = Settings(root=tmp_path / "root")
    old = stores.of(mine)
    old.archive().append(rain([1.0, np.nan]), NOON, "x")
    old.archive().append(rain([2.0]), hour(1), "y")
    old.archive().withdraw(
        "Albury",
        pd.Timestamp("2024-05-01").date(),
        old.archive().sightings("Albury", pd.Timestamp("2024-05-01").date())[-1].version,
        "why",
        NOON,
    )
    old.journal().append([forecast(1), forecast(2)])
    registry = old.registry()
    registry.promote(kept(registry, 0.2, 0), NOW, "first")
    with old.runs().alone():
        old.runs().append({"run": 1})
    with old.verdicts().alone():
        old.verdicts().append({"case": "B"})
    files = (mine.journal, mine.runs, mine.verdicts, mine.models / "history.jsonl")
    before = {path: path.read_bytes() for path in files}
    shared = replace(mine, database=database)
    told = [transfer.fill(old, Postgres(shared)) for _ in range(2)]
    assert told[0] == told[1]
    new = stores.of(shared)
    pd.testing.assert_frame_equal(old.archive().as_known_at(), new.archive().as_known_at())
    assert new.archive().withdrawals() == old.archive().withdrawals()
    assert new.registry().load_active().version == registry.load_active().version
    for path in before:
        path.unlink()
    assert set(transfer.export(shared, new)) == set(before)
    assert {path: path.read_bytes() for path in before} == before


def test_a_journal_of_former_days_comes_in_whole(tmp_path: Path, database: str) -> None:
    shared = stores.of(Settings(root=tmp_path, database=database)).journal()
    head = ",".join(COLUMNS[:8])
    assert shared.merge(f"{head}\n{EIGHT}\n".encode()) > 0
    assert shared.read()["location"].tolist() == ["Cairns"]
