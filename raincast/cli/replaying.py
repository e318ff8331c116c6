"""The command that replays."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from tqdm import tqdm

from raincast import console
from raincast.errors import BadInput
from raincast.replay.walk import policy as policies
from raincast.replay.walk.span import SCHEDULED
from raincast.settings import Settings
from raincast.store import stores

if TYPE_CHECKING:
    import pandas as pd

    from raincast.mirror.clock import Clock
    from raincast.mirror.shelf import Shelf
    from raincast.observations.stations import Station
    from raincast.replay.walk import setting, walk
    from raincast.sources.bureau import Bureau

Day = Annotated[datetime, typer.Option(formats=["%Y-%m-%d"])]
QUICK_ASKING = 1000.0
"""Requests a second to our own mirror."""


def replay(
    start: Day,
    end: Day,
    out: Annotated[
        Path, typer.Option(help="Folder of the replay; run again, it goes on there.")
    ] = Path("build/replay"),
    every: Annotated[
        str, typer.Option(help="Times of day, UTC, at which forecasts are issued.")
    ] = SCHEDULED,
    policy: Annotated[
        list[str] | None, typer.Option(help=f"{policies.EXPECTED}; several side by side.")
    ] = None,
    version: Annotated[
        str, typer.Option("--model", help="A model version; the one that serves if none.")
    ] = "",
    fit: Annotated[
        bool, typer.Option("--fit", help="Fit a model to the history before --start instead.")
    ] = False,
    params: Annotated[
        str, typer.Option(help="With --fit: default, quick, or a JSON object of parameters.")
    ] = "quick",
    since: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Leave out the history before that day."),
    ] = None,
    data: Annotated[
        str,
        typer.Option(
            help="Historical file, folder of DWO files, or simulator[:SEED]; the history if none."
        ),
    ] = "",
    yesterday: Annotated[
        bool, typer.Option("--yesterday", help="Forecast yesterday's row too, by then complete.")
    ] = False,
    http: Annotated[
        bool, typer.Option("--http", help="Fetch from a mirror over HTTP; in process otherwise.")
    ] = False,
) -> None:
    """Walk a span issue time by issue time as if live: fetch, forecast, journal, score, decide, and
    mend.
    """
    from raincast.mirror import data as mirrored
    from raincast.mirror.shelf import Shelf
    from raincast.replay.walk import policy as policies
    from raincast.replay.walk import setting, walk
    from raincast.replay.walk.span import clocks

    settings, _ = console.ready()
    chosen = [policies.parse(name) for name in policy or ["never"]]
    asked = walk.Asked(start.date(), end.date(), clocks(every), chosen, yesterday)
    if asked.last < asked.first:
        raise BadInput(f"--end {asked.last} lies before --start {asked.first}")
    given = _params(params)  # looked at in each case, and before anything is laid
    common = setting.shared(settings, out)
    source = data or str(settings.raw_history)
    past = str(settings.raw_history) if Path(source).is_dir() else source
    begins = since.date() if since else mirrored.BEGINS
    setting.lay_history(
        common, lambda: _before(past, begins, asked.first), asked.first, datetime.now(UTC)
    )
    begin = _start(settings, common, asked.first, version, given if fit else None)
    shelf = Shelf(
        mirrored.observations(
            source, asked.first - timedelta(days=40), asked.last + timedelta(days=1)
        )
    )
    with _opened(settings, shelf, http) as opened:
        path = walk.walk(
            settings, out, asked, begin, opened, lambda times: tqdm(times, "replay", disable=None)
        )
    typer.echo(f"{path} tells what was done at each issue time")


def _before(data: str, begins: date, first: date) -> pd.DataFrame:
    import pandas as pd

    from raincast.mirror import data as mirrored

    versions = mirrored.observations(data, begins, first - timedelta(days=1))
    return pd.concat([frame for frame, _ in versions]).drop_duplicates(
        ["Location", "Date"], keep="last"
    )


@contextmanager
def _opened(settings: Settings, shelf: Shelf, http: bool) -> Iterator[walk.Opened]:
    from raincast.mirror.clock import Clock
    from raincast.mirror.faults import Faults
    from raincast.mirror.source import MirroredBureau
    from raincast.sources.bureau import Bureau

    if not http:
        yield lambda clock: MirroredBureau(shelf, clock)
        return
    from raincast.mirror.app import create_mirror  # the web framework is loaded where it is needed
    from raincast.mirror.server import running

    shown = Clock(datetime.now(UTC), 0, time.monotonic)
    quickly = replace(settings, fetch_per_second=QUICK_ASKING)
    with (
        running(create_mirror(shelf, shown, Faults([]))) as url,
        Bureau(replace(quickly, bureau_url=url)) as bureau,
    ):
        yield lambda clock: _Following(bureau, shown, clock)


class _Following:
    """The Bureau's client on a mirror whose clock is put to the replay's moment before each
    request.
    """

    def __init__(self, bureau: Bureau, shown: Clock, clock: Callable[[], datetime]) -> None:
        self._bureau, self._shown, self._clock = bureau, shown, clock

    def month(self, station: Station, year: int, month: int) -> bytes:
        self._shown.move(at=self._clock())
        return self._bureau.month(station, year, month)


def _params(text: str) -> Mapping[str, Any]:
    from raincast.learning import blend, parameters

    sets = {"default": blend.DEFAULT_PARAMS, "quick": blend.QUICK_PARAMS}
    if text in sets:
        return sets[text]
    try:
        value = json.loads(text)
    except ValueError as error:
        raise BadInput(
            f"--params: found {text!r}, expected default, quick or a JSON object"
        ) from error
    return parameters.named(value, "--params")


def _start(
    settings: Settings,
    common: Settings,
    first: date,
    version: str,
    params: Mapping[str, Any] | None,
) -> setting.Start:
    from raincast.replay.walk import setting

    if params is not None:
        return setting.fitted(common, first, params)
    found = setting.Start(
        settings.models, version or stores.of(settings).registry().load_active().version
    )
    setting.require_honest(found, first)
    return found


COMMANDS = (replay,)
