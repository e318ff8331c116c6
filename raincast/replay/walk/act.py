"""What a policy does about a poor model: the loop's own search and retraining, or a cheaper cure
first.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import numpy as np
import pandas as pd

from raincast.decisions import remedies
from raincast.decisions.remedies import Remedy, Verified
from raincast.errors import NotEnoughData
from raincast.learning.blend import Recalibrated
from raincast.learning.metadata import Cure, ModelDescription
from raincast.loop import consumption, retrain, retrain_set, search, study_store
from raincast.observations import panel
from raincast.settings import Settings
from raincast.store import journal, scored
from raincast.store.archive import Archive
from raincast.store.registry import Registry
from raincast.verification import live_report

NOTHING = "not enough data"


def write_scored(settings: Settings, since: date) -> None:
    """The scored journal as the archive knows the truth by now; `since` lies before the journal's
    first target date.
    """
    frame = Archive(settings.archive).as_known_at(first=since)
    observed = panel.from_frame(frame, since, frame["Date"].max().date())
    scored.write(
        settings.scored_journal, live_report.with_truth(journal.read(settings.journal), observed)
    )


def retrained(settings: Settings, now: datetime, run_id: str, searches: bool) -> str:
    """Search (or not), retraining, watermark: `promote`, `refuse` or `NOTHING`. The scored journal
    must be written.
    """
    try:
        if searches:
            search.run(settings)
            study_store.save_best(settings)
        else:
            retrain_set.build(settings)
        done = retrain.retrain(settings, now, run_id)
    except NotEnoughData:
        return NOTHING
    consumption.consume(settings, now, run_id)
    return "promote" if done.promoted else "refuse"


def cured(settings: Settings, rows: pd.DataFrame, now: datetime, run_id: str) -> str | None:
    """Applies the cheapest cure that helps on the recent rows of the journal: its name, or None
    where none does.
    """
    decided = consumption.decided(settings, run_id)
    if decided:
        Registry(settings.models).recover()
        cure = Registry(settings.models).metadata(decided.version).cure
        return cure.name if cure else None
    champion = Registry(settings.models).load_active()
    verified = _verified(rows[rows["truth_available"]])
    tried: tuple[Callable[..., Remedy | None], ...] = (remedies.threshold, remedies.recalibration)
    for remedy in tried:
        found = remedy(
            verified,
            champion.metadata.thresholds or {},
            settings.target_recall,
            settings.recall_threshold,
        )
        if found and found.helps:
            last = pd.Timestamp(rows["feature_date"].max()).date()
            _apply(settings, found, last, now, run_id)
            return found.name
    return None


def _verified(rows: pd.DataFrame) -> Verified:
    names = ("y_true", "rain_probability", "regime")
    y, p, regime = (rows[name].to_numpy() for name in names)
    return Verified(
        y.astype(np.float64),
        p.astype(np.float64),
        regime,
        rows["target_date"].to_numpy("datetime64[D]"),
    )


def _apply(settings: Settings, cure: Remedy, last: date, now: datetime, run_id: str) -> None:
    registry = Registry(settings.models)
    champion = registry.load_active()
    kept = Cure(
        **cure._asdict(),
        uncured_thresholds=retrain.uncured_thresholds(champion),
        last_feature_date=last,
    )
    about = champion.metadata.part(ModelDescription).model_copy(
        update={
            "thresholds": cure.thresholds,
            "threshold": cure.thresholds["3pm"],
            "purpose": f"cure: {cure.name}",
            "cure": kept,
            "run_id": run_id,
            "retraining_set": retrain_set.build(settings).to_json(),
        }
    )
    changed = cure.name == "recalibration"
    pipeline: Any = (
        Recalibrated(champion.pipeline, cure.slope, cure.offset) if changed else champion.pipeline
    )
    version = registry.save(pipeline, about, now)
    recall = f"recall {cure.before['recall']:.3f} to {cure.after['recall']:.3f}"
    registry.promote(version, now, f"cure by {cure.name}, tried on the journal: {recall}")
    consumption.consume(settings, now, run_id)
