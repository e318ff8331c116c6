"""`raincast demo`: the whole loop in a folder of its own, on real weather or simulated."""

from __future__ import annotations

import secrets
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import sleep
from typing import TYPE_CHECKING, Annotated

import typer
from tqdm import tqdm

from raincast import __version__, console
from raincast.errors import BadInput, NotPublished, ServerUnavailable
from raincast.settings import Settings, for_child
from raincast.store import stores

if TYPE_CHECKING:
    import pandas as pd

    from raincast.forecasts.request import Request
    from raincast.loop.contexts import Contexts
    from raincast.verification.records import Scores

LIVE_DAYS = 10
"""Days at the end of the data that the demonstration lives through, two issue times a day."""
BEGINS = date(2013, 7, 1)
"""The demonstration's history begins here: four years of ten, so that it takes minutes."""
SIMULATED = BEGINS, date(2017, 6, 25)
SEARCH_SECONDS = 15
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
    _learn(settings, frame, live[0])
    end = _live(settings, frame, live)
    _judge_and_retrain(settings, end)
    _ask_the_api(settings, live[-1])
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


def _step(number: int, text: str) -> None:
    typer.echo(f"\n{number}. {text}")


def _learn(settings: Settings, frame: pd.DataFrame, until: date) -> None:
    import pandas as pd

    from raincast.learning import blend, fitting
    from raincast.loop import history, train
    from raincast.simulator.files import write_history
    from raincast.store import files
    from raincast.verification import evaluation, tables

    _step(
        1,
        f"Learn from {BEGINS} to {until}, with far fewer trees than `raincast train`; test on 2016"
        " to 2017.",
    )
    write_history(settings.raw_history, frame[frame["Date"] < pd.Timestamp(until)])
    history.prepare(settings, datetime.now(UTC))
    train.train(settings, blend.QUICK_PARAMS, datetime.now(UTC))
    serving = stores.of(settings).registry().load_active()
    judged = stores.of(settings).registry().load(serving.metadata.judged_version or serving.version)
    whole = history.prepared_panel(settings)
    found = evaluation.summaries(judged, whole, fitting.test_span(fitting.last_with_truth(whole)))
    scores = {name: part.to_json() for name, part in found.items()}
    files.write_json(settings.metrics / "demo_eval.json", {"regimes": scores})
    typer.echo(tables.of_scores({name: {"raincast": part} for name, part in found.items()}))


def _live(settings: Settings, frame: pd.DataFrame, days: list[date]) -> datetime:
    from raincast.learning.examples import SCHEDULED_UTC
    from raincast.loop.contexts import Contexts
    from raincast.loop.forecast import Desk

    _step(
        2,
        f"Live from {days[0]} to {days[-1]}: files arrive as they stood, every station is forecast,"
        " all is journaled.",
    )
    forecaster, contexts = (
        stores.of(settings).registry().load_active(),
        Contexts(stores.of(settings).archive()),
    )
    moments = [datetime.combine(day, clock, UTC) for day in days for clock in SCHEDULED_UTC]
    made = 0
    for now in tqdm(moments, "issue times", leave=False, disable=None):
        _arrive(settings, frame, now)
        contexts.refresh()
        journal = stores.of(settings).journal()
        desk = Desk(contexts, journal, lambda: forecaster, lambda now=now: now)  # type: ignore[misc]
        made += len(desk.forecast(list(_newest(contexts, now))))
    end = moments[-1] + timedelta(days=1)
    _arrive(settings, frame, end)
    typer.echo(f"{made} forecasts at {len(moments)} issue times are in {settings.journal}")
    return end


def _arrive(settings: Settings, frame: pd.DataFrame, now: datetime) -> None:
    """The running months' files as they stood, through the same
    parser and archive as the Bureau's.
    """
    import pandas as pd

    from raincast.loop import ingest
    from raincast.simulator.files import write_bureau_files

    folder = settings.root / "data/arrived" / f"{now:%Y%m%dT%H%M}"
    recent = frame[frame["Date"] >= pd.Timestamp(now.date().replace(day=1))]
    if len(recent):
        write_bureau_files(folder, recent, now)
        ingest.ingest_paths(settings, [folder], now)


