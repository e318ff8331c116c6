"""The database that `DATABASE_URL` names: reached, its tables checked, and brought up to date.

Errors name it without its password.
"""

import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

import psycopg
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, Engine, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError

from raincast.errors import BadInput, Busy, ServerUnavailable

EXPECTED = "postgresql://HOST/NAME, USER:PASSWORD@ before the host"
"""So that the log, which strikes logins out of addresses, leaves it as it is."""
IN_QUERY = ("password", "sslpassword")
"""Where an address may hold a password beside its login."""
CONNECT_SECONDS = 5
MIGRATIONS = Path(__file__).parent / "migrations"
VERSIONS = "raincast_version"
"""The table that says which revision is there; Optuna and MLflow have `alembic_version`."""


class Database:
    """Connections to one database, shared by the threads of a process.

    Attributes:
        name: its address without the password, for messages.
    """

    def __init__(self, address: str) -> None:
        found = _address(address)
        shown = found.set(drivername="postgresql").difference_update_query(IN_QUERY)
        self.name = shown.render_as_string(hide_password=True)
        self._engine: Engine = create_engine(
            found, pool_pre_ping=True, connect_args={"connect_timeout": CONNECT_SECONDS}
        )
        weakref.finalize(self, self._engine.dispose)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection whose queries all see the database as it was at the first.

        Raises:
            ServerUnavailable: the database cannot be reached.
        """
        with self._told(), self._engine.connect() as connection:
            yield connection.execution_options(isolation_level="REPEATABLE READ")

    @contextmanager
    def writing(self, table: str, patience: float) -> Iterator[Connection]:
        """A transaction alone with a table, which others read meanwhile; committed at the end.

        Raises:
            ServerUnavailable: the database cannot be reached.
            Busy: another has written to the table for `patience` seconds.
        """
        with self._told(), self._engine.begin() as connection:
            _wait_at_most(connection, patience)
            connection.execute(text(f"LOCK TABLE {table} IN EXCLUSIVE MODE"))
            yield connection

    @contextmanager
    def turn(self, number: int, patience: float) -> Iterator[Connection]:
        """A connection that holds the lock of that number on every host; each statement is
        committed at once. The lock ends with the connection.

        Raises:
            ServerUnavailable: the database cannot be reached.
            Busy: another has held the lock for `patience` seconds.
        """
        with self._told(), self._engine.connect() as opened:
            connection = opened.execution_options(isolation_level="AUTOCOMMIT")
            connection.execute(text(f"SET lock_timeout = {round(1000 * patience)}"))
            try:
                connection.execute(text("SELECT pg_advisory_lock(:number)"), {"number": number})
                yield connection
            finally:
                # A session that goes on would keep both.
                connection.invalidate()

    def require_current(self) -> None:
        """Refuses tables that are not those of this version of the program.

        Raises:
            BadInput: says what to do.
        """
        with self.reading() as connection:
            found = _revision(connection)
        known = [script.revision for script in _scripts().walk_revisions()]
        if found == known[0]:
            return
        remedy = (
            "`raincast database upgrade`"
            if found is None or found in known
            else "a version of raincast that knows them, or a database of its own"
        )
        raise BadInput(
            f"{self.name}: found tables of revision {found or 'none'}, expected {known[0]}:"
            f" {remedy}"
        )

    def upgrade(self) -> str:
        """Makes or changes the tables, all or none; their revision afterwards.

        Raises:
            BadInput: they are of a later version.
            ServerUnavailable: the database cannot be reached.
        """
        with self._told(), self._engine.begin() as connection:
            found = _revision(connection)
            known = [script.revision for script in _scripts().walk_revisions()]
            if found is not None and found not in known:
                raise BadInput(
                    f"{self.name}: found tables of revision {found}, expected one up to"
                    f" {known[0]}: a later version of raincast made them"
                )
            config = _config()
            config.attributes |= {"connection": connection, "version_table": VERSIONS}
            command.upgrade(config, "head")
        return known[0]

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except OperationalError as error:
            if isinstance(error.orig, psycopg.errors.LockNotAvailable):
                raise Busy(f"{self.name}: another host writes; wait, or end it") from error
            raise ServerUnavailable(self._said(error)) from error
        except DBAPIError as error:
            raise ServerUnavailable(self._said(error)) from error
        except psycopg.Error as error:
            raise ServerUnavailable(f"{self.name}: {error}; is it there, and complete?") from error

    def _said(self, error: DBAPIError) -> str:
        said = str(error.orig).strip().splitlines()
        return f"{self.name}: {said[0] if said else error.orig}; is DATABASE_URL right?"


@lru_cache(maxsize=8)
def reached(address: str) -> Database:
    """The database of an address, once for each process, its tables checked.

    Raises:
        BadInput: it is no address of PostgreSQL, or the tables are not this version's.
        ServerUnavailable: it cannot be reached.
    """
    database = Database(address)
    database.require_current()
    return database


def _address(text: str) -> URL:
    try:
        found = make_url(text)
    except (ArgumentError, ValueError):  # a port that is no number is the latter
        raise BadInput(
            f"DATABASE_URL: found no address that can be read, expected {EXPECTED}"
        ) from None
    if found.get_backend_name() != "postgresql":
        kind = found.get_backend_name()
        raise BadInput(f"DATABASE_URL: found an address of {kind}, expected {EXPECTED}")
    if "@" in (found.host or ""):  # what stands before it may be the password's end
        raise BadInput(
            f"DATABASE_URL: found '@' twice, expected {EXPECTED}; in the password %40 for '@' and"
            " %2F for '/'"
        )
    return found.set(drivername="postgresql+psycopg")


def _wait_at_most(connection: Connection, seconds: float) -> None:
    wait = {"wait": f"{max(1, round(1000 * seconds))}"}
    connection.execute(text("SELECT set_config('lock_timeout', :wait, true)"), wait)


def _revision(connection: Connection) -> str | None:
    found = MigrationContext.configure(connection, opts={"version_table": VERSIONS})
    return found.get_current_revision()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())
