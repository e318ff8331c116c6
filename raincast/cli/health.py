"""Commands that look after a root: the whole loop in one, and what is wrong with it."""

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

    Ends with 0 if every station has its forecast, 7 if some have or a later step failed, 4 if none
    has.
    """
    from raincast.loop import round as rounds
    from raincast.loop.outcomes import by_cause

    settings, now = console.ready()
    done = rounds.run(settings, now, console.say)
    if as_json:
        console.put(done.to_json())
    else:
        typer.echo(
            f"{len(done.forecast)} forecasts for the slot {done.slot}, {done.already} before"
        )
        for line in (*by_cause(done.without), *(f"{k}: {v}" for k, v in done.failed.items())):
            typer.echo(f"!! {line}")
        typer.echo(f"{done.decision} (case {done.case}): {done.reason}")
        if done.retraining:
            word = "promoted" if done.retraining.promoted else "refused"
            typer.echo(f"{word} {done.retraining.version}: {done.retraining.reason}")
    if done.exit_code:
        raise typer.Exit(done.exit_code)


COMMANDS = (run, doctor)
