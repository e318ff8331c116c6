"""Which remedy the watch's findings ask for, and what is tried in which order."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raincast.decisions import ladder
from raincast.settings import Settings
from raincast.verification.watch.records import WatchReport
from tests import treated

ACTIONS = st.sampled_from(["", "repair", "threshold", "recalibration", "retraining"])


def report(tmp: Path, *actions: str) -> WatchReport:
    return treated.found(Settings(root=tmp), *actions)


@pytest.mark.parametrize(
    ("actions", "asked", "steps"),
    [
        ((), "", ("threshold", "recalibration", "retraining")),
        (("threshold",), "threshold", ("threshold", "recalibration", "retraining")),
        (("recalibration", "threshold"), "recalibration", ("recalibration", "retraining")),
        (("retraining", "repair"), "retraining", ("retraining",)),
        (("repair", "retraining"), "repair", ()),
        (("", "recalibration"), "recalibration", ("recalibration", "retraining")),
        (("",), "", ("threshold", "recalibration", "retraining")),
    ],
    ids=lambda value: "+".join(value) or "none" if isinstance(value, tuple) else value,
)
def test_the_surest_finding_that_asks_for_anything_is_where_it_begins(
    tmp_path, actions, asked, steps
):
    assert ladder.asked(report(tmp_path, *actions)) == asked
    assert ladder.steps(asked) == steps


def test_no_report_no_alarm_and_a_gap_ask_for_nothing(tmp_path):
    made = report(tmp_path, "repair")
    assert ladder.asked(None) == ""
    assert ladder.asked(made.model_copy(update={"alarm": False})) == ""
    gap = made.findings[0].model_copy(update={"level_days": None, "kind": "gap"})
    assert ladder.asked(made.model_copy(update={"findings": [gap]})) == ""


@given(ACTIONS)
def test_a_remedy_is_followed_by_the_dearer_ones_alone_and_a_retraining_comes_last(action):
    steps = ladder.steps(action)
    assert list(steps) == [one for one in ladder.LADDER if one in steps]
    assert bool(steps) == (action != "repair")
    assert not steps or steps[-1] == "retraining"
