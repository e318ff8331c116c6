"""All commands under one roof."""

import typer

from raincast import __version__, console
from raincast.cli import (
    accounts,
    alerting,
    archive,
    database,
    demo,
    health,
    live,
    mirroring,
    models,
    observations,
    past,
    publishing,
    replaying,
    retraining,
    stations,
    tracking,
    training,
    watching,
)
from raincast.cli.names import register

app = typer.Typer(
    help=(
        "The chance of rain tomorrow at 49 Australian stations, from a loop that is honest about"
        " what it knew.\n\nBegin with `raincast demo`. Then: `fetch-history`, `prepare`,"
        " `train`, `ingest`, `predict`, `score`, `decide`, `retrain`. PROJECT_ROOT says where data,"
        " models, metrics and outputs lie."
    ),
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
for group in (
    demo,
    observations,
    archive,
    training,
    retraining,
    live,
    past,
    watching,
    mirroring,
    replaying,
    accounts,
    tracking,
    publishing,
    health,
):
    register(app, group.COMMANDS)
app.add_typer(models.app, name="models")
app.add_typer(alerting.app, name="alert")
app.add_typer(stations.app, name="stations")
app.add_typer(database.app, name="database")


@app.callback(invoke_without_command=True)
def _version(
    version: bool = typer.Option(False, "--version", help="Print the version and stop."),
) -> None:
    if version:
        typer.echo(__version__)
        raise typer.Exit


def main() -> None:
    """The entry point: errors raised on purpose become one line and an exit code."""
    console.guarded(app)
