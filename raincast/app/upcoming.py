"""What comes next: the next run, and what a search still waits for. Pure."""

from datetime import datetime, timedelta
from math import ceil

from raincast.app.words import Words
from raincast.decisions.decided import Evidence


def next_run(now: datetime, schedule: str) -> datetime:
    """When a schedule of full hours of every day (`0 6,18 * * *`, UTC) comes round next."""
    minute, hours = schedule.split()[:2]
    today = now.replace(minute=int(minute), second=0, microsecond=0)
    times = sorted(today.replace(hour=int(hour)) for hour in hours.split(","))
    return next((at for at in times if at > now), times[0] + timedelta(days=1))


def waits_for(evidence: Evidence, t: Words) -> list[str]:
    """What would have to happen for a search by the rule in force; nothing where it starts."""
    limits, recall = evidence.limits, evidence.recall_live
    found = []
    if limits.rule == "watch":
        if not (evidence.watch and evidence.watch.alarm):
            found.append(t("decision.needs_alarm"))
    elif limits.rule == "interval":
        ends = evidence.recall_interval.interval
        if ends is None or ends[1] >= limits.recall:
            found.append(t("decision.needs_interval", limit=t.number(limits.recall, 2)))
    elif recall is None or recall >= limits.recall:
        found.append(t("decision.needs_recall", limit=t.number(limits.recall, 2)))
    since = evidence.days_since_retraining
    if limits.rule != "specification" and since is not None and since < limits.rest_days:
        found.append(t("decision.needs_rest", n=t.number(ceil(limits.rest_days - since))))
    if (short := limits.new_rows - evidence.new_rows) > 0:
        found.append(t("decision.needs_rows", n=t.number(short)))
    return found
