"""Which remedy comes first: the cheapest, or what the watch's surest finding asks for. Pure."""

from collections.abc import Sequence

from raincast.verification.watch.records import (
    NO_ACTION,
    RECALIBRATION,
    REPAIR,
    RETRAINING,
    THRESHOLD,
    Finding,
    WatchReport,
)

LADDER = (THRESHOLD, RECALIBRATION, RETRAINING)
"""From the cheapest on."""


def asked(report: WatchReport | None) -> str:
    """What the surest finding of an alarm asks for; nothing without an alarm."""
    return surest(report.findings) if report is not None and report.alarm else NO_ACTION


def surest(findings: Sequence[Finding]) -> str:
    """What the first of the findings, the surest first, asks for that asks for anything. A gap,
    which has no level, asks for nothing: it is one instrument's.
    """
    sure = (one.action for one in findings if one.level_days is not None)
    return next((action for action in sure if action != NO_ACTION), NO_ACTION)


def steps(action: str) -> tuple[str, ...]:
    """What to try, in this order: what was asked for, and the dearer remedies after it. Where data
    are to be repaired, nothing is: a model would learn their fault.
    """
    if action == REPAIR:
        return ()
    return LADDER if action == NO_ACTION else LADDER[LADDER.index(action) :]
