"""The step that decides: the live report, what is new since the last retraining, and the verdict on
both.
"""

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from raincast.decisions import verdict as quality
from raincast.decisions import watermark
from raincast.decisions.verdict import Limits, News
from raincast.loop import retrain_set
from raincast.settings import Settings
from raincast.store import files, scored
from raincast.verification import live_report


def limits(settings: Settings) -> Limits:
    """The limits that the settings ask for.

    Raises:
        BadInput: an unknown decision rule.
    """
    return Limits(
        recall=settings.recall_threshold,
        new_rows=settings.min_new_rows_for_retrain,
        rule=settings.decision_rule,
        wet_days=settings.min_wet_days,
        rest_days=settings.retrain_rest_days,
    )


def news(settings: Settings, now: datetime) -> News:
    """What the scored journal has that neither the history nor the watermark covers."""
    mark, end = retrain_set.read_watermark(settings), retrain_set.history_end(settings)
    rows = scored.station_days(settings.scored_journal)
    day = watermark.cutoff(end, mark)
    rest = (now - mark.updated_at_utc) / timedelta(days=1) if mark else None
    return News(len(watermark.new_rows(rows, day)), watermark.late_rows(rows, end, mark), day, rest)


def decide(settings: Settings, now: datetime) -> dict[str, Any]:
    """The verdict as JSON: what was measured (`live`, `new_rows_for_retrain`,
    `retrain_cutoff_date`), then what
    follows (`decision`, `case`, `reason`, `evidence`). Writes nothing. Without a live report
    nothing is triggered.

    Args:
        now: aware moment.
    """
    report, found = files.read_json(settings.live_eval) or {}, news(settings, now)
    verdict = quality.decide(report, found, limits(settings))
    cutoff = str(found.cutoff) if found.cutoff else None
    measured = {
        "live": {name: report.get(name) for name in live_report.CONTRACT},
        "new_rows_for_retrain": found.new_rows,
        "retrain_cutoff_date": cutoff,
    }
    return measured | asdict(verdict) | {"evidence": verdict.evidence | {"cutoff": cutoff}}
