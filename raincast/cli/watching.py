"""Commands of what stands guard: the watch, and the challenger in the shadow."""

from __future__ import annotations

from typing import Annotated

import typer

from raincast import console

Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]


def watch(as_json: Json = False) -> None:
    """Say what has changed about the inputs, the chances and the quality: where, since when, how
    sure, and what to do.
    """
    from raincast.loop import alerts
    from raincast.loop import watch as watching
    from raincast.verification.watch import words

    settings, now = console.ready()
    with alerts.watched(settings, now, "watch"):
        report = watching.watch(settings, now)
    alerts.changed(settings, now, report)
    if as_json:
        console.put(report)
        return
    for line in words.lines(report):
        typer.echo(line)


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
    from raincast.store import stores

    settings, now = console.ready()
    report = None
    if stores.of(settings).registry().in_the_shadow():
        from raincast.loop import announced  # takes seconds; mostly nobody is in the shadow

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
