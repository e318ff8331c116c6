"""The watch: what has changed about inputs, chances and quality since the last retraining."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

import numpy as np
import pandas as pd

from raincast.errors import NotEnoughData
from raincast.features import block
from raincast.learning import climatology, knowledge
from raincast.learning.blend import Forecaster
from raincast.loop import history, known_changes, retrain_set, scheduled
from raincast.observations import panel
from raincast.observations.panel import Panel
from raincast.settings import Settings
from raincast.store import files, stores
from raincast.store.known_changes import KnownChange
from raincast.verification import live_report
from raincast.verification.watch import detection, expected, findings, quality
from raincast.verification.watch.memory import Memory, learned, uncharted
from raincast.verification.watch.quality import Rows
from raincast.verification.watch.records import ExpectedQuality, WatchReport

MOST_DAYS = 365
"""Days looked back at most: an alarm that is a year old has been answered or never will be."""
LATE_DAYS = 14
"""Days of which late rows are counted."""
LATE = timedelta(days=3)
"""After the day begins, UTC, a row that is not there is late: it is complete a day before."""
VERIFIED_DAYS = 30
"""Days with truth whose quality stands beside what was expected of it."""


class Span(NamedTuple):
    """Feature dates that are looked at, both inclusive."""

    first: date
    last: date


def watch(settings: Settings, now: datetime) -> WatchReport:
    """Looks at the archive and the scored journal, and writes `metrics/watch.json`.

    Args:
        now: aware moment.

    Raises:
        NotEnoughData: no complete day has come since the last retraining.
        NoModel: nothing serves yet.
    """
    champion, span = stores.of(settings).registry().load_active(), _span(settings, now)
    changes, rows = known_changes.known(settings), stores.of(settings).scored().read()
    report = look(settings, champion, memory(settings, champion, changes), rows, now)
    past = {change.station for change in changes if not change.field}
    noted = [_noted(change) for change in changes]
    more = {
        "late_rows": _late(settings, span),
        "uncharted": [name for name in report.uncharted if name not in past],
    } | ({"known_changes": noted} if noted else {})
    report = report.model_copy(update=more)
    files.write_json(settings.watch, report.to_json())
    return report


def _noted(change: KnownChange) -> str:
    return f"{change.station}, {change.field or 'every field'}: {change.reason}"


def look(
    settings: Settings, champion: Forecaster, known: Memory, rows: pd.DataFrame, now: datetime
) -> WatchReport:
    """The report on the archive and on forecasts with their truth, without the late rows; writes
    nothing.

    Args:
        known: `memory` of the champion.
        rows: a scored frame, at least of the days looked at.

    Raises:
        NotEnoughData: no complete day has come since the last retraining.
    """
    span = _span(settings, now)
    observed = _observed(settings, span)
    rows = rows[rows["feature_date"] >= pd.Timestamp(observed.first)]
    table = climatology.from_mapping(champion.metadata.climate)
    forecasts = quality.by_regime(rows, observed.first, table)
    watched = {name: _before(rows, len(observed)) for name, rows in forecasts.items()}
    parts = detection.evidence(observed, watched, known)
    levels = detection.levels(parts, observed.position(span.first))
    level = float(levels.log_all[-1])
    sure = findings.found(levels, settings.watch_run_length_days, observed, known.usual)
    verified, out = _qualities(forecasts)
    return WatchReport(
        made_at_utc=now.isoformat(),
        model_version=champion.version,
        first_day=str(span.first),
        last_day=str(span.last),
        run_length_days=settings.watch_run_length_days,
        level_days=float(np.exp(min(level, np.log(1e12)))),
        alarm=bool(level >= np.log(settings.watch_run_length_days)),
        findings=[*sure, *findings.gaps(observed, known.usual)],
        late_rows={},
        verified=verified,
        open=out,
        record=bool(known.records),
        uncharted=uncharted(observed, known),
    )


def _span(settings: Settings, now: datetime) -> Span:
    """From the last retraining or the end of the history on, to yesterday, whose row is complete.

    Raises:
        NotEnoughData: that is no day.
    """
    mark, end = retrain_set.read_watermark(settings), retrain_set.history_end(settings)
    last = now.astimezone(UTC).date() - timedelta(days=1)
    began = [day for day in (end, mark and mark.updated_at_utc.date()) if day]
    first = max([last - timedelta(days=MOST_DAYS - 1), *(day + timedelta(days=1) for day in began)])
    newest = stores.of(settings).archive().newest_day()
    last = min(last, newest) if newest else last
    if newest is None or last < first:
        raise NotEnoughData(
            f"the newest observation is of {newest or 'no day'}, and the watch begins on {first}"
            f" (after the history and the last retraining, at most {MOST_DAYS} days back):"
            " no complete day has come since; `raincast ingest` brings them"
        )
    return Span(first, last)


def _observed(settings: Settings, span: Span) -> Panel:
    """The span, and the days before it by which its first days are explained."""
    start = span.first - timedelta(days=block.LOOKBACK_DAYS)
    frame = stores.of(settings).archive().as_known_at(first=start, last=span.last)
    return panel.from_frame(frame, start, span.last)


def _before(rows: Rows, days: int) -> Rows:
    return rows.at(rows.day < days)


def memory(settings: Settings, champion: Forecaster, changes: Sequence[KnownChange]) -> Memory:
    """What is known of undisturbed days: the prepared history, and forecasts of the tuning year by
    the model that chose the thresholds, which was not fitted to it; without such a model no record.

    Args:
        changes: what nobody expects any more.
    """
    whole = history.prepared_panel(settings)
    changed = known_changes.mask(changes, whole.network)
    about = champion.metadata
    version, tuned = about.tuned_version or about.judged_version, knowledge.tuned(about)
    registry = stores.of(settings).registry()
    if not tuned or version not in {kept.version for kept in registry.versions()}:
        return learned(whole, {}, changed)  # a model that was taken from elsewhere came alone
    model = registry.load(str(version))
    if knowledge.fitted(model.metadata).last >= tuned.first:
        return learned(whole, {}, changed)
    days = [day for day in whole.days if tuned.first <= day <= tuned.last]
    table = climatology.from_mapping(model.metadata.climate)
    # With the thresholds that serve: those of a remedy warn of another share of the same chances.
    given = {"thresholds": champion.metadata.thresholds, "threshold": champion.threshold}
    asked = replace(model, metadata=model.metadata.model_copy(update=given))
    rows = live_report.with_truth(scheduled.rows(asked, whole, days), whole)
    return learned(whole, quality.by_regime(rows, whole.first, table), changed)


def _qualities(
    forecasts: Mapping[str, Rows],
) -> tuple[dict[str, ExpectedQuality], dict[str, ExpectedQuality]]:
    """By regime: of the newest days with truth, and of the forecasts whose truth is to come."""
    verified, out = {}, {}
    for name, rows in forecasts.items():
        told, wider = np.isfinite(rows.y), expected.spread(rows)
        if told.any():
            newest = rows.day > rows.day[told].max() - VERIFIED_DAYS
            verified[name] = expected.quality(rows.at(told & newest), wider)
            ahead = rows.at(~told & (rows.day >= rows.day[told].max()))
        else:
            ahead = rows
        if len(ahead.p):
            out[name] = expected.quality(ahead, wider)
    return verified, out


def _late(settings: Settings, span: Span) -> dict[str, int]:
    """By station, rows of the newest days that came late."""
    archive, found = stores.of(settings).archive(), dict[str, int]()
    first = max(span.first, span.last - timedelta(days=LATE_DAYS - 1))
    for i in range((span.last - first).days):
        day = first + timedelta(days=i)
        due = datetime.combine(day, time(0), UTC) + LATE
        known = archive.as_known_at(due, first=day, last=day)["Location"]
        came = archive.as_known_at(first=day, last=day)["Location"]
        for name in set(came.astype(str)) - set(known.astype(str)):
            found[name] = found.get(name, 0) + 1
    return dict(sorted(found.items()))
