"""The command that replays."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from tqdm import tqdm

from raincast import console, model, registry
from raincast.errors import BadInput
from raincast.mirror.shelf import NEVER, Shelf
from raincast.mirror.source import MirroredBureau
from raincast.replay import policy as policies
from raincast.replay import setting, walk
from raincast.replay.span import SCHEDULED, clocks
from raincast.settings import Settings
from raincast.sources import history

Day = Annotated[datetime, typer.Option(formats=["%Y-%m-%d"])]


def replay(
    start: Day,
    end: Day,
    out: Annotated[Path, typer.Option(help="Folder of the replay; run again, it goes on there.")] = Path(
        "build/replay"
    ),
    every: Annotated[str, typer.Option(help="Times of day, UTC, at which forecasts are issued.")] = SCHEDULED,
    policy: Annotated[list[str] | None, typer.Option(help=f"{policies.EXPECTED}; several side by side.")] = None,
    version: Annotated[str, typer.Option("--model", help="A model version; the one that serves if none.")] = "",
    fit: Annotated[bool, typer.Option("--fit", help="Fit a model to the history before --start instead.")] = False,
    params: Annotated[str, typer.Option(help="With --fit: default, quick, or a JSON object of parameters.")] = "quick",
    yesterday: Annotated[
        bool, typer.Option("--yesterday", help="Forecast yesterday's row too, by then complete.")
    ] = False,
    search: Annotated[bool, typer.Option("--search", help="Search for TUNE_SECONDS before each retraining.")] = False,
) -> None:
    """Walk a span issue time by issue time as if live: fetch, forecast, journal, score, decide, and mend."""
    settings, _ = console.ready()
    asked = walk.Asked(
        start.date(),
        end.date(),
        clocks(every),
        [policies.parse(name) for name in policy or ["never"]],
        yesterday,
        search,
    )
    if asked.last < asked.first:
        raise BadInput(f"--end {asked.last} lies before --start {asked.first}")
    frame = history.parse(settings.raw_history.read_bytes(), str(settings.raw_history))
    common = setting.shared(settings, out)
    setting.lay_history(common, frame, asked.first, datetime.now(UTC))
    begin = _start(settings, common, asked.first, version, _params(params) if fit else None)
    shelf = Shelf([(frame, np.full(len(frame), NEVER))])
    path = walk.walk(
        settings,
        out,
        asked,
        begin,
        lambda clock: MirroredBureau(shelf, clock),
        lambda times: tqdm(times, "replay", disable=None),
    )
    typer.echo(f"{path} has every step")


def _params(text: str) -> dict[str, Any]:
    named = {"default": model.DEFAULT_PARAMS, "quick": model.QUICK_PARAMS}
    if text in named:
        return named[text]
    try:
        return dict(json.loads(text))
    except (ValueError, TypeError) as error:
        raise BadInput(f"--params: found {text!r}, expected default, quick or a JSON object") from error


def _start(
    settings: Settings, common: Settings, first: date, version: str, params: dict[str, Any] | None
) -> setting.Start:
    if params is not None:
        return setting.fitted(common, first, params)
    found = setting.Start(settings.models, version or registry.load_active(settings.models).version)
    setting.require_honest(found, first)
    return found


COMMANDS = (replay,)
