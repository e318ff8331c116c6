"""`raincast demo`: the whole loop in a folder of its own, on real weather or simulated."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from raincast import __version__, console
from raincast.cli import demo_api, demo_loop
from raincast.cli.demo_loop import BEGINS, SEARCH_SECONDS
from raincast.errors import BadInput
from raincast.settings import Settings

if TYPE_CHECKING:
    import pandas as pd

LIVE_DAYS = 10
"""Days at the end of the data that the demonstration lives through, two issue times a day."""
SIMULATED = BEGINS, date(2017, 6, 25)
_MARKS = (".raincast-demo", "metrics/demo_eval.json")
"""Files by which a demonstration's folder is known; no other is emptied."""


def demo(
    folder: Annotated[
        Path, typer.Option(help="Where it all happens; an earlier one is emptied.")
    ] = Path("build/demo"),
) -> None:
    """Run the whole loop: train, forecast ten days as if live, score, decide, search, retrain,
    compare, serve.
    """
    from raincast.observations.network import put_in_force, shipped
    from raincast.store import files

    source, _ = console.ready()
    _require_own(folder)
    typer.echo("The whole loop, in about three minutes on two free cores.")
    frame = _weather(source)
    shutil.rmtree(folder, ignore_errors=True)
    files.write_json(folder / _MARKS[0], {"raincast": __version__})
    put_in_force(shipped())  # the demonstration's folder has no table of its own
    settings = replace(
        source, root=folder.resolve(), tune_seconds=SEARCH_SECONDS, tracking_uri="", database=""
    )
    last = frame["Date"].max().date()
    live = [last - timedelta(days=back) for back in range(LIVE_DAYS, 0, -1)]
    demo_loop.learn(settings, frame, live[0])
    end = demo_loop.live(settings, frame, live)
    demo_loop.judge_and_retrain(settings, end)
    demo_api.ask(settings, live[-1])
    _what_next(folder, live)


def _require_own(folder: Path) -> None:
    """Refuses to empty what no demonstration made.

    Raises:
        BadInput: it is a file, or a folder with other things in it.
    """
    strange = folder.is_file() or (folder.is_dir() and any(folder.iterdir()))
    if strange and not any((folder / mark).exists() for mark in _MARKS):
        raise BadInput(
            f"--folder {folder}: found other things, expected a new, an empty or a demonstration's"
            " folder"
        )


def _weather(source: Settings) -> pd.DataFrame:
    import pandas as pd

    from raincast.simulator import simulate
    from raincast.sources import history as historical
    from raincast.sources import local

    if source.raw_history.exists():
        typer.echo(f"Real weather: the historical file {source.raw_history}.")
        frame = historical.parse(local.content(source.raw_history), str(source.raw_history))
        return frame[frame["Date"] >= pd.Timestamp(BEGINS)]
    typer.echo(
        "Simulated weather: no data/raw/weatherAUS.csv here (`make data` fetches it), so the"
        " simulator stands in."
    )
    return simulate(*SIMULATED, seed=1)


def _what_next(folder: Path, live: list[date]) -> None:
    typer.echo(f"""
That was the loop. Everything it wrote is in {folder}:
the journal in outputs/, figures in metrics/, models in models/. Go on with:
  PROJECT_ROOT={folder} API_KEY=secret .venv/bin/raincast serve &
  PROJECT_ROOT={folder} API_KEY=secret make app   what came of it: http://127.0.0.1:8501
  PROJECT_ROOT={folder} .venv/bin/raincast models list
  PROJECT_ROOT={folder} .venv/bin/raincast decide
  PROJECT_ROOT={folder} .venv/bin/raincast hindcast --start {live[0]} --end {live[-1]} \\
      --regime 3pm --out outputs/again.csv
  make data && make train                         the full model on the historical file""")


COMMANDS = (demo,)
