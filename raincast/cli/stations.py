"""`raincast stations`: who the stations are, and how to add one."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from raincast import console
from raincast.errors import BadInput

if TYPE_CHECKING:
    from raincast.observations.stations import Station

app = typer.Typer(help="List, add, import, confirm and check the stations; state the event.")
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]


@app.callback(invoke_without_command=True)
def stations(context: typer.Context, as_json: Json = False) -> None:
    """List, add, import and check the stations; without a command: list them."""
    if context.invoked_subcommand is None:
        list_(as_json)


@app.command("list")
def list_(
    as_json: Json = False,
    geojson: Annotated[bool, typer.Option("--geojson", help="Print GeoJSON (RFC 7946).")] = False,
) -> None:
    """The stations with their records."""
    from raincast.observations.network import in_force

    console.ready()
    found = in_force().stations
    if geojson:
        features = [_feature(s) for s in found]
        console.put({"type": "FeatureCollection", "features": features})
    elif as_json:
        console.put([s._asdict() for s in found])
    else:
        for s in found:
            typer.echo(
                f"{s.location:<17}{s.product:<12}{s.latitude:>9.4f}{s.longitude:>10.4f} "
                f" {s.bureau_name}"
            )


def _feature(s: "Station") -> dict[str, Any]:
    place = [s.longitude, s.latitude, *([] if s.elevation is None else [s.elevation])]
    about = {k: v for k, v in s._asdict().items() if k not in ("latitude", "longitude")}
    point = {"type": "Point", "coordinates": place}
    return {"type": "Feature", "id": s.location, "geometry": point, "properties": about}


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="Its name, such as 'Broken Hill'.")],
    latitude: Annotated[float, typer.Option(help="Degrees, south negative.")],
    longitude: Annotated[float, typer.Option(help="Degrees, east positive.")],
    zone: Annotated[str, typer.Option(help="Time zone, such as Australia/Sydney.")],
    product: Annotated[str, typer.Option(help="The Bureau's label of its files, IDCJDWnnnn.")] = "",
    gauge: Annotated[
        list[str] | None, typer.Option(help="A rain gauge of its files, six digits; repeatable.")
    ] = None,
    elevation: Annotated[float | None, typer.Option(help="Metres above the sea.")] = None,
    state: Annotated[str, typer.Option(help="State or territory.")] = "",
    ghcn: Annotated[
        str, typer.Option(help="Its number in GHCN-Daily, where its day of rain ends at 9 am.")
    ] = "",
    neighbour: Annotated[
        bool, typer.Option("--neighbour", help="Let other stations' forecasts look at it.")
    ] = False,
) -> None:
    """Add a station to the table in PROJECT_ROOT. Other stations' forecasts stay as they are unless
    --neighbour is given.
    """

    from raincast.observations.stations import of_entry
    from raincast.store import network

    settings, _ = console.ready()
    entry = {
        "bureau_name": name,
        "state": state,
        "position": [latitude, longitude],
        "time_zone": zone,
        "product": product.upper(),
        "gauges": [number.zfill(6) for number in gauge or ()],
        "neighbour": neighbour,
        "ghcn": ghcn.upper(),
        **({} if elevation is None else {"elevation": elevation}),
    }
    station = of_entry("".join(filter(str.isalnum, name)), entry, "raincast stations add")
    found = network.add(settings.stations, [station])
    typer.echo(f"{station.location} is there: {len(found)} stations in {settings.stations}")


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="A table (TOML), or CSV with a row a station.")],
) -> None:
    """Add the stations of a file, all of them or none."""
    from raincast.store import network

    settings, _ = console.ready()
    new = network.rows(file)
    found = network.add(settings.stations, new)
    typer.echo(f"{len(new)} added: {len(found)} stations in {settings.stations}")


@app.command()
def confirm(
    station: Annotated[str, typer.Argument(help="The station whose files name a new gauge.")],
    gauge: Annotated[str, typer.Argument(help="That gauge, up to six digits.")],
) -> None:
    """Say that a new gauge in a station's files is that station's: it is written into the table in
    PROJECT_ROOT, and no file of it is warned of any more.
    """
    from raincast.observations.network import find
    from raincast.store import network

    settings, _ = console.ready()
    if not gauge.isascii() or not gauge.isdecimal() or len(gauge) > 6:
        raise BadInput(f"gauge: found {gauge!r}, expected up to six digits")
    found = find(station).location
    known = network.confirm(settings.stations, found, gauge.zfill(6)).find(found)
    typer.echo(f"{found} has the gauges {', '.join(known.gauges)} in {settings.stations}")
    typer.echo("if the site has moved far, change its `position` there too")


@app.command()
def event(
    more_than: Annotated[float | None, typer.Option(help="Millimetres that rain exceeds.")] = None,
    at_least: Annotated[float | None, typer.Option(help="Millimetres that rain reaches.")] = None,
    as_json: Json = False,
) -> None:
    """Say what the forecasts are about, or state it in the table in PROJECT_ROOT. Models and
    scores of another event are refused from then on.
    """
    from raincast.observations.event import Event
    from raincast.observations.network import in_force
    from raincast.store import network

    settings, _ = console.ready()
    if more_than is not None and at_least is not None:
        raise BadInput("found --more-than and --at-least, expected one of them")
    known, mm = in_force().event, more_than if at_least is None else at_least
    if mm is not None:
        wanted = Event(mm, at_least=at_least is not None)
        known = network.state(settings.stations, wanted).event
    if as_json:
        console.put(asdict(known) | {"statement": known.statement})
    else:
        typer.echo(known.statement)
    if mm is not None:
        typer.echo("next: `raincast prepare`, then `raincast train`", err=True)


@app.command()
def check() -> None:
    """Look for names, products and places that are there twice, unknown zones and impossible
    places.
    """
    from raincast.store import network

    settings = console.environment()
    wrong = network.faults(settings.stations)
    for line in wrong:
        typer.echo(line)
    if wrong:
        raise BadInput(f"{settings.stations}: {len(wrong)} things to put right")
    typer.echo(f"{len(network.read(settings.stations))} stations, nothing to put right")
