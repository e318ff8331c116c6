"""When the watch alarms in a simulated climate, what the first alarm after the change asks for, and
what the policy `remedy` would then apply.
"""

import math
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, NamedTuple

import pandas as pd

from raincast.decisions import ladder, remedies
from raincast.decisions.asked import Limits
from raincast.learning import climatology
from raincast.loop import remedy
from raincast.observations.panel import Panel
from raincast.replay.climates import climates
from raincast.replay.climates.climates import Asked, Replayed
from raincast.replay.climates.worlds import BEGINS, CHANGE_AFTER, DAYS, World
from raincast.verification import live_report
from raincast.verification.watch import detection, findings
from raincast.verification.watch import quality as series
from raincast.verification.watch.detection import Part
from raincast.verification.watch.records import REPAIR, RETRAINING

RUN_LENGTHS = (60.0, 240.0, 3000.0)
"""Other bounds of the watch for the curve of false alarms against delay, days."""

Told = dict[str, Any]


class Alarm(NamedTuple):
    """A day on which the watch triggers, counted from the replay's first, and the day on which it
    had begun.
    """

    at: int
    since: int


def watch(asked: Asked, replay: tuple[World, int]) -> Told:
    """Of one replay, a world and a seed: by run length the days on which the watch triggers, and
    what its first alarm after the change asks for and leads to (None without one).
    """
    world, run = replay[0], climates.replayed(asked.by, *replay)
    parts = _evidence(asked, run)
    lengths = {"watch": asked.limits.run_length} | {f"watch@{d:g}": d for d in RUN_LENGTHS}
    begin = run.observed.position(BEGINS)
    found = {
        name: alarms(parts, begin, length, asked.limits, world.days)
        for name, length in lengths.items()
    }
    first = next((one for one in found["watch"] if one.at >= CHANGE_AFTER), None)
    return {
        "triggers": {name: [one.at for one in days] for name, days in found.items()},
        "remedy": first and _remedy(asked, world, run, parts, first),
    }


def _evidence(asked: Asked, run: Replayed) -> tuple[Part, ...]:
    table = climatology.from_mapping(asked.by.metadata.climate)
    scored = live_report.with_truth(run.rows, run.observed)
    forecasts = series.by_regime(scored, run.observed.first, table)
    return detection.evidence(run.observed, forecasts, asked.known)


def alarms(
    parts: Sequence[Part], begin: int, run_length: float, limits: Limits, days: int = DAYS
) -> list[Alarm]:
    """A day is complete, and its truth there, the day after. A trigger begins the watch anew."""
    found: list[Alarm] = []
    since = 0
    while (day := detection.first_alarm(parts, begin + since, run_length)) is not None:
        at = day - begin + 1
        if found:
            at = max(at, found[-1].at + math.ceil(limits.rest_days))
        if at >= days:
            break
        found.append(Alarm(at, since))
        since = at
    return found


def _remedy(
    asked: Asked, world: World, run: Replayed, parts: Sequence[Part], alarm: Alarm
) -> dict[str, str]:
    action = _asks(asked, run, parts, alarm)
    return {"asked": action, "applied": _applied(asked, world, run, alarm, action)}


def _asks(asked: Asked, run: Replayed, parts: Sequence[Part], alarm: Alarm) -> str:
    """What its surest finding asks for, from what was known on its day."""
    begin = run.observed.position(BEGINS)
    stop = begin + alarm.at
    known = [Part(part.streams, part.log_e[:stop]) for part in parts]
    seen = Panel(
        run.observed.first,
        run.observed.values[:stop],
        run.observed.seen[:stop],
        network=run.observed.network,
    )
    levels = detection.levels(known, begin + alarm.since)
    told = findings.found(levels, asked.limits.run_length, seen, asked.known.usual)
    return ladder.surest(told)


def _applied(asked: Asked, world: World, run: Replayed, alarm: Alarm, action: str) -> str:
    """What `remedy` does of that: it waits where data are to be repaired, else it takes the first
    remedy that helps on the journal, and a retraining where none does.
    """
    if action == REPAIR:
        return REPAIR
    now = pd.Timestamp(BEGINS + timedelta(days=alarm.at))
    rows = live_report.with_truth(run.rows, run.observed)
    recent = rows["target_date"] > now - timedelta(days=remedy.RECENT_DAYS)
    told = rows[rows["truth_available"] & recent & (rows["target_date"] <= now)]
    given = asked.by.metadata.thresholds or {}
    present = {name: threshold * world.threshold_factor for name, threshold in given.items()}
    found = remedies.first_that_helps(
        remedy.verified(told),
        ladder.steps(action),
        present,
        asked.target_recall,
        asked.limits.recall,
    )
    return found.name if found else RETRAINING


def summary(runs: Sequence[Told], right: Sequence[str]) -> dict[str, Any]:
    """Of a climate's replays: what its first alarms after the change asked for and led to, and the
    share of all replays in which that was right; None where nothing is.

    Args:
        right: the remedies that mend the climate's change.
    """
    alarmed = [one["remedy"] for one in runs if one["remedy"]]
    found: dict[str, Any] = {"right": list(right), "replays": len(runs), "alarmed": len(alarmed)}
    for name in ("asked", "applied"):
        told = [one[name] for one in alarmed]
        found[name] = dict(Counter(told))
        found[f"right_{name}"] = sum(one in right for one in told) / len(runs) if right else None
    return found
