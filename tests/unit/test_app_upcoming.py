from datetime import UTC, datetime

import pytest

from raincast.app import upcoming
from raincast.app.words import Words
from raincast.decisions.asked import Limits
from raincast.decisions.decided import Evidence, RecallInterval, WatchLevel

EN = Words("en")
TWICE = "0 6,18 * * *"


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ((2026, 6, 25, 5, 59), (2026, 6, 25, 6)),
        ((2026, 6, 25, 6, 0), (2026, 6, 25, 18)),
        ((2026, 6, 30, 18, 1), (2026, 7, 1, 6)),
    ],
)
def test_the_next_run_is_the_next_hour_of_the_schedule(now, then):
    assert upcoming.next_run(datetime(*now, tzinfo=UTC), TWICE) == datetime(*then, tzinfo=UTC)


def evidence(rule: str, **found: object) -> Evidence:
    """0.7 over enough days, 20 of 60 rows, no alarm, retrained 4 days ago; or what is given."""
    limits = Limits(0.59, 60, rule, 50, 30.0, 365.0, cheapest_first=False)
    interval = RecallInterval(
        interval=(0.6, 0.8), band="good", recall=0.7, n=300, days=10, wet_station_days=60
    )
    level = WatchLevel(
        alarm=False, level_days=3.0, run_length_days=365.0, last_day="2026-06-24", finding=None
    )
    given: dict[str, object] = {
        "recall_live": 0.7,
        "scored_rows": 200,
        "positives_true": 60,
        "recall_interval": interval,
        "new_rows": 20,
        "late_rows": 0,
        "cutoff": None,
        "days_since_retraining": 4.0,
        "limits": limits,
        "rules": {},
        "watch": level,
    }
    return Evidence.model_construct(**(given | found))


def test_what_a_search_waits_for_by_each_rule():
    assert upcoming.waits_for(evidence("specification"), EN) == [
        "a recall below 0.59",
        "40 more new rows",
    ]
    assert upcoming.waits_for(evidence("interval"), EN) == [
        "a whole recall interval below 0.59",
        "26 more days since the last retraining",
        "40 more new rows",
    ]
    assert upcoming.waits_for(evidence("watch"), EN)[0] == "an alarm of the watch"


def test_nothing_is_waited_for_where_the_search_starts():
    assert upcoming.waits_for(evidence("specification", recall_live=0.5, new_rows=60), EN) == []
    unknown = evidence("specification", recall_live=None, new_rows=60)
    assert upcoming.waits_for(unknown, EN) == ["a recall below 0.59"]
