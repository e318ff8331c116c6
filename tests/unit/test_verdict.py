"""The verdict: the four cases of the specification, and the rule that knows its noise."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raincast.decisions.asked import Limits, News
from raincast.decisions.decided import SKIP, TRIGGER
from raincast.decisions.reasons import band
from raincast.decisions.verdict import decide
from raincast.errors import BadInput
from raincast.verification.watch.records import Finding, WatchReport
from tests.score_records import live_quality as live

LIMITS = Limits(recall=0.59, new_rows=60, rule="specification", wet_days=50, rest_days=7)
NEWS = News(new_rows=60, late_rows=3, cutoff=date(2026, 2, 18), days_since_retraining=30.0)
BY_INTERVAL = replace(LIMITS, rule="interval")


@pytest.mark.parametrize(
    ("recall", "new_rows", "decision", "case"),
    [
        (0.4193, 59, SKIP, "A"),
        (0.4193, 0, SKIP, "A"),
        (0.59, 60, SKIP, "B"),
        (0.80, 500, SKIP, "B"),
        (0.5899, 60, TRIGGER, "C"),
        (0.0, 500, TRIGGER, "C"),
        (0.80, 0, SKIP, "healthy"),
        (None, 500, SKIP, "unknown"),
    ],
)
def test_the_cases_of_the_specification(recall, new_rows, decision, case):
    verdict = decide(live(recall), replace(NEWS, new_rows=new_rows), LIMITS)
    assert (verdict.decision, verdict.case) == (decision, case)


@given(st.none() | st.floats(0, 1), st.integers(0, 500), st.floats(0, 1), st.integers(0, 500))
def test_triggers_if_and_only_if_the_recall_is_low_and_the_rows_suffice(
    recall, new_rows, threshold, least
):
    limits = replace(LIMITS, recall=threshold, new_rows=least)
    verdict = decide(live(recall), replace(NEWS, new_rows=new_rows), limits)
    assert (verdict.decision == TRIGGER) == (
        recall is not None and recall < threshold and new_rows >= least
    )


def test_without_a_report_nothing_is_triggered():
    verdict = decide(None, NEWS, LIMITS)
    assert (verdict.decision, verdict.case) == (SKIP, "unknown")
    assert verdict.reason.startswith("the live recall is not known")


@pytest.mark.parametrize(
    ("interval", "where"),
    [
        (None, "unknown"),
        ([0.3, 0.58], "below"),
        ([0.3, 0.59], "around"),
        ([0.5, 0.7], "around"),
        ([0.59, 0.7], "above"),
    ],
)
def test_where_the_interval_lies(interval, where):
    assert band(interval, 0.59) == where


@pytest.mark.parametrize(
    ("report", "rest", "decision", "case"),
    [
        (live(0.48, (0.40, 0.56)), None, TRIGGER, "C"),
        (live(0.48, (0.40, 0.56)), 7.0, TRIGGER, "C"),
        (live(0.48, (0.40, 0.56)), 6.9, SKIP, "C"),
        (live(0.53, (0.42, 0.63)), None, SKIP, "B"),
        (live(0.48, (0.40, 0.56), wet=50), None, TRIGGER, "C"),
        (live(0.48, (0.40, 0.56), wet=49), None, SKIP, "B"),
        (live(0.48, None, days=4), None, SKIP, "B"),
        (live(None, (0.40, 0.56)), None, SKIP, "unknown"),
    ],
    ids=[
        "below",
        "rested",
        "not rested",
        "around",
        "enough wet days",
        "too few wet days",
        "too few days",
        "no recall",
    ],
)
def test_the_interval_rule_fires_on_no_noise(report, rest, decision, case):
    verdict = decide(report, replace(NEWS, days_since_retraining=rest), BY_INTERVAL)
    assert (verdict.decision, verdict.case) == (decision, case)
    assert verdict.evidence.rules["interval"] == decision


def test_both_rules_are_in_the_evidence_whichever_decides():
    noisy = live(0.53, (0.42, 0.63))
    for limits, decision in ((LIMITS, TRIGGER), (BY_INTERVAL, SKIP)):
        verdict = decide(noisy, NEWS, limits)
        assert verdict.decision == decision
        assert verdict.evidence.rules == {
            "specification": TRIGGER,
            "interval": SKIP,
            "watch": SKIP,
        }


def test_the_evidence_says_what_was_measured_and_what_was_asked_for():
    evidence = decide(live(0.53, (0.42, 0.63)), NEWS, LIMITS).evidence.to_json()
    assert evidence["recall_live"] == 0.53
    assert (evidence["scored_rows"], evidence["positives_true"]) == (138, 40)
    assert evidence["recall_interval"] == {
        "interval": [0.42, 0.63],
        "band": "around",
        "recall": 0.53,
        "n": 900,
        "days": 20,
        "wet_station_days": 78,
    }
    assert (evidence["new_rows"], evidence["late_rows"], evidence["cutoff"]) == (
        60,
        3,
        "2026-02-18",
    )
    assert evidence["limits"]["recall"] == 0.59


@pytest.mark.parametrize(
    ("limits", "news", "words"),
    [
        (
            LIMITS,
            NEWS,
            (
                "the live recall of 0.480 over 138 rows is below 0.59; 60 new rows after 2026-02-18"
                " of the 60"
            ),
        ),
        (LIMITS, replace(NEWS, new_rows=5), "wait for more rows"),
        (
            LIMITS,
            replace(NEWS, cutoff=None),
            "60 new rows of the 60 that are needed: search and retrain",
        ),
        (
            BY_INTERVAL,
            NEWS,
            "interval, 0.400 to 0.560 over 20 days with 78 wet station-days of the 50",
        ),
        (
            BY_INTERVAL,
            replace(NEWS, days_since_retraining=2.0),
            "the last retraining was 2.0 days ago and not 7",
        ),
    ],
)
def test_the_reason_is_a_sentence_with_its_figures(limits, news, words):
    assert words in decide(live(0.48, (0.40, 0.56)), news, limits).reason


def test_an_unknown_rule_is_refused():
    with pytest.raises(
        BadInput, match="DECISION_RULE: found 'mood', expected specification, interval or watch"
    ):
        replace(LIMITS, rule="mood")


def watched(alarm: bool, level: float) -> WatchReport:
    finding = Finding(
        kind="relation",
        where="network",
        what="Humidity3pm",
        since="2026-03-01",
        level_days=level,
        sentence="Humidity3pm does not fit what the other instruments say",
        remedy="repair data",
    )
    return WatchReport(
        made_at_utc="2026-03-10T06:00:00+00:00",
        model_version="m",
        first_day="2026-02-01",
        last_day="2026-03-09",
        run_length_days=730,
        level_days=level,
        alarm=alarm,
        findings=[finding] if alarm else [],
        late_rows={},
        verified={},
        open={},
        record=True,
    )


@pytest.mark.parametrize(
    ("report", "news", "decision", "case"),
    [
        (watched(True, 9000), NEWS, TRIGGER, "C"),
        (watched(True, 9000), replace(NEWS, new_rows=59), SKIP, "A"),
        (watched(True, 9000), replace(NEWS, days_since_retraining=6.9), SKIP, "C"),
        (watched(False, 12), NEWS, SKIP, "B"),
        (None, NEWS, SKIP, "unknown"),
    ],
    ids=["alarm", "too few rows", "not rested", "no alarm", "no report"],
)
def test_the_watch_rule_wants_an_alarm_and_looks_at_no_recall(report, news, decision, case):
    limits = replace(LIMITS, rule="watch")
    for recall in (0.2, 0.9):
        verdict = decide(live(recall), news, limits, report)
        assert (verdict.decision, verdict.case) == (decision, case)
        assert verdict.evidence.rules["watch"] == decision
    if report and report.alarm:
        assert "Humidity3pm does not fit" in verdict.reason
