"""Commands of what stands guard: the watch, and the challenger in the shadow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from raincast import console

if TYPE_CHECKING:
    from raincast.verification.watch.records import Finding

Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]


def watch(as_json: Json = False) -> None:
    """Say what has changed about the inputs, the chances and the quality: where, since when, how
    sure, and what to do.
    """
    from raincast.loop import alerts
    from raincast.loop import watch as watching
    from raincast.verification.watch.records import days

    settings, now = console.ready()
    with alerts.watched(settings, now, "watch"):
        report = watching.watch(settings, now)
    alerts.changed(settings, now, report)
    if as_json:
        console.put(report)
        return
    state = "ALARM" if report.alarm else "no alarm"
    typer.echo(
        f"{state}: level {days(report.level_days)} days of {days(report.run_length_days)},"
        f" {report.first_day} to {report.last_day}"
    )
    for change in report.known_changes:
        typer.echo(f"  looked past, for good: {change}")
    for remedy in dict.fromkeys(one.remedy for one in report.findings):
        typer.echo(remedy)
        for one in report.findings:
            if one.remedy == remedy:
                typer.echo(f"  since {one.since}: {one.sentence} ({_sure(one)})")


def _sure(one: Finding) -> str:
    from raincast.verification.watch.records import days

    return "seen" if one.level_days is None else f"by chance once in {days(one.level_days)} days"


def accept_change(
    station: Annotated[
        str, typer.Argument(help="Whose observations have changed for good; `network`: all.")
    ],
    reason: Annotated[str, typer.Option(help="Why; kept with the change.")],
    field: Annotated[str, typer.Option(help="The field, as the watch names it; all if none.")] = "",
    back: Annotated[bool, typer.Option("--back", help="Take it back.")] = False,
) -> None:
    """Take note that observations have changed for good, as where a station has moved: the watch
    looks past them from now on.
    """
    from raincast.loop import known_changes

    settings, now = console.ready()
    change = known_changes.accept(settings, station, field, reason, now, back)
    what = f"{change.field or 'every field'} at {change.station}"
    typer.echo(f"{what}: {'watched again' if back else 'looked past from the next watch on'}")


def shadow(as_json: Json = False) -> None:
    """Make the forecasts of the challenger in the shadow, compare them with the champion's, and
    promote or refuse it where that is sure, or its days are over.
    """
    from raincast.loop import announced

    settings, now = console.ready()
    report = announced.shadowed(settings, now)
    if as_json:
        console.put(report)
    else:
        typer.echo(
            f"{report.verdict} {report.version}: {report.reason}"
            if report
            else "no challenger is in the shadow"
        )


COMMANDS = (watch, accept_change, shadow)
