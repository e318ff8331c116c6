"""A first model from the prepared history: one that is judged, and the same fitted again on all
rows to serve.
"""

from collections.abc import Mapping
from datetime import datetime
from time import monotonic
from typing import Any

import numpy as np
from imblearn.pipeline import Pipeline

from raincast.learning import climatology, examples, fitting
from raincast.loop import history
from raincast.observations.availability import REGIMES
from raincast.observations.panel import Panel
from raincast.settings import Settings
from raincast.store import files, model_files
from raincast.store.registry import Registry
from raincast.tracking import after_run
from raincast.verification import curves, scoring


def tuning_figures(
    pipeline: Pipeline, panel: Panel, span: fitting.Span, thresholds: Mapping[str, float]
) -> dict[str, Any]:
    """By regime, the figures on the tuning year."""
    found = {}
    for regime in REGIMES:
        rows = examples.of_regime(panel, regime, *span)
        p = pipeline.predict_proba(rows.given)[:, 1]
        reference = np.full(len(rows), np.nan)
        found[regime] = scoring.summary(rows.y, p, p >= thresholds[regime], reference).to_json()
    return {"span": "tuning year", "first": str(span.first), "last": str(span.last)} | found


def tuning_curves(
    pipeline: Pipeline, panel: Panel, span: fitting.Span, about: Mapping[str, Any]
) -> dict[str, Any]:
    """What the plots of a model are drawn from: by regime on the tuning year, and what its trees
    look at.
    """
    table, found = climatology.from_mapping(about["climatology"]), {}
    for regime in REGIMES:
        rows = examples.of_regime(panel, regime, *span)
        found[regime] = curves.of_rows(rows, pipeline.predict_proba(rows.given)[:, 1], table)
    return {"regimes": found, "importance": curves.importance(pipeline)}


def judged(
    settings: Settings, panel: Panel, params: Mapping[str, Any], now: datetime
) -> dict[str, Any]:
    """Fits before the tuning year, chooses thresholds on it, and keeps that model, so that
    `evaluate` tests exactly it.

    Returns:
        What the metadata of a serving model with these parameters has of it: `thresholds`,
        `threshold`,
        `target_recall`, `figures`, `curves` and `judged_version`.

    Raises:
        NotEnoughData: the observations do not cover the tuning year and days before it.
    """
    tuning = fitting.tuning_span(panel, settings.tuning_year)
    span = fitting.before_tuning(panel, tuning)
    pipeline = fitting.fit(panel, span, params)
    thresholds = fitting.thresholds(pipeline, panel, tuning, settings.target_recall)
    shared = {
        "thresholds": thresholds,
        "threshold": thresholds["3pm"],
        "target_recall": settings.target_recall,
        "figures": tuning_figures(pipeline, panel, tuning, thresholds),
    }
    about = fitting.description(panel, span, params) | {"purpose": "judged"}
    shared["curves"] = tuning_curves(pipeline, panel, tuning, about)
    about |= shared
    return shared | {"judged_version": Registry(settings.models).save(pipeline, about, now)}


def train(settings: Settings, params: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """Fits before the tuning year, chooses thresholds on it, fits again on everything with the same
    settings. The first model of an empty registry serves; any other is kept for `retrain`'s
    comparison or a person to promote.

    Returns:
        `judged` and `version` (ids), `serves` (whether it does), `thresholds`, `rows`.

    Raises:
        NotEnoughData: the history does not cover the tuning year and days before it.
    """
    begun = monotonic()
    panel = history.read(settings.prepared)
    shared = judged(settings, panel, params, now)
    served = fitting.fit(panel, fitting.everything(panel), params)
    about = fitting.description(panel, fitting.everything(panel), params) | shared
    about |= {"purpose": "serving: fitted again on all rows to date"}
    registry = Registry(settings.models)
    version = registry.save(served, about, now)
    serves = registry.promote_first(version, now, "the first model, trained on the whole history")
    _publish(settings, version)
    after_run.training(settings, version, monotonic() - begun)
    found = {"judged": shared["judged_version"], "version": version, "serves": serves}
    return found | {"thresholds": shared["thresholds"], "rows": about["rows"]}


def _publish(settings: Settings, version: str) -> None:
    """What a training is known by to those who compare trainings: `models/trained/` and
    `metrics/train.json`.

    Neither moves when another version is promoted.
    """
    metadata, data = model_files.read(Registry(settings.models).home(version))
    model_files.write(settings.trained, metadata, data)
    told = {
        name: metadata[name]
        for name in ("version", "sha256", "judged_version", "thresholds", "rows", "figures")
    }
    files.write_json(settings.train_metrics, told)
