"""Under which names the commands are known."""

from collections.abc import Callable, Iterable
from typing import Any

import typer

FORMER = {
    "request_forecasts": "ask",
    "fetch_history": "data",
    "save_best": "best",
    "advance_watermark": "consume",
    "replay_summary": "replay-account",
}
"""Former names, by function: scripts of users have them, so they go on working unseen."""


def register(app: typer.Typer, commands: Iterable[Callable[..., Any]]) -> None:
    """Adds commands to an app, each under its function's name and, hidden, its former one."""
    for command in commands:
        app.command()(command)
        if command.__name__ in FORMER:
            app.command(FORMER[command.__name__], hidden=True)(command)
