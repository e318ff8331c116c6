"""What a policy does about a poor model: the loop's own search and retraining, or a cheaper remedy
first.
"""

from datetime import date, datetime

from raincast.decisions import ladder
from raincast.errors import NotEnoughData
from raincast.loop import consumption, remedy, retrain, retrain_set, search, study_store
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
    rows = live_report.with_truth(journal.Journal(settings.journal).read(), observed)
    scored.Scored(settings.scored_journal).write(rows)


def retrained(settings: Settings, now: datetime, run_id: str, searches: bool) -> str:
    """Search (or not), retraining, watermark: `promote`, `refuse`, `shadow` or `NOTHING`. The
    scored journal must be written.
    """
    try:
        if searches:
            search.run(settings, run_id)
            study_store.save_best(settings)
        else:
            retrain_set.build(settings)
        done = retrain.retrain(settings, now, run_id)
    except NotEnoughData:
        return NOTHING
    consumption.consume(settings, now, run_id)
    decided = Registry(settings.models).history()
    return next(one.action for one in reversed(decided) if one.version == done.version)


def cured(settings: Settings, asked: str, now: datetime, run_id: str) -> str | None:
    """Applies the cheapest remedy that helps on the scored journal, beginning with what was asked
    for: its name, or None where none does. The scored journal must be written.
    """
    done = remedy.climb(settings, ladder.steps(asked), now, run_id)
    if done.version:
        consumption.consume(settings, now, run_id)
    return done.remedy
