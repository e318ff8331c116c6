"""`raincast alert`: whether messages reach whom they are for."""

import typer

from raincast import console
from raincast.errors import MissingSetting, ServerUnavailable

app = typer.Typer(help="Messages about the loop, sent to ALERT_URLS.", no_args_is_help=True)


@app.callback()
def _group() -> None: ...


@app.command()
def test() -> None:
    """Send a test message to every address in ALERT_URLS.

    Ends with 2 if none is set, 4 if one did not take it.
    """
    from raincast import notices

    console.ready()
    to = notices.addresses()
    if not to:
        raise MissingSetting(
            "ALERT_URLS is not set: put Apprise addresses there, such as mailtos://…"
        )
    lines = notices.send(to, "test", "Messages about the loop arrive here.")
    for one in to:
        if not any(line.startswith(one.name) for line in lines):
            typer.echo(f"{one.name} took the message")
    if lines:
        raise ServerUnavailable("; ".join(lines))
