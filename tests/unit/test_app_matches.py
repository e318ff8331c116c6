"""What each promotion and refusal rested on: from the history, the metadata and the shadow."""

from datetime import datetime

import pytest

from raincast.app import matches
from raincast.app.charts.differences import differences
from raincast.app.words import Words
from raincast.decisions.gate import ShadowReport
from raincast.store.model_history import ModelDecision
from raincast.verification.records import ComparedSpan, Comparison
from tests.drawings import marks
from tests.score_records import compared


def comparison(version: str, difference: float, champion: str = "old") -> dict:
    return Comparison(
        no_worse=difference <= 0,
        champion=compared(champion, 0.12),
        challenger=compared(version, 0.12 + difference, 40),
        brier_difference=difference,
        brier_difference_interval=(difference - 0.001, difference + 0.001),
        span=ComparedSpan(first="2016-03-01", last="2016-03-20", days=20),
    ).to_json()


def decided(action: str, version: str, previous: str | None = "old", **more: object):
    at = "2016-04-01T06:00:00+00:00"
    reason = f"why {version}"
    return ModelDecision(
        at_utc=at, action=action, version=version, previous=previous, reason=reason, **more
    )


def report(version: str, verdict: str) -> ShadowReport:
    return ShadowReport(
        made_at_utc="2016-05-01T06:00:00+00:00",
        version=version,
        champion="old",
        since="2016-04-01T06:00:00+00:00",
        days_left=3.0,
        n=700,
        days=20,
        champion_brier=0.12,
        challenger_brier=0.11,
        champion_recall=0.8,
        challenger_recall=0.8,
        brier_difference=-0.01,
        brier_difference_interval=(-0.02, 0.003),
        margin=0.002,
        verdict=verdict,
        reason="so far",
    )


def test_a_promotion_rests_on_its_metadata_and_a_refusal_on_its_line():
    history = [
        decided("refuse", "bad", comparison=comparison("bad", 0.004)),
        decided("promote", "good"),
    ]
    bad, good = matches.of(history, {"good": comparison("good", -0.003)})
    assert (bad.action, bad.difference, bad.reason) == ("refuse", 0.004, "why bad")
    assert (good.version, good.champion, good.n) == ("good", "old", 40)
    assert good.interval == pytest.approx((-0.004, -0.002))


@pytest.mark.parametrize(
    "decision",
    [
        decided("promote", "first", None),
        decided("promote", "good", "another"),  # brought back by hand, long after
        decided("rollback", "good"),
        decided("refuse", "bad", comparison={"of": "another program"}),
    ],
)
def test_where_nothing_was_compared_there_is_no_match(decision):
    assert matches.of([decision], {"good": comparison("good", -0.003)}) == []


def test_a_challenger_in_the_shadow_stands_on_top():
    kept = {"new": comparison("new", 0.001)}
    live, put = matches.of([decided("shadow", "new")], kept, report("new", "shadow"))
    assert (live.action, live.difference, live.n) == (matches.LIVE, -0.01, 700)
    assert live.at == datetime.fromisoformat("2016-05-01T06:00:00+00:00")
    assert (put.action, put.difference) == ("shadow", 0.001)


def test_the_end_of_a_shadow_rests_on_its_report():
    history = [decided("promote", "new"), decided("shadow", "new")]
    kept = {"new": comparison("new", 0.001)}
    end, _ = matches.of(history, kept, report("new", "promote"))
    assert (end.difference, end.reason) == (-0.01, "why new")
    older, _ = matches.of(history, kept, report("newer", "promote"))
    assert (older.difference, older.reason) == (None, "why new")


def test_the_first_difference_is_on_top_with_its_interval():
    rows = [("a", 0.1, 0.0, 0.3), ("b", 0.2, None, None)]
    chart = differences(rows, "what it is", "axis", Words("en"))
    top, below = marks(chart)
    assert top.box[1] < below.box[1]
    assert top.said == ["a", "+0.1000", "0.0000 to 0.3000"]
    assert below.said == ["b", "+0.2000"]
