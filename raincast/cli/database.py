"""`raincast database`: the PostgreSQL that `DATABASE_URL` names."""

from typing import TYPE_CHECKING

import typer

from raincast import console
from raincast.errors import MissingSetting

if TYPE_CHECKING:
    from raincast.settings import Settings

app = typer.Typer(
    help="Make, fill and export the tables of the PostgreSQL that DATABASE_URL names.",
    no_args_is_help=True,
)


@app.command()
def upgrade() -> None:
    """Make the tables, or change those of an earlier version, all or none. Repeatable."""
    from raincast.store.postgres.database import Database

    settings, _ = console.ready()
    _require(settings)
    database = Database(settings.database)
    typer.echo(f"{database.name}: tables of revision {database.upgrade()}")


@app.command()
def fill() -> None:
    """Take what PROJECT_ROOT has in files into an empty database: archive, journals, history, runs.

    A second time it adds nothing.
    """
    from raincast.store import stores, transfer
    from raincast.store.postgres.stores import Postgres

    settings, _ = console.ready()
    _require(settings)
    for name, count in transfer.fill(stores.Files(settings), Postgres(settings)).items():
        typer.echo(f"{name}: {count}")


@app.command()
def export() -> None:
    """Write the journals, the history and the runs to the files that they are without a database,
    byte for byte; the archive stays. `raincast validate` and publishing read them.
    """
    from raincast.store import stores, transfer

    settings, _ = console.ready()
    _require(settings)
    for path in transfer.export(settings, stores.of(settings)):
        typer.echo(str(path))


def _require(settings: "Settings") -> None:
    if not settings.database:
        raise MissingSetting("DATABASE_URL is not set: the records are files under PROJECT_ROOT")
