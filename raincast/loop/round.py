"""One round of the whole loop: fetch, forecast, score, decide; search and retrain if the verdict
says so.

A station that cannot be had costs that station; scoring and deciding run in each case. A round that
is run again in the same slot asks for what is missing only.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from pydantic import Field

from raincast import logs
from raincast.decisions.decided import TRIGGER
from raincast.decisions.retraining import Outcome
from raincast.documents import Document
from raincast.errors import PARTLY, RaincastError, SourceUnavailable
from raincast.forecasts import basis
from raincast.learning.served import wanted
from raincast.loop import (
    alerts,
    announced,
    ask,
    consumption,
    decide,
    ingest,
    lacking,
    latest,
    monitor,
    study_store,
)
from raincast.loop.contexts import Contexts
from raincast.loop.forecast import Desk
from raincast.loop.outcomes import by_cause, grouped
from raincast.observations.network import find, in_force
from raincast.settings import Settings
from raincast.store import stores
from raincast.store.locks import locked

Say = Callable[[str], None]


class Round(Document):
    """What a round did.

    Attributes:
        slot: the scheduled issue time that it belongs to, ISO 8601.
        forecast: stations that got a forecast from their own newest row in this round.
        already: how many had theirs.
        without: stations whose newest row could not be had, with the reason; none where the step
            itself failed, before any row was looked at or after.
        basis: those that have a forecast all the same, by what it rests on.
        scored_rows, recall_live: of the live report; None if scoring failed.
        decision, case, reason: the verdict; None if deciding failed.
        retraining: None if nothing was retrained.
        failed: steps that failed, with the reason.
    """

    slot: str
    forecast: list[str]
    already: int
    without: dict[str, str]
    basis: dict[str, list[str]] = Field(default_factory=dict)
    scored_rows: int | None = None
    recall_live: float | None = None
    decision: str | None = None
    case: str | None = None
    reason: str | None = None
    retraining: Outcome | None = None
    failed: dict[str, str]

    @property
    def exit_code(self) -> int:
        """0 if all is well, `PARTLY` if stations or a later step failed, 4 if no station's newest
        row could be had.
        """
        if not self.forecast and not self.already:
            return SourceUnavailable.exit_code
        return PARTLY if self.without or self.failed else 0


def run(settings: Settings, now: datetime, say: Say) -> Round:
    """Does a round; one at a time on a root.

    Args:
        now: aware moment.
        say: takes a line about each step.

    Raises:
        Busy: another round has been at work for a minute.
    """
    with locked(settings.root / "data" / "round"):
        with logs.about(step="predict"):
            made, already, without, failed = _forecast(settings, now, say)
        causes = list(failed.values()) or by_cause(without)
        weaker = ask.weaker(ask.bases(settings, now))
        alerts.predicted(settings, now, len(made) + already, weaker, causes)
        done = {"slot": ask.slot(now).isoformat(), "forecast": made, "already": already}
        done |= {"without": without, "basis": weaker}
        steps: dict[str, Callable[[], dict[str, object]]] = {
            "score": lambda: _score(settings, now, say),
            "shadow": lambda: _shadow(settings, now, say),
            "decide": lambda: _decide(settings, now, say),
            "retrain": lambda: _retrain(settings, now, say, done),
        }
        for name, step in steps.items():
            try:
                done |= step()
            except RaincastError as error:
                failed[name] = str(error)
        return Round(**done, failed=failed)


def _forecast(
    settings: Settings, now: datetime, say: Say
) -> tuple[list[str], int, dict[str, str], dict[str, str]]:
    """Stations that were forecast, how many were already, those that could not be, and whether the
    step itself failed.
    """
    waiting, already = ask.waiting(settings, now), 0
    try:
        forecaster = stores.of(settings).registry().load_active()
        held = ask.bases(settings, now)
        already = sum(basis.has_own_row(held.get(n)) for n in wanted(forecaster.metadata))
        say(f"fetch {len(waiting)} of {len(in_force().stations)} stations …")
        failed = _fetched(settings, waiting, now, say) if waiting else {}
        archive = stores.of(settings).archive()
        contexts = Contexts(archive)
        due = [latest.due(name, now) for name in waiting]
        found = {r.station_name: latest.rests_on(contexts, r) for r in due}
        better = [
            r for r in due if basis.is_better(found[r.station_name], held.get(r.station_name))
        ]
        desk = Desk(contexts, stores.of(settings).journal(), lambda: forecaster, lambda: now)
        made = desk.forecast(better) if better else []
        without = {
            r.station_name: failed.get(r.station_name, lacking.lack(archive, r))
            for r in due
            if not basis.has_own_row(found[r.station_name])
        }
        mine = [f.location for f in made if basis.has_own_row(f.basis)]
        return mine, already, without, {}
    except RaincastError as error:
        return [], already, {}, {"forecast": str(error)}


def _fetched(settings: Settings, names: list[str], now: datetime, say: Say) -> Mapping[str, str]:
    """Fetches the stations' newest files; of which nothing came, and why."""
    report = ingest.ingest_bureau(settings, [find(name) for name in names], now)
    for line in grouped(report.errors):
        say(line)
    return report.failed


def _score(settings: Settings, now: datetime, say: Say) -> dict[str, object]:
    say("score …")
    with alerts.watched(settings, now, "score"):
        report = monitor.score(settings)
    return {"scored_rows": report.scored_rows, "recall_live": report.recall_live}


def _shadow(settings: Settings, now: datetime, say: Say) -> dict[str, object]:
    report = announced.shadowed(settings, now)
    if report:
        say(f"shadow: {report.reason}")
    return {}


def _decide(settings: Settings, now: datetime, say: Say) -> dict[str, object]:
    say("decide …")
    with alerts.watched(settings, now, "decide"):
        verdict = decide.after_look(settings, now)
    alerts.decided(settings, now, verdict)
    return {"decision": verdict.decision, "case": verdict.case, "reason": verdict.reason}


def _retrain(
    settings: Settings, now: datetime, say: Say, done: dict[str, object]
) -> dict[str, object]:
    if done.get("decision") != TRIGGER:
        return {}
    run_id = consumption.unfinished(settings) or f"round-{done['slot']}"
    treated = announced.treated(settings, now, run_id)
    if treated.version:
        say(f"instead of a retraining: {treated.reason}")
        outcome = Outcome(promoted=True, version=treated.version, reason=treated.reason)
    else:
        say(f"search for up to {settings.tune_seconds:g} s, then retrain: {done['reason']} …")
        announced.searched(settings, now, run_id)
        study_store.save_best(settings)
        outcome = announced.retrained(settings, now, run_id).part(Outcome)
    consumption.consume(settings, now, run_id)
    return {"retraining": outcome}
