"""Commands around the published journal: ask the API for it, check it, take another's rows into it.

`python -m raincast.cli.publishing` has these alone, and starts in a quarter of the time: scripts
call them often.
"""

from pathlib import Path
from typing import Annotated

import typer

from raincast import console
from raincast.cli.names import register
from raincast.errors import BadFile
from raincast.settings import secret

Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
File = Annotated[Path | None, typer.Argument(help="A journal; outputs/preds_api.csv if none.")]


def request_forecasts(
    api: Annotated[
        str | None, typer.Option(help="Address of the running API; API_URL if none.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Ask the API for every station's forecast from its newest observations, once for each
    scheduled slot. Ends with 0 where every station's newest row was had, 7 where some were, 4 where
    none was; the others are forecast from what else is known, and marked.
    """
    from raincast.loop import alerts
    from raincast.loop import ask as asking

    settings, now = console.ready()
    with alerts.watched(settings, now, "predict"):
        done = asking.ask(settings, api or settings.api_url, secret("API_KEY"), now)
    alerts.predicted(settings, now, len(done.ok) + done.already, done.basis, done.causes)
    if as_json:
        console.put(done)
    else:
        typer.echo(f"{len(done.ok)} stations forecast, {done.already} had theirs since {done.slot}")
    for regime, names in done.regimes.items():
        console.say(f"{regime}: {', '.join(names)}")
    for line in done.causes:
        console.say(f"no newest row: {line}")
    for basis, names in done.basis.items():
        console.say(f"forecast from {basis}: {', '.join(names)}")
    code = asking.exit_code(done)
    if code:
        raise typer.Exit(code)


def validate(file: File = None, as_json: Json = False) -> None:
    """Check that a journal may be published: whole, today's columns, every row readable, no
    forecast twice.
    """
    from raincast.forecasts import publication
    from raincast.store import stores
    from raincast.store.journal import Journal

    settings, _ = console.ready()
    book = Journal(file) if file else stores.of(settings).journal()
    found = publication.examine(book.pieces())
    if not found.size:
        raise BadFile(
            book.name,
            "no file, or an empty one",
            "a journal; the API and `raincast predict` write it",
        )
    publication.require(found, book.name)
    told = {name: getattr(found, name) for name in ("rows", "stations", "sha256")}
    if as_json:
        console.put(told)
    else:
        typer.echo("{} is valid: {rows} rows of {stations} stations".format(book.name, **told))


def merge(file: Annotated[Path, typer.Argument(help="Another journal.")]) -> None:
    """Take the rows of another journal into outputs/preds_api.csv, those that are missing there."""
    from raincast.forecasts import reader
    from raincast.loop import journal_events
    from raincast.sources import local, text
    from raincast.store import stores

    settings, _ = console.ready()
    if not file.exists():
        raise BadFile(str(file), "nothing", "a journal")
    theirs = text.unwrapped(local.content(file), str(file))
    versions = reader.parse(theirs).rows["model_version"].unique()
    journal_events.require_one(settings, versions, str(file))
    ours = stores.of(settings).journal()
    grown = ours.merge(theirs, str(file))
    typer.echo(f"{ours.name} has grown by {grown} bytes")


COMMANDS = (request_forecasts, validate, merge)

if __name__ == "__main__":
    app = typer.Typer(pretty_exceptions_enable=False, add_completion=False)
    register(app, COMMANDS)
    console.guarded(app)