def _newest(contexts: Contexts, now: datetime) -> Iterator[Request]:
    from raincast.loop import latest
    from raincast.observations.network import in_force

    for location in in_force().locations:
        try:
            yield latest.newest(contexts, location, now)
        except NotPublished:
            continue


def _judge_and_retrain(settings: Settings, now: datetime) -> None:
    from raincast.learning import blend
    from raincast.loop import consumption, decide, monitor, retrain, search, study_store, verdicts
    from raincast.store import best_parameters

    _step(3, "Join the truth, score, and decide.")
    report = monitor.score(settings)
    verdict = decide.decide(settings, now)
    verdicts.keep(settings, now, verdict)
    _scores(report.by_regime)
    typer.echo(f"{verdict.decision} (case {verdict.case}): {verdict.reason}")
    _step(
        4,
        f"Search {SEARCH_SECONDS} seconds and retrain: here whatever the verdict is, so that the"
        " loop is seen whole.",
    )
    search.run(settings)
    best = study_store.save_best(settings)
    few = {name: blend.QUICK_PARAMS[name] for name in ("n_estimators", "learning_rate")}
    smaller = best.model_copy(update={"best_params": best.best_params | few})
    best_parameters.write(settings.best_params, smaller)
    typer.echo(
        f"{best.trials} trials; {best.objective}: {best.best_value:.3f}; the number of"
        " trees stays small"
    )
    done = retrain.retrain(settings, now, "demo")
    mark = consumption.consume(settings, now, "demo")
    typer.echo(f"{'promoted' if done.promoted else 'refused'} {done.version}\n  {done.reason}")
    after = decide.decide(settings, now)
    typer.echo(
        f"{mark.consumed_rows} rows consumed; new rows for the next decision:"
        f" {after.new_rows_for_retrain}"
    )


def _scores(by_regime: Mapping[str, Scores]) -> None:
    line = "{:<9} {:>6} {:>8} {:>8} {:>8} {:>8}"
    typer.echo(line.format("regime", "n", "ROC AUC", "recall", "prec.", "Brier"))
    for regime, s in by_regime.items():
        values = (s.roc_auc, s.recall, s.precision, s.brier)
        shown = ("-" if value is None else f"{value:.3f}" for value in values)
        typer.echo(line.format(regime, s.n, *shown))


def _ask_the_api(settings: Settings, day: date) -> None:
    import httpx

    _step(5, "Ask the API for a forecast over HTTP.")
    body = {
        "Date": str(day),
        "Location": "Sydney",
        "Humidity3pm": 78,
        "Pressure3pm": 1009.2,
        "Rainfall": 2.4,
        "Cloud3pm": 7,
    }
    with _api(settings) as (address, key):
        answer = httpx.post(
            f"{address}/predict", json=body, headers={"Authorization": f"Bearer {key}"}, timeout=10
        )
    answer.raise_for_status()
    said = answer.json()
    names = ("rain_tomorrow", "rain_probability", "regime", "threshold", "model_version")
    typer.echo(f"POST /predict {body}\n  " + ", ".join(f"{name} {said[name]}" for name in names))


@contextmanager
def _api(settings: Settings) -> Iterator[tuple[str, str]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    key = secrets.token_hex(16)
    command = [sys.executable, "-m", "raincast", "serve", "--port", str(port)]
    environment = for_child(API_KEY=key, PROJECT_ROOT=str(settings.root))
    words = settings.root / "api.log"
    with (
        words.open("wb") as log,
        subprocess.Popen(command, env=environment, stdout=log, stderr=log) as server,  # noqa: S603
    ):
        try:
            wait(f"http://127.0.0.1:{port}/health", server, words)
            yield f"http://127.0.0.1:{port}", key
        finally:
            server.terminate()


def wait(address: str, server: subprocess.Popen[bytes], words: Path) -> None:
    """Until the API answers, as long as it lives.

    Raises:
        ServerUnavailable: it has died; says its last words.
    """
    import httpx

    with httpx.Client(timeout=2) as client, tqdm(desc="starting", leave=False, disable=None) as bar:
        while server.poll() is None:
            try:
                if client.get(address).is_success:
                    return
            except httpx.TransportError:
                sleep(0.2)
            bar.update()
    last = " / ".join(words.read_text("utf-8", "replace").splitlines()[-3:])
    raise ServerUnavailable(f"the API ended with {server.returncode}: {last}; {words} has the rest")


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
