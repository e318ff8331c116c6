"""The step before a search: the cheaper remedies, tried on the journal, and the first that helps
applied.

A model with a remedy is a version like any other. It is promoted under the run's id, so a run that
was killed and comes again finds what it decided; its rows are consumed after that.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from time import monotonic
from typing import Any

import numpy as np
import pandas as pd

from raincast.decisions import ladder, remedies
from raincast.decisions.remedies import Remedy, Verified
from raincast.decisions.retraining import Outcome, Treatment
from raincast.learning.blend import Forecaster, Recalibrated
from raincast.learning.metadata import Cure, ModelDescription
from raincast.loop import decide, retrain, retrain_set
from raincast.loop.consumption import decided
from raincast.settings import Settings
from raincast.store import stores
from raincast.store.locks import locked
from raincast.tracking import after_run
from raincast.verification.watch.records import RECALIBRATION, RETRAINING

RECENT_DAYS = 60
"""How far back forecasts are looked at: two thirds of it choose, as many as a choice of thresholds
needs where a fifth of the days are wet.
"""


def treat(settings: Settings, now: datetime, run_id: str) -> Treatment:
    """Tries what the watch's finding asks for, and what is dearer up to a retraining, which is left
    to the run; a repeated run finds what was decided.

    Raises:
        NoModel: nothing serves yet.
    """
    if not settings.cheapest_first:
        return _none("CHEAPEST_FIRST is not set: a retraining comes first")
    asked = ladder.asked(decide.current_watch(settings))
    return climb(settings, ladder.steps(asked), now, run_id)


def climb(settings: Settings, steps: Sequence[str], now: datetime, run_id: str) -> Treatment:
    """Applies the first of some remedies that helps on the scored journal."""
    begun = monotonic()
    with locked(settings.models / "retraining", retrain.PATIENCE_SECONDS):
        before = decided(settings, run_id)
        if before:
            stores.of(settings).registry().recover()
            return _before(settings, before)
        done = _climb(settings, steps, now, run_id)
    if done.version:
        outcome = Outcome(promoted=True, version=done.version, reason=done.reason)
        after_run.retraining(settings, outcome, monotonic() - begun)
    return done


def _before(settings: Settings, outcome: Outcome) -> Treatment:
    cure = stores.of(settings).registry().metadata(outcome.version).cure
    if cure is None or not outcome.promoted:
        return _none(f"the run has decided: {outcome.reason}")
    return Treatment(remedy=cure.name, version=outcome.version, reason=outcome.reason)


def _climb(settings: Settings, steps: Sequence[str], now: datetime, run_id: str) -> Treatment:
    champion = stores.of(settings).registry().load_active()
    rows = _rows(settings, champion)
    told = verified(rows)
    found = remedies.first_that_helps(
        told,
        steps,
        champion.metadata.thresholds or {},
        settings.target_recall,
        settings.recall_threshold,
    )
    if found:
        last = pd.Timestamp(rows["feature_date"].max()).date()
        return _apply(settings, champion, found, last, now, run_id)
    days = len(np.unique(told.day))
    tried = " or ".join(name for name in steps if name != RETRAINING) or "no cheaper remedy"
    return _none(f"{tried} helps on {len(rows)} forecasts of {days} days")


def _none(reason: str) -> Treatment:
    return Treatment(remedy=None, version=None, reason=reason)


def _rows(settings: Settings, champion: Forecaster) -> pd.DataFrame:
    """The newest forecasts with truth of the pipeline that serves; another threshold is the same
    pipeline, another model's chances say nothing of this one's.
    """
    rows = stores.of(settings).scored().read()
    same = rows["model_version"].isin(_same_pipeline(settings, champion))
    recent = rows["target_date"] >= rows["target_date"].max() - timedelta(days=RECENT_DAYS)
    chosen: pd.DataFrame = rows[rows["truth_available"] & same & recent]
    return chosen


def _same_pipeline(settings: Settings, champion: Forecaster) -> list[str]:
    registry = stores.of(settings).registry()
    served = {decision.version for decision in registry.history()}
    kept = {v.version for v in registry.versions()}
    same = champion.metadata.sha256
    return [name for name in served & kept if registry.metadata(name).sha256 == same]


def verified(rows: pd.DataFrame) -> Verified:
    """What the remedies are tried on, of a scored frame's rows with truth."""
    names = ("y_true", "rain_probability", "regime")
    y, p, regime = (rows[name].to_numpy() for name in names)
    day = rows["target_date"].to_numpy("datetime64[D]")
    return Verified(y.astype(np.float64), p.astype(np.float64), regime, day)


def _apply(
    settings: Settings, champion: Forecaster, cure: Remedy, last: date, now: datetime, run_id: str
) -> Treatment:
    """Keeps the champion with the remedy as a version, and promotes it."""
    registry = stores.of(settings).registry()
    kept = Cure(
        **cure._asdict(),
        uncured_thresholds=retrain.uncured_thresholds(champion),
        last_feature_date=last,
    )
    change = {
        "thresholds": cure.thresholds,
        "threshold": cure.thresholds["3pm"],
        "purpose": f"cure: {cure.name}",
        "cure": kept,
        "run_id": run_id,
        "comparison": None,
        "retraining_set": retrain_set.build_for(settings, run_id).to_json(),
    }
    about = champion.metadata.part(ModelDescription).model_copy(update=change)
    version = registry.save(_changed(champion, cure), about, now)
    reason = (
        f"{cure.name}, tried on the journal to {last}: recall {cure.before['recall']:.3f} to"
        f" {cure.after['recall']:.3f}, Brier score {cure.before['brier']:.4f} to"
        f" {cure.after['brier']:.4f}"
    )
    registry.promote(version, now, reason)
    return Treatment(remedy=cure.name, version=version, reason=reason)


def _changed(champion: Forecaster, cure: Remedy) -> Any:
    if cure.name != RECALIBRATION:
        return champion.pipeline
    return Recalibrated(champion.pipeline, cure.slope, cure.offset)
