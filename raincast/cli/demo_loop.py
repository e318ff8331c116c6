"""The steps of `raincast demo`: learn, live some days, decide and retrain."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import typer
from tqdm import tqdm

from raincast.errors import NotPublished
from raincast.settings import Settings
from raincast.store import stores

if TYPE_CHECKING:
    import pandas as pd

    from raincast.forecasts.request import Request
    from raincast.loop.contexts import Contexts
    from raincast.verification.records import Scores

BEGINS = date(2013, 7, 1)
"""The demonstration's history begins here: four years of ten, so that it takes minutes."""
SEARCH_SECONDS = 15


def step(number: int, text: str) -> None:
    """Says what comes next."""
    typer.echo(f"\n{number}. {text}")


def learn(settings: Settings, frame: pd.DataFrame, until: date) -> None:
    """A quick model of the days before `until`, and how it does on those held out."""
    import pandas as pd

    from raincast.learning import blend, fitting
    from raincast.loop import history, train
    from raincast.simulator.files import write_history
    from raincast.store import files
    from raincast.verification import evaluation, tables

    step(
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


def live(settings: Settings, frame: pd.DataFrame, days: list[date]) -> datetime:
    """Forecasts at each issue time of the days; the moment at which their truth is there."""
    from raincast.learning.examples import SCHEDULED_UTC
    from raincast.loop.contexts import Contexts
    from raincast.loop.forecast import Desk

    step(
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
    """The running months' files as they stood, through the same parser and archive as the
    Bureau's.
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


def judge_and_retrain(settings: Settings, now: datetime) -> None:
    """Scores and decides, searches for a moment, and retrains whatever was decided."""
    from raincast.learning import blend
    from raincast.loop import consumption, decide, monitor, retrain, search, study_store, verdicts
    from raincast.store import best_parameters

    step(3, "Join the truth, score, and decide.")
    report = monitor.score(settings)
    verdict = decide.decide(settings, now)
    verdicts.keep(settings, now, verdict)
    _scores(report.by_regime)
    typer.echo(f"{verdict.decision} (case {verdict.case}): {verdict.reason}")
    step(
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
