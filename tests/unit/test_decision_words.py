"""A decision in words: what was seen of the recall, and where its interval lies."""

import pytest

from raincast.decisions import reasons
from raincast.decisions.asked import Limits
from raincast.errors import BadInput
from tests.score_records import live_quality

LIMITS = Limits(recall=0.59, new_rows=60, rule="specification", wet_days=50, rest_days=30)
BY_INTERVAL = Limits(recall=0.59, new_rows=60, rule="interval", wet_days=50, rest_days=30)


@pytest.mark.parametrize(
    ("interval", "where"),
    [
        (None, "unknown"),
        ((0.3, 0.5), "below"),
        ((0.3, 0.59), "around"),
        ((0.589, 0.9), "around"),
        ((0.59, 0.9), "above"),
        ((0.7, 0.7), "above"),
    ],
)
def test_an_interval_lies_below_around_or_above_the_threshold(interval, where):
    assert reasons.band(interval, 0.59) == where


@pytest.mark.parametrize(
    ("recall", "side"), [(0.5899, "below 0.59"), (0.59, "not below 0.59"), (1.0, "not below 0.59")]
)
def test_the_recall_is_told_with_its_rows_and_side(recall, side):
    said = reasons.of_recall(live_quality(recall), LIMITS)
    assert said == f"the live recall of {recall:.3f} over 138 rows is {side}"


def test_a_recall_that_nobody_knows_is_told_with_what_there_is():
    assert reasons.of_recall(None, LIMITS) == (
        "the live recall is not known (0 scored rows, 0 of them wet)"
    )
    said = reasons.of_recall(live_quality(None), BY_INTERVAL)
    assert said == "the live recall is not known (138 scored rows, 40 of them wet)"


def test_by_the_intervals_rule_the_interval_is_told():
    said = reasons.of_recall(live_quality(0.5, (0.42, 0.58)), BY_INTERVAL)
    assert "interval, 0.420 to 0.580 over 20 days with 78 wet station-days of the 50" in said
    assert said.endswith("lies below 0.59")
    assert "has no interval" in reasons.of_recall(live_quality(0.5, None), BY_INTERVAL)


def test_no_watch_says_the_command_that_makes_one():
    assert "`raincast watch`" in reasons.of_watch(None)


def test_a_rule_that_is_none_is_refused_by_its_setting():
    with pytest.raises(BadInput, match="DECISION_RULE: found 'mood', expected specification"):
        Limits(recall=0.5, new_rows=1, rule="mood", wet_days=1, rest_days=0)
