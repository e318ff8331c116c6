"""Commands that tell others of what was done: the tracking server."""

from typing import Annotated

import typer

from raincast import console

LOCAL = "http://127.0.0.1:5000"
"""Where `make mlflow` listens."""

Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]


def track(as_json: Json = False) -> None:
    """Send the tracking server what it has not got, and put the registry's aliases where they
    belong.
    """
    from raincast import tracking
    from raincast.tracking import after_run as tracker

    settings, _ = console.ready()
    uri = settings.tracking_uri or LOCAL
    tracker.keep_missed(settings)
    sent = tracking.send(settings, uri)
    if as_json:
        console.put({"server": uri} | sent._asdict())
        return
    typer.echo(f"{len(sent.keys)} runs sent to {uri}" + "".join(f"\n  {key}" for key in sent.keys))
    for alias, version in sent.aliases.items():
        typer.echo(f"{alias} is {version}")


COMMANDS = (track,)
