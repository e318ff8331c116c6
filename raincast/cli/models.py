"""`raincast models`: which models there are, which serves, and the way back."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from raincast import console
from raincast.errors import BadInput
from raincast.store import stores

CHECKED = (
    "version",
    "created_at_utc",
    "sha256",
    "threshold",
    "thresholds",
    "rows",
    "params",
    "run_id",
    "purpose",
)

_PURPOSES = {
    "serving": "to serve: fitted to all rows",
    "judged": "evaluation: tested in place of the one to serve",
    "tuning": "tuning: calibration and thresholds are chosen on the year after its rows",
}
"""What the purposes of metadata, by their first word, mean."""

app = typer.Typer(help="List, show, promote and roll back models.", no_args_is_help=True)
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
Reason = Annotated[str, typer.Option(help="Why; kept in the history.")]


@app.command("list")
def list_(as_json: Json = False) -> None:
    """Every version, oldest first, and what it is for; the star marks the one that serves."""

    settings, _ = console.ready()
    found = stores.of(settings).registry().versions()
    if as_json:
        console.put([kept.to_json() for kept in found])
        return
    if not found:
        console.say(f"no model in {settings.models}; `raincast train` makes one")
    for v in found:
        rows = f"{v.rows.count} rows to {v.rows.last}" if v.rows else "rows not known"
        purpose = v.purpose or ""
        purpose = _PURPOSES.get(purpose.split(":")[0], purpose)
        made = f"  made by {v.model}" if v.model else ""
        typer.echo(f"{'*' if v.active else ' '} {v.version}  {rows}  {purpose}".rstrip() + made)


@app.command()
def show(
    version: Annotated[
        str | None, typer.Argument(help="A version; the one that serves if none.")
    ] = None,
) -> None:
    """One version's metadata, as JSON."""

    settings, _ = console.ready()
    chosen = (
        stores.of(settings).registry().load(version)
        if version
        else stores.of(settings).registry().load_active()
    )
    console.put(chosen.metadata)


@app.command()
def check(as_json: Json = False) -> None:
    """Check the hash of the model that serves, and say which it is."""
    from raincast.store import model_files

    settings, _ = console.ready()
    metadata, path = (
        stores.of(settings).registry().active_metadata(),
        settings.models / model_files.PIPELINE,
    )
    about = metadata.to_json(include=set(CHECKED))
    found = {
        "path": str(path),
        "mtime": datetime.fromtimestamp(path.stat().st_mtime, UTC).isoformat(),
        "metadata": about,
    }
    if as_json:
        console.put(found)
    else:
        typer.echo(f"{about['version']} serves: {path} has the hash {about['sha256']}")


@app.command()
def promote(version: str, reason: Reason = "by hand") -> None:
    """Make a version the one that serves."""
    from raincast.loop import alerts
    from raincast.tracking import after_run

    settings, now = console.ready()
    stores.of(settings).registry().promote(version, now, reason)
    after_run.follow(settings)
    alerts.serves(settings, now, version, "promoted by hand", reason)
    typer.echo(f"{version} serves")


@app.command("import-model")
@app.command("take", hidden=True)
def import_model(
    folder: Annotated[
        Path, typer.Argument(help="A folder with pipeline.joblib and model_metadata.json.")
    ],
    sha256: Annotated[
        str,
        typer.Option(help="Of pipeline.joblib, as its maker states it: opening it runs its code."),
    ] = "",
    reason: Reason = "imported from elsewhere",
) -> None:
    """Import a model that was trained elsewhere, such as models/trained after `dvc pull`, and make
    it the one that serves. metrics/train.json has the SHA-256 of a model trained by DVC.
    """
    from raincast.loop import alerts
    from raincast.tracking import after_run

    settings, now = console.ready()
    if not sha256:
        raise BadInput(
            "--sha256: found none, expected the SHA-256 of pipeline.joblib as the model's maker"
            " states it (metrics/train.json has it for `dvc pull`); whoever opens a pickle runs"
            " the code in it"
        )
    version = stores.of(settings).registry().take(folder, sha256, now, reason)
    after_run.follow(settings)
    alerts.serves(settings, now, version, "imported", reason)
    typer.echo(f"{version} serves")


@app.command()
def rollback(reason: Reason = "by hand") -> None:
    """Bring back the version that served before."""
    from raincast.loop import alerts
    from raincast.tracking import after_run

    settings, now = console.ready()
    version = stores.of(settings).registry().rollback(now, reason)
    after_run.follow(settings)
    alerts.serves(settings, now, version, "brought back", reason)
    typer.echo(f"{version} serves again")


@app.command()
def served(
    station: Annotated[str, typer.Option(help="A station.")],
    date: Annotated[
        datetime, typer.Option(formats=["%Y-%m-%d"], help="A day, by the station's own clock.")
    ],
    as_json: Json = False,
) -> None:
    """Which model, threshold and data answered for a station on a day."""
    from raincast.loop import served as serving_history

    settings, _ = console.ready()
    found = serving_history.served(settings, station, date.date())
    if as_json:
        console.put(found)
        return
    for f in found.forecasts:
        typer.echo(
            f"{f.logged_at_utc}  {f.model_version} said {f.rain_probability:.0%} for"
            f" {f.target_date}, threshold {f.threshold}, regime {f.regime}"
        )
    if not found.forecasts:
        typer.echo(f"no forecast for {found.location} on {found.date} is in the journal")
    for m in found.models:
        learned = (
            f"; it had learned from {m.rows.count} rows from {m.rows.first} to {m.rows.last},"
            f" SHA-256 {m.rows.sha256}"
            if m.rows
            else ""
        )
        typer.echo(f"{m.version} served from {m.from_utc}{learned}")


@app.command()
def history(as_json: Json = False) -> None:
    """What was promoted, refused and rolled back, when and why."""

    settings, _ = console.ready()
    found = stores.of(settings).registry().history()
    if as_json:
        console.put([decision.to_json() for decision in found])
        return
    for e in found:
        typer.echo(f"{e.at_utc}  {e.action:<9} {e.version}  {e.reason}")
