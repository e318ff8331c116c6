"""Commands that look into the archive, and take a wrong version back out of it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from raincast import console
from raincast.errors import BadInput
from raincast.store import stores

if TYPE_CHECKING:
    from raincast.store.archive_records import Withdrawal

Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
Station = Annotated[str, typer.Argument(help="A station.")]
Day = Annotated[datetime, typer.Argument(formats=["%Y-%m-%d"], help="The row's date.")]


def files(
    refused: Annotated[
        bool, typer.Option("--refused", help="Only those that were not taken.")
    ] = False,
    as_json: Json = False,
) -> None:
    """List what became of every file: taken, refused or quarantined, and what was set aside."""

    settings, _ = console.ready()
    found = [
        f for f in stores.of(settings).archive().files() if not refused or f["state"] != "taken"
    ]
    if as_json:
        console.put(found)
        return
    for record in found:
        typer.echo(f"{record['seen_at']:%Y-%m-%d %H:%M}  {record['state']:<12}{record['name']}")
        for line in filter(None, (record["reason"], *record["remarks"])):
            typer.echo(f"    {line}")


def versions(station: Station, day: Day, as_json: Json = False) -> None:
    """List the versions of one station-day, with the names under which they can be withdrawn."""

    settings, _ = console.ready()
    found = stores.of(settings).archive().sightings(station, day.date())
    if as_json:
        console.put([row.to_json() for row in found])
        return
    if not found:
        console.say(f"nothing is known of {station} on {day.date()}; `raincast ingest` brings it")
    for row in found:
        state = "withdrawn" if row.withdrawn else ""
        known = f"{row.known_at:%Y-%m-%d %H:%M}"
        typer.echo(f"{row.version}  known {known} UTC  {row.source:<28}{state}".rstrip())


def withdraw(
    station: Annotated[str | None, typer.Argument(help="A station.")] = None,
    day: Annotated[
        datetime | None, typer.Argument(formats=["%Y-%m-%d"], help="The row's date.")
    ] = None,
    version: Annotated[
        str | None, typer.Option(help="The version, as `raincast versions` names it.")
    ] = None,
    reason: Annotated[str, typer.Option(help="Why; kept in the record.")] = "",
    back: Annotated[bool, typer.Option("--back", help="Take it in again.")] = False,
    as_json: Json = False,
) -> None:
    """Take a wrong version of a station-day out of the archive's answers, or back in; without
    arguments, list what was.
    """

    settings, now = console.ready()
    archive = stores.of(settings).archive()
    if station is None:
        _show(archive.withdrawals(), as_json)
        return
    if day is None or version is None:
        raise BadInput("withdraw: found no day or --version, expected both: `raincast versions`")
    archive.withdraw(station, day.date(), version, reason, now, back)
    if as_json:
        console.put(archive.withdrawals()[-1])
    else:
        typer.echo(f"{version} of {station} {day:%Y-%m-%d} is {'in again' if back else 'out'}")


def _show(found: list[Withdrawal], as_json: bool) -> None:
    if as_json:
        console.put([row.to_json() for row in found])
        return
    for row in found:
        did = "out" if row.withdrawn else "in again"
        typer.echo(
            f"{row.at:%Y-%m-%d %H:%M}  {row.location} {row.day} {row.version}  {did}: {row.reason}"
        )


COMMANDS = (files, versions, withdraw)
