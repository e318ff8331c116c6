"""The step that decides: the live report, what is new since the last retraining, and the verdict on
both.
"""

from contextlib import suppress
from datetime import datetime, timedelta

from raincast.decisions import verdict, watermark
from raincast.decisions.asked import Limits, News
from raincast.decisions.decided import Decision, LiveScores
from raincast.errors import NotEnoughData
from raincast.loop import retrain_set, watch_report
from raincast.observations.network import require_event
from raincast.settings import Settings
from raincast.store import files, stores
from raincast.verification.records import LiveReport
from raincast.verification.watch.records import WatchReport


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
        run_length=settings.watch_run_length_days,
        cheapest_first=settings.cheapest_first,
    )


def news(settings: Settings, now: datetime) -> News:
    """What the scored journal has that neither the history nor the watermark covers."""
    mark, end = retrain_set.read_watermark(settings), retrain_set.history_end(settings)
    rows = stores.of(settings).scored().station_days()
    day = watermark.cutoff(end, mark)
    rest = (now - mark.updated_at_utc) / timedelta(days=1) if mark else None
    shadow = stores.of(settings).registry().in_the_shadow()
    return News(
        len(watermark.new_rows(rows, day)),
        watermark.late_rows(rows, end, mark),
        day,
        rest,
        shadow is not None,
    )


def decide(settings: Settings, now: datetime) -> Decision:
    """The verdict on the live report, the watch's and what is new. Writes nothing; without a report
    nothing is triggered.

    Args:
        now: aware moment.

    Raises:
        BadFile: the live report is not one.
    """
    report, found = live(settings), news(settings, now)
    made = verdict.decide(report, found, limits(settings), current_watch(settings))
    return Decision(
        live=LiveScores(**{name: getattr(report, name, None) for name in LiveScores.model_fields}),
        new_rows_for_retrain=found.new_rows,
        retrain_cutoff_date=str(found.cutoff) if found.cutoff else None,
        decision=made.decision,
        case=made.case,
        reason=made.reason,
        evidence=made.evidence,
    )


def after_look(settings: Settings, now: datetime) -> Decision:
    """The decision; under the watch's rule, and where its finding chooses the remedy, after a look
    of the watch, where a day has come to look at.
    """
    if settings.decision_rule == "watch" or settings.cheapest_first:
        from raincast.loop import watch  # the model's libraries are wanted for a look alone

        with suppress(NotEnoughData):
            watch.watch(settings, now)
    return decide(settings, now)


def current_watch(settings: Settings) -> WatchReport | None:
    """The watch's report; None where it was made before the last retraining, which answered it."""
    report, mark = watch_report.read(settings), retrain_set.read_watermark(settings)
    made = report and datetime.fromisoformat(report.made_at_utc)
    return None if made and mark and made <= mark.updated_at_utc else report


def live(settings: Settings) -> LiveReport | None:
    """The newest live report; None before the first scoring.

    Raises:
        BadFile: the file is not one.
    """
    value = files.read_json(settings.live_eval)
    if value is None:
        return None
    report = LiveReport.from_json(value, str(settings.live_eval))
    require_event(report.event, str(settings.live_eval), "`raincast score` scores the journal")
    return report
