"""A small world whose model has grown wrong: its live forecasts, and what the watch found."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import numpy as np

from raincast.forecasts.request import Request
from raincast.learning.blend import Recalibrated
from raincast.learning.metadata import ModelDescription
from raincast.loop import forecast, monitor
from raincast.loop.contexts import Contexts
from raincast.observations.availability import instant, regimes
from raincast.observations.network import in_force
from raincast.settings import Settings
from raincast.store import files
from raincast.store.archive import Archive
from raincast.store.journal import Journal
from raincast.store.registry import Registry
from raincast.verification.watch.records import Finding, WatchReport
from tests import learned

BEGIN, LAST = date(2016, 3, 1), date(2016, 5, 30)
NOW = datetime(2016, 6, 3, 6, tzinfo=UTC)
HIGH = dict.fromkeys(("9am", "3pm", "complete"), 0.9)
"""Thresholds that no forecast of the small model reaches often."""


def world(
    root: Path, thresholds: dict[str, float] = HIGH, move: float = 0.0, last: date = LAST
) -> Settings:
    """The model with such thresholds, its log-odds moved, and its forecasts of three months.

    Args:
        move: of the log-odds; 0 leaves the model's chances.
        last: the last feature date.
    """
    settings = learned.root(root)
    registry = Registry(settings.models)
    active = registry.load_active()
    about = active.metadata.part(ModelDescription).model_copy(
        update={"thresholds": thresholds, "threshold": thresholds["3pm"]}
    )
    pipeline = Recalibrated(active.pipeline, 1.0, move) if move else active.pipeline
    version = registry.save(pipeline, about, learned.TRAINED_AT + timedelta(hours=1))
    registry.promote(version, learned.TRAINED_AT + timedelta(hours=1), "a test's")
    live(settings, BEGIN, last)
    return settings


def live(settings: Settings, first: date, last: date) -> None:
    """The serving model's forecasts of every slot, with their truth."""
    frame = learned.weather(learned.FIRST, LAST + timedelta(days=2))
    recent = frame[frame["Date"] > np.datetime64(learned.HISTORY_END)]
    come = recent[recent["Date"] <= np.datetime64(last + timedelta(days=2))]
    at = datetime.combine(last, time(12), UTC) + timedelta(days=3)
    Archive(settings.archive).append(come, at, "test")
    by, contexts = Registry(settings.models).load_active(), Contexts(Archive(settings.archive))
    for i in range((last - first).days + 1):
        for hour in (6, 18):
            now = datetime.combine(first + timedelta(days=i), time(hour), UTC)
            Journal(settings.journal).append(forecast.forecasts(requests(now), by, contexts, now))
    monitor.score(settings)


def requests(now: datetime) -> list[Request]:
    """Of every station's row of that UTC day, as of now."""
    known = regimes(now.date(), instant(now))
    places = [in_force().index[name] for name in learned.PLACES]
    return [
        Request(i, now.date(), instant(now), str(known[i]), in_force().locations[i]) for i in places
    ]


def found(settings: Settings, *actions: str) -> WatchReport:
    """A report of the watch with an alarm whose findings ask for that, the surest first; kept."""
    findings = [
        Finding(
            kind="record",
            where="3pm",
            what="wetter",
            since="2016-04-01",
            level_days=1e6 / (i + 1),
            sentence=f"finding {i}",
            remedy="something",
            action=action,
        )
        for i, action in enumerate(actions)
    ]
    report = WatchReport(
        made_at_utc=NOW.isoformat(),
        model_version="any",
        first_day="2016-03-01",
        last_day=str(LAST),
        run_length_days=730.0,
        level_days=1e6,
        alarm=bool(actions),
        findings=findings,
        late_rows={},
        verified={},
        open={},
        record=True,
    )
    files.write_json(settings.watch, report.to_json())
    return report
