"""Two models on the same rows: what each promotion, refusal and shadow rested on. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from raincast.decisions.gate import ShadowReport
from raincast.documents import Json
from raincast.errors import BadFile
from raincast.store.model_history import ModelDecision
from raincast.verification.records import Comparison, Interval

ENDS = ("promote", "refuse")
LIVE = "live"
"""The action of a match that is still going on, in the shadow."""


class Match(NamedTuple):
    """A challenger beside a champion.

    Attributes:
        action: what came of it, as the history has it; `LIVE` while it goes on.
        version, champion: who was compared with whom; None for a champion that is not known.
        n: forecasts of both, with truth.
        first, last: their feature dates, ISO 8601; None where only their number is known.
        briers: the challenger's Brier score and the champion's.
        difference, interval: the first less the second, and its 95 % interval over days; None
            where they are not known.
    """

    at: datetime
    action: str
    version: str
    champion: str | None
    reason: str
    n: int | None = None
    first: str | None = None
    last: str | None = None
    briers: tuple[float | None, float | None] = (None, None)
    difference: float | None = None
    interval: Interval | None = None


def of(
    history: Sequence[ModelDecision],
    kept: Mapping[str, Json],
    shadow: ShadowReport | None = None,
) -> list[Match]:
    """The matches that the history tells of, the newest first; one in the shadow stands on top.

    Args:
        history: the newest first.
        kept: the comparison in each version's metadata, where it has one.
        shadow: the newest report of a challenger in the shadow.
    """
    in_the_shadow = {one.version for one in history if one.action == "shadow"}
    found = [
        _after_shadow(one, shadow)
        if one.action in ENDS and one.version in in_the_shadow
        else _match(one, one.comparison or kept.get(one.version))
        for one in history
        if one.action in (*ENDS, "shadow")
    ]
    live = [_reported(shadow)] if shadow and shadow.verdict == "shadow" else []
    return live + [match for match in found if match]


def _match(decision: ModelDecision, kept: Json | None) -> Match | None:
    """None where nothing was compared: the first model, one by hand, one of another program."""
    try:
        found = Comparison.from_json(kept, f"comparison of {decision.version}")
    except BadFile:
        return None
    if found.champion.version != decision.previous:
        return None
    return Match(
        at=decision.at,
        action=decision.action,
        version=decision.version,
        champion=found.champion.version,
        reason=decision.reason,
        n=found.challenger.n,
        first=found.span.first,
        last=found.span.last,
        briers=(found.challenger.brier, found.champion.brier),
        difference=found.brier_difference,
        interval=found.brier_difference_interval,
    )


def _after_shadow(decision: ModelDecision, report: ShadowReport | None) -> Match:
    """What ended a time in the shadow; only the newest report is kept, so older ends have no
    numbers but those of their reason.
    """
    if report and report.version == decision.version:
        reported = _reported(report)
        return reported._replace(at=decision.at, action=decision.action, reason=decision.reason)
    return Match(decision.at, decision.action, decision.version, decision.previous, decision.reason)


def _reported(report: ShadowReport) -> Match:
    return Match(
        at=datetime.fromisoformat(report.made_at_utc),
        action=LIVE,
        version=report.version,
        champion=report.champion,
        reason=report.reason,
        n=report.n,
        briers=(report.challenger_brier, report.champion_brier),
        difference=report.brier_difference,
        interval=report.brier_difference_interval,
    )
