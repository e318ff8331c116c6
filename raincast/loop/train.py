"""A first model from the prepared history: one that chooses calibration and thresholds, the same
fitted again to all before the test span, which is judged, and again on all rows to serve.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from time import monotonic
from typing import Any

import numpy as np
from imblearn.pipeline import Pipeline

from raincast.cluster import workers
from raincast.documents import Document, Json
from raincast.learning import amounts, calibration, climatology, course, examples, fitting
from raincast.learning.examples import Examples
from raincast.learning.fitting import Floats
from raincast.learning.metadata import (
    AmountStep,
    FittedRows,
    ModelDescription,
    Occasion,
    Origin,
    Tuning,
)
from raincast.loop import history, own_model
from raincast.observations.panel import Panel
from raincast.settings import Settings
from raincast.store import files, model_files, scratch, stores
from raincast.tracking import after_run
from raincast.verification import curves, scoring

TUNING = "tuning: fitted before the year on which calibration and thresholds were chosen"
JUDGED = "judged"
SERVING = "serving: fitted again on all rows to date"


def tuning_figures(
    rows: Mapping[str, Examples],
    p: Mapping[str, Floats],
    span: fitting.Span,
    thresholds: Mapping[str, float],
) -> Json:
    """By regime, the figures on the tuning year."""
    found: Json = {"span": "tuning year", "first": str(span.first), "last": str(span.last)}
    for name, part in rows.items():
        reference, warned = np.full(len(part), np.nan), p[name] >= thresholds[name]
        found[name] = scoring.summary(part.y, p[name], warned, reference).to_json()
    return found


def tuning_curves(
    pipeline: Pipeline,
    rows: Mapping[str, Examples],
    p: Mapping[str, Floats],
    climate: Mapping[str, list[float]],
) -> Json:
    """What the plots of a model are drawn from: by regime on the tuning year, what its trees look
    at, and how its fit went.

    Args:
        climate: its climatology by station.
    """
    table = climatology.from_mapping(climate)
    found: Json = {name: curves.of_rows(part, p[name], table) for name, part in rows.items()}
    went: Json = {n: [list(p) for p in points] for n, points in course.of(pipeline, rows).items()}
    return {"regimes": found, "importance": dict(curves.importance(pipeline)), "course": went}


Say = Callable[[str], None]
"""Tells the person who waits what is done now."""


def _unsaid(_: str) -> None:
    """Where nobody waits."""


def judged(
    settings: Settings,
    panel: Panel,
    params: Mapping[str, Any],
    now: datetime,
    say: Say = _unsaid,
    searched_to: date | None = None,
) -> Tuning:
    """Fits before the tuning year, chooses calibration and thresholds on it, and fits again with
    that year: the evaluation model, which `evaluate` tests. Both are kept.

    Args:
        searched_to: the last feature date that the search for these parameters has seen.

    Returns:
        What the metadata of a serving model with these parameters has of them.

    Raises:
        NotEnoughData: the observations do not cover the tuning year and days before it.
    """
    year = fitting.tuning_span(panel, settings.tuning_year)
    say(f"fit 1: the days before {year.first}, then calibration and thresholds on that year")
    with own_model.answered_for(params):
        tuning = _tuned(settings, panel, params, year, now, searched_to)
    span = fitting.Span(panel.first, year.last)
    say(f"fit 2: the days to {span.last}, for the model that is tested")
    version = fitted(settings, panel, span, params, tuning, Occasion(purpose=JUDGED), now)
    return Tuning(**tuning.given(), judged_version=version)


def _tuned(
    settings: Settings,
    panel: Panel,
    params: Mapping[str, Any],
    year: fitting.Span,
    now: datetime,
    searched_to: date | None,
) -> Tuning:
    """Calibration, thresholds and figures on a year by a model that has not seen it."""
    span = fitting.before_tuning(panel, year)
    by = workers.of(settings)
    pipeline = fitting.fit(panel, span, params, workers=by, scratch=scratch.folder)
    rows = examples.by_regime(panel, *year)
    found = calibration.of(rows, fitting.chances(pipeline, rows))
    pipeline = calibration.calibrated(pipeline, found)
    p = fitting.chances(pipeline, rows)
    thresholds = fitting.thresholds(rows, p, settings.target_recall)
    origin = fitting.description(panel, span, params)
    tuning = Tuning(
        thresholds=thresholds,
        threshold=thresholds["3pm"],
        calibration=found,
        exceedance=_exceedance(panel, rows, p, origin),
        target_recall=settings.target_recall,
        figures=tuning_figures(rows, p, year, thresholds),
        curves=tuning_curves(pipeline, rows, p, origin.climatology or {}),
        searched_to=searched_to,
    )
    about = ModelDescription(**origin.given(), **tuning.given(), purpose=TUNING)
    version = stores.of(settings).registry().save(pipeline, about, now)
    return Tuning(**tuning.given(), tuned_version=version)


def _exceedance(
    panel: Panel, rows: Mapping[str, Examples], p: Mapping[str, Floats], origin: Origin
) -> list[AmountStep] | None:
    """How the chances of amounts follow from the event's on the tuning year."""
    chance = np.concatenate([p[name] for name in rows])
    day = np.concatenate([part.day for part in rows.values()])
    station = np.concatenate([part.station for part in rows.values()])
    regimes = [name for name, part in rows.items() for _ in range(len(part))]
    given = amounts.forecasts(chance, day, station, regimes)
    about = panel.network.event
    reference = amounts.climatology_of(origin, about.threshold_mm)
    if reference is None:
        return None
    mm = panel.at(panel.next_day(), day, station)
    return amounts.fitted(mm, given, reference.chances(day, station), about)


