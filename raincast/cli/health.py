"""Commands that look after a root: the whole loop in one, and what is wrong with it."""

from pathlib import Path
from typing import Annotated

import typer

from raincast import console

Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
_MARKS = {"good": "ok", "note": "--", "bad": "!!"}


def doctor(as_json: Json = False) -> None:
    """Say what is wrong with PROJECT_ROOT, and what to do: rights, space, clock, model, journal.

    Ends with 1 if something will fail.
    """
    from dataclasses import asdict

    from raincast.loop.doctor import examine

    settings, now = console.ready()
    findings = examine(settings, now)
    if as_json:
        console.put([asdict(finding) for finding in findings])
    else:
        for f in findings:
            remedy = f"; {f.remedy}" if f.remedy else ""
            typer.echo(f"{_MARKS[f.level]} {f.check:<12}{f.found}{remedy}")
    if any(f.level == "bad" for f in findings):
        raise typer.Exit(1)


def run(as_json: Json = False) -> None:
    """Do one round of the whole loop: fetch, forecast, score, decide; search and retrain if the
    verdict says so. For cron and systemd; run again in the same slot it does what is missing.

    Ends with 0 if every station's newest row was had, 7 if some were or a later step failed, 4 if
    none was; the others are forecast from what else is known, and marked.
    """
    from raincast.loop import round as rounds
    from raincast.loop.outcomes import by_cause, of_steps

    settings, now = console.ready()
    console.stand_back(settings)
    done = rounds.run(settings, now, console.say)
    if as_json:
        console.put(done)
    else:
        typer.echo(
            f"from their newest row: {len(done.forecast)} stations for the slot {done.slot},"
            f" {done.already} before"
        )
        for name, stations in done.basis.items():
            typer.echo(f"from {name}: {', '.join(stations)}")
        for line in (*by_cause(done.without), *of_steps(done.failed)):
            typer.echo(f"!! {line}")
        typer.echo(f"{done.decision} (case {done.case}): {done.reason}")
        if done.retraining:
            word = "promoted" if done.retraining.promoted else "refused"
            typer.echo(f"{word} {done.retraining.version}: {done.retraining.reason}")
    if done.exit_code:
        raise typer.Exit(done.exit_code)


def backup(
    file: Annotated[Path, typer.Argument(help="The backup, such as raincast-2026-03-01.tar.gz.")],
) -> None:
    """Copy PROJECT_ROOT into one file while it lives: archive, journal, models, studies, scores.

    It holds no secret, and no file that the Bureau can be asked for again.
    """
    from raincast.loop import backup as backups

    settings, now = console.ready()
    manifest = backups.backup(settings, file, now)
    size = file.stat().st_size / 1e6
    typer.echo(f"{file}: {len(manifest.files)} files, {size:.1f} MB; back: raincast restore {file}")
    if settings.database:
        console.warn(
            "archive, journals, history and runs are in the database, not in this file: `pg_dump`"
            " copies them"
        )


def restore(
    file: Annotated[Path, typer.Argument(help="A backup that `raincast backup` made.")],
) -> None:
    """Fill an empty PROJECT_ROOT from a backup; every file is checked first."""
    from raincast.loop import backup as backups

    settings = console.environment()  # the root is new here, and its stations lie in the backup
    manifest = backups.restore(settings, file)
    typer.echo(f"{settings.root}: {len(manifest.files)} files of {manifest.made_at:%Y-%m-%d %H:%M}")
    for name, value in manifest.settings.items():
        typer.echo(f"was set then: {name}={value}")
    typer.echo("next: raincast doctor, then raincast run")


COMMANDS = (run, doctor, backup, restore)
