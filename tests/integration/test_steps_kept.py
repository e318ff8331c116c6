"""How each step of the loop ended last, as its files say."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from raincast.loop import steps
from raincast.settings import Settings

NOW = datetime(2024, 5, 1, 6, tzinfo=UTC)
LATER = NOW + timedelta(hours=12)


def test_a_success_after_a_failure_is_well_and_the_other_way_round_is_not(tmp_path: Path) -> None:
    settings = Settings(root=tmp_path)
    steps.ended(settings, NOW, "score", well=False)
    assert dict(steps.kept(settings))["score"].failing
    steps.ended(settings, LATER, "score", well=True)
    found = dict(steps.kept(settings))["score"]
    assert (found.last_failure, found.last_success, found.failing) == (NOW, LATER, False)
    steps.ended(settings, LATER + timedelta(hours=12), "score", well=False)
    assert dict(steps.kept(settings))["score"].failing


def test_a_decisions_case_stays_until_the_next(tmp_path: Path) -> None:
    settings = Settings(root=tmp_path)
    steps.ended(settings, NOW, "decide", well=True, case="C", new_rows=61)
    steps.ended(settings, LATER, "decide", well=False)
    found = dict(steps.kept(settings))["decide"]
    assert (found.case, found.new_rows) == ("C", 61)


def test_a_damaged_record_is_written_anew(tmp_path: Path) -> None:
    settings = Settings(root=tmp_path)
    steps.ended(settings, NOW, "score", well=True)
    (settings.steps / "score.json").write_text('{"last_success": "yesterday"}')
    steps.ended(settings, LATER, "score", well=True)
    assert dict(steps.kept(settings))["score"].last_success == LATER


def test_a_record_that_cannot_be_kept_costs_a_warning_alone(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings = Settings(root=tmp_path)
    settings.steps.parent.mkdir(parents=True, exist_ok=True)
    settings.steps.write_text("in the way")
    steps.ended(settings, NOW, "score", well=True)
    assert "the step's end is not kept" in caplog.text
