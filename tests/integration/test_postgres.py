"""What the shared engine promises besides: its tables, its address, hosts that write at once."""

import threading
from pathlib import Path

import optuna
import psycopg
import pytest

from raincast import logs
from raincast.errors import BadInput, JournalFailed, NoModel, ServerUnavailable
from raincast.forecasts.row import COLUMNS
from raincast.observations.schema import OBSERVATIONS
from raincast.settings import Settings, secrets
from raincast.store import scored, stores
from raincast.store.postgres import archive_sql
from raincast.store.postgres.database import Database
from tests.archives import NOON, rain
from tests.engines_kept import NOW, forecast, kept


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
