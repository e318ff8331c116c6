"""`raincast mirror`: the Bureau's server as it was at an instant."""

import time
from datetime import UTC, date, datetime, timedelta
from typing import Annotated

import typer

from raincast import console
from raincast.errors import BadInput

AHEAD = timedelta(days=400)
"""How far past `--at` the mirror holds observations, for its clock to reach."""


def mirror(
    data: Annotated[
        str, typer.Option(help="Historical file, DWO file, folder of them, or simulator[:SEED].")
    ],
    at: Annotated[
        str,
        typer.Option(help="The instant that is shown, such as 2024-12-05T06:00Z; UTC if unsaid."),
    ],
    run: Annotated[
        bool, typer.Option("--run", help="Let the clock run from there; it stands otherwise.")
    ] = False,
    rate: Annotated[
        float, typer.Option(min=0, max=1e6, help="With --run: its seconds per second.")
    ] = 1.0,
    fault: Annotated[
        list[str] | None,
        typer.Option(
            help=(
                "KIND[@PRODUCT or station][*TIMES]; an unknown kind names them all. Can be"
                " repeated."
            )
        ),
    ] = None,
    gone: Annotated[
        list[str] | None,
        typer.Option(help="STATION[@DATE]: it has no rows from that day on. Can be repeated."),
    ] = None,
    revised: Annotated[
        float,
        typer.Option(
            min=0, max=1, help="Share of rainfall readings first shown with another value."
        ),
    ] = 0.0,
    revised_days: Annotated[
        int, typer.Option(min=1, help="Days after which they are put right.")
    ] = 3,
    accumulated: Annotated[
        float,
        typer.Option(
            min=0, max=1, help="Share of rainfall readings blank, the next one holding their rain."
        ),
    ] = 0.0,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port to listen on; 0 for any that is free.")
    ] = 8010,
) -> None:
    """Serve the Bureau's files as they stood at an instant; set BUREAU_URL to its address. See
    docs/mirror.md.
    """
    from raincast.mirror import data as mirrored
    from raincast.mirror import faults as trouble
    from raincast.mirror import server
    from raincast.mirror.clock import Clock
    from raincast.mirror.faults import Faults
    from raincast.mirror.shelf import Shelf
    from raincast.mirror.weather_faults import WeatherFaults

    console.established()
    moment, faults = _instant(at), Faults(map(trouble.parse, fault or []))
    wrong = WeatherFaults(tuple(map(_gone, gone or [])), revised, revised_days, accumulated)
    versions = mirrored.observations(data, mirrored.BEGINS, _ahead(moment))
    clock = Clock(moment, rate if run else 0.0, time.monotonic)
    # The web framework is loaded by this command only.
    from raincast.mirror.app import create_mirror

    app = create_mirror(Shelf(wrong.of(versions)), clock, faults)
    moves = f"runs at {rate:g} s a second" if run else "stands"
    server.run(
        app,
        host,
        port,
        lambda url: console.say(f"{url} mirrors {data} at {moment:%FT%TZ}; its clock {moves}"),
    )


def _instant(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise BadInput(
            f"--at: found {text!r}, expected an instant such as 2024-12-05T06:00Z"
        ) from error


def _ahead(moment: datetime) -> date:
    try:
        return (moment + AHEAD).date()
    except OverflowError:
        return date.max


def _gone(text: str) -> tuple[str, date]:
    station, _, day = text.partition("@")
    try:
        return station, date.fromisoformat(day) if day else date.min
    except ValueError as error:
        raise BadInput(
            f"--gone: found {text!r}, expected STATION[@DATE] such as Perth@2024-05-10"
        ) from error


COMMANDS = (mirror,)