def fitted(
    settings: Settings,
    panel: Panel,
    span: fitting.Span,
    params: Mapping[str, Any],
    tuning: Tuning,
    about: Occasion,
    now: datetime,
) -> str:
    """Fits to a span, calibrates as the parameters' tuning says, and keeps the model; its
    version.
    """
    origin = fitting.description(panel, span, params)
    description = ModelDescription(**origin.given(), **tuning.given(), **about.given())
    by = workers.of(settings)
    with own_model.answered_for(params):
        made = fitting.fit(panel, span, params, workers=by, scratch=scratch.folder)
    pipeline = calibration.calibrated(made, tuning.calibration)
    return stores.of(settings).registry().save(pipeline, description, now)


class Trained(Document):
    """What a training came to.

    Attributes:
        judged, version: the evaluation model, and the one fitted on everything.
        serves: whether the latter does.
        thresholds: by regime.
    """

    judged: str
    version: str
    serves: bool
    thresholds: dict[str, float]
    rows: FittedRows


def train(
    settings: Settings, params: Mapping[str, Any], now: datetime, say: Say = _unsaid
) -> Trained:
    """Fits before the tuning year, chooses calibration and thresholds on it, fits again with it,
    and again on everything, with the same settings. The first model of an empty registry serves;
    any other is kept for `retrain`'s comparison or a person to promote.

    Raises:
        NotEnoughData: the history does not cover the tuning year and days before it.
    """
    begun = monotonic()
    panel, registry = history.prepared_panel(settings), stores.of(settings).registry()
    registry.require_writable()
    tuning = judged(settings, panel, params, now, say)
    say(f"fit 3: all days, to {panel.last}, for the model that serves")
    everything, about = fitting.everything(panel), Occasion(purpose=SERVING)
    version = fitted(settings, panel, everything, params, tuning, about, now)
    serves = registry.promote_first(version, now, "the first model, trained on the whole history")
    _publish(settings, version)
    after_run.training(settings, version, monotonic() - begun)
    return Trained(
        judged=tuning.judged_version or "",
        version=version,
        serves=serves,
        thresholds=tuning.thresholds or {},
        rows=registry.metadata(version).rows,
    )


def _publish(settings: Settings, version: str) -> None:
    """What a training is known by to those who compare trainings: `models/trained/` and
    `metrics/train.json`.

    Neither moves when another version is promoted.
    """
    metadata, data = model_files.read(stores.of(settings).registry().home(version))
    model_files.write(settings.trained, metadata, data)
    shown = ("version", "sha256", "judged_version", "thresholds", "rows", "figures")
    written = metadata.to_json()
    files.write_json(settings.train_metrics, {name: written[name] for name in shown})
