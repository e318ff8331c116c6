"""What both engines promise alike, and what the shared one promises besides."""

import threading
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import optuna
import pandas as pd
import psycopg
import pytest

from raincast import logs
from raincast.errors import BadInput, JournalFailed, NoModel, ServerUnavailable
from raincast.forecasts.row import COLUMNS
from raincast.learning.metadata import ModelDescription
from raincast.observations.schema import OBSERVATIONS
from raincast.settings import Settings, secrets
from raincast.store import scored, stores, transfer
from raincast.store.postgres import archive_sql
from raincast.store.postgres.database import Database
from raincast.store.postgres.stores import Postgres
from raincast.store.registry import Registry
from tests.archives import NOON, hour, rain
from tests.integration.test_registry import climate
from tests.journals import EIGHT, FORECAST, WHOLE

NOW = datetime(2026, 3, 3, 12, tzinfo=UTC)


def forecast(number: int):
    return FORECAST._replace(forecast_id=f"{number:032x}")


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


def about(chance: float) -> ModelDescription:
    return ModelDescription(threshold=chance, figures={}, params={}, stations=["Albury"])


def kept(registry: Registry, chance: float, minute: int) -> str:
    return registry.save(climate(chance), about(chance), NOW.replace(minute=minute))


def test_a_registry_walks_back(held: stores.Stores) -> None:
    registry = held.registry()
    first, second = kept(registry, 0.2, 0), kept(registry, 0.9, 1)
    registry.promote(first, NOW, "first")
    registry.promote(second, NOW, "better")
    assert held.registry().load_active().version == second
    assert held.registry().rollback(NOW, "worse") == first
    assert held.registry().load_active().version == first
    assert [d.action for d in registry.history()] == ["promote", "promote", "rollback"]


@pytest.fixture
def hosts(database: str, tmp_path: Path) -> list[Settings]:
    return [Settings(root=tmp_path / name, database=database) for name in ("one", "two")]


def test_one_history_decides_for_all_hosts(hosts: list[Settings]) -> None:
    """A host follows as soon as it has the files; until then it says what is missing."""
    one, two = (stores.of(host).registry() for host in hosts)
    first = kept(one, 0.2, 0)
    one.promote(first, NOW, "first")
    kept(two, 0.5, 2)
    before = two.state()
    with pytest.raises(NoModel, match=f"{first} serves by the shared history"):
        two.load_active()
    assert kept(two, 0.2, 0) == first, "the same model, copied"
    assert two.state() != before
    assert two.load_active().version == first
    second = kept(two, 0.9, 1)
    two.promote(second, NOW, "better")
    assert two.history()[-1].previous == first
    with pytest.raises(NoModel, match=f"{second} serves"):
        one.promote(first, NOW, "back")
    assert [d.version for d in one.history()] == [first, second]


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


def test_tables_have_the_columns_of_the_program(database: str) -> None:
    with psycopg.connect(database) as connection:
        found = connection.execute("SELECT * FROM contents LIMIT 0").description
        assert found is not None
        assert [c.name for c in found] == ["location", "day", "digest", *OBSERVATIONS]
        for view, columns in (("forecasts", COLUMNS), ("scored_forecasts", scored.COLUMNS)):
            described = connection.execute(f"SELECT * FROM {view} LIMIT 0").description  # noqa: S608
            assert described is not None
            assert [c.name for c in described] == ["number", *columns]
    assert archive_sql.VERSIONS


def test_the_archive_only_grows(database: str) -> None:
    stores.of(Settings(database=database)).archive().append(rain([1.0]), NOON, "x")
    with psycopg.connect(database, autocommit=True) as connection:
        for statement in ("DELETE FROM sightings", "UPDATE contents SET day = ''"):
            with pytest.raises(psycopg.errors.RaiseException, match="the archive only grows"):
                connection.execute(statement)


def test_tables_that_are_older_or_newer_are_refused_with_the_remedy(
    database_server: str, database: str
) -> None:
    empty = Database(database_server)
    with pytest.raises(BadInput, match=r"found tables of revision none.*raincast database upgrade"):
        empty.require_current()
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("UPDATE raincast_version SET version_num = '9999'")
    with pytest.raises(
        BadInput, match=r"revision 9999, expected .*a version of raincast that know"
    ):
        stores.of(Settings(database=database))
    with pytest.raises(BadInput, match="a later version of raincast made them"):
        Database(database).upgrade()


def test_studies_may_lie_in_the_same_database(database: str, tmp_path: Path) -> None:
    settings = Settings(root=tmp_path, database=database, optuna_storage=database)
    storage = optuna.storages.RDBStorage(settings.studies)
    optuna.create_study(study_name="mine", storage=storage)
    Database(database).require_current()
    assert [study.study_name for study in storage.get_all_studies()] == ["mine"]
    storage.remove_session()
    storage.engine.dispose()


def test_an_address_is_refused_without_its_password() -> None:
    for address in ("sqlite:///x", "mysql://me:geheim@host/x", "geheim"):
        with pytest.raises(BadInput, match=r"DATABASE_URL.*expected postgresql://") as refused:
            stores.of(Settings(database=address))
        assert "geheim" not in str(refused.value)
    gone = "postgresql://me:geheim@127.0.0.1:9/x"
    with pytest.raises(ServerUnavailable, match=r"127\.0\.0\.1:9") as refused:
        stores.of(Settings(database=gone))
    assert "geheim" not in str(refused.value)
    assert "geheim" not in repr(Settings(database=gone))


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("postgresql://me:geheim@host:port/x", "found no address that can be read"),
        ("postgresql://me:ge/x@heim@127.0.0.1:9/x", "%40"),
    ],
)
def test_an_address_that_cannot_be_read_is_not_shown(address: str, said: str) -> None:
    with pytest.raises(BadInput, match=said) as refused:
        stores.of(Settings(database=address))
    assert "heim" not in str(refused.value)
    assert logs.struck(str(refused.value)) == str(refused.value), "what is expected is readable"


def test_a_password_in_the_query_is_shown_nowhere() -> None:
    address = "postgresql://127.0.0.1:9/x?user=me&password=geheim"
    with pytest.raises(ServerUnavailable, match=r"127\.0\.0\.1:9") as refused:
        stores.of(Settings(database=address))
    assert "geheim" not in str(refused.value)
    assert secrets({"DATABASE_URL": address}) == ("geheim",)


def test_hosts_that_write_at_once_lose_nothing_and_tear_no_call(hosts: list[Settings]) -> None:
    def write(who: int) -> None:
        book = stores.of(hosts[who % 2]).journal()
        for n in range(20):
            book.append([forecast(1000 * who + 2 * n), forecast(1000 * who + 2 * n + 1)])

    writers = [threading.Thread(target=write, args=(who,)) for who in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    ids = [int(i, 16) for i in stores.of(hosts[0]).journal().read()["forecast_id"]]
    assert len(ids) == len(set(ids)) == 160
    assert all(b == a + 1 for a, b in zip(ids[::2], ids[1::2], strict=True))


def test_a_writer_that_waits_too_long_says_so(hosts: list[Settings]) -> None:
    book = stores.of(hosts[0]).journal()
    book.append([forecast(1)])
    book._patience = 0.05
    with psycopg.connect(hosts[0].database) as other:
        other.execute("LOCK TABLE journal_lines IN EXCLUSIVE MODE")
        with pytest.raises(JournalFailed, match="another host writes"):
            book.append([forecast(2)])
        assert len(book.read()) == 1, "readers wait for nobody"


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
