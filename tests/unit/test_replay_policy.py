"""The names of the policies, and when each acts."""

from dataclasses import replace

import pytest

from raincast.decisions.asked import Limits, News
from raincast.decisions.decided import TRIGGER, Verdict
from raincast.decisions.verdict import decide
from raincast.errors import BadInput
from raincast.replay.walk.policy import Policy, parse, wants

RULED = ("never", "specification", "interval", "ladder+search")


NEWS = News(new_rows=100, late_rows=0, cutoff=None, days_since_retraining=None)
LIMITS = Limits(recall=0.59, new_rows=60, rule="specification", wet_days=50, rest_days=7)


def verdict(new_rows: int = 100, **rules: str) -> Verdict:
    made = decide(None, replace(NEWS, new_rows=new_rows), LIMITS)
    evidence = made.evidence.model_copy(update={"rules": made.evidence.rules | rules})
    return made.model_copy(update={"evidence": evidence})


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("never", (None, None, False, False)),
        ("specification", ("specification", None, False, False)),
        ("interval+search", ("interval", None, False, True)),
        ("ladder", ("interval", None, True, False)),
        ("ladder+search", ("interval", None, True, True)),
        ("watch", ("watch", None, False, False)),
        ("remedy", ("watch", None, True, False)),
        ("every:90", (None, 90, False, False)),
        ("every:7+search", (None, 7, False, True)),
    ],
)
def test_a_name_says_it_all(name: str, expected: tuple[object, ...]) -> None:
    assert parse(name) == Policy(name, *expected)
    assert ":" not in parse(name).folder


@pytest.mark.parametrize(
    "name", ["", "always", "every:0", "every:", "never+search", "interval+", "+search", "Never"]
)
def test_any_other_is_refused_with_what_was_expected(name: str) -> None:
    with pytest.raises(BadInput, match="expected never, or specification, interval"):
        parse(name)


def test_a_rule_acts_on_its_own_trigger_alone() -> None:
    spec, interval = verdict(specification=TRIGGER), verdict(interval=TRIGGER)
    acts = {
        name: (wants(parse(name), spec, 99, 60), wants(parse(name), interval, 99, 60))
        for name in RULED
    }
    assert acts == {
        "never": (False, False),
        "specification": (True, False),
        "interval": (False, True),
        "ladder+search": (False, True),
    }


def test_the_calendar_asks_for_days_and_rows() -> None:
    every = parse("every:90")
    assert wants(every, verdict(60), 90, 60)
    assert not wants(every, verdict(59), 90, 60)
    assert not wants(every, verdict(60), 89.9, 60)
