"""What was decided is kept, once for each slot."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from raincast.loop import alerts, decide, verdicts
from raincast.settings import Settings

NOW = datetime(2026, 6, 25, 6, 10, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(root=tmp_path)


def decided(settings: Settings, now: datetime) -> None:
    alerts.decided(settings, now, decide.decide(settings, now))


def test_a_decision_leaves_a_line_with_its_reason(settings):
    decided(settings, NOW)
    (kept,) = verdicts.read(settings)
    assert kept.slot == datetime(2026, 6, 25, 6, tzinfo=UTC)
    assert (kept.decision, kept.case, kept.rule) == ("skip_optuna", "unknown", "specification")
    assert kept.reason
    assert kept.recall_live is None


def test_a_decision_made_again_in_its_slot_adds_nothing(settings):
    for minutes in (0, 5, 50):
        decided(settings, NOW + timedelta(minutes=minutes))
    assert settings.verdicts.read_bytes().count(b"\n") == 1
    decided(settings, NOW + timedelta(hours=12))
    assert len(verdicts.read(settings)) == 2


def test_the_last_verdict_of_a_slot_holds(settings):
    decided(settings, NOW)
    decided(replace(settings, decision_rule="watch"), NOW)
    assert [kept.rule for kept in verdicts.read(settings)] == ["watch"]
