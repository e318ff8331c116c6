"""Commands that look after a root."""

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


COMMANDS = (doctor,)
