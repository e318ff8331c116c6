"""The decision as other systems see it: the four cases of the specification, the stages' last
lines, their files.
"""

import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from raincast.decisions.decided import SKIP, TRIGGER
from raincast.errors import BadInput
from raincast.loop import decide, monitor, retrain_set
from raincast.settings import Settings, from_environment
from tests.observed import archive, day, forecast, write_history, write_journal

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 3, 1, 6, tzinfo=UTC)
PLACES = ("Albury", "Cairns", "Darwin", "Hobart", "Perth", "Sale")
DAYS = 12


def lived(root: Path, recall: float) -> Settings:
    """A history up to day 0, then rain every day at six stations; that share of it was forecast. 72
    new rows.
    """
    settings = Settings(root=root)
    write_history(settings, {(place, i): 0.0 for place in PLACES for i in range(-20, 1)})
    archive(settings, {(place, i): 5.0 for place in PLACES for i in range(-20, DAYS + 2)})
    hits = round(recall * len(PLACES) * DAYS)
    made = [forecast(place, i, 0.1) for i in range(1, DAYS + 1) for place in PLACES]
    made = [
        f._replace(rain_probability=0.9, predicted_rain=1) if n < hits else f
        for n, f in enumerate(made)
    ]
    write_journal(settings.journal, made)
    monitor.score(settings)
    return settings


@pytest.mark.parametrize(
    ("recall", "asked_for", "decision", "case"),
    [
        (0.4, 73, SKIP, "A"),
        (0.75, 72, SKIP, "B"),
        (0.4, 72, TRIGGER, "C"),
        (0.75, 73, SKIP, "healthy"),
    ],
)
def test_cases_a_to_c(tmp_path, recall, asked_for, decision, case):
    settings = replace(lived(tmp_path, recall), min_new_rows_for_retrain=asked_for)
    found = decide.decide(settings, NOW).to_json()
    assert (found["decision"], found["case"]) == (decision, case)
    assert found["live"]["recall_live"] == pytest.approx(recall, abs=0.01)
    assert (found["new_rows_for_retrain"], found["retrain_cutoff_date"]) == (72, str(day(0)))


def test_case_d_a_finished_tuning_run_consumes_its_rows(tmp_path):
    settings = lived(tmp_path, 0.4)
    assert decide.decide(settings, NOW).decision == TRIGGER
    retrain_set.mark_consumed(settings, retrain_set.build(settings), "tuning run", NOW)
    found = decide.decide(settings, NOW + timedelta(days=1)).to_json()
    assert (found["decision"], found["case"], found["new_rows_for_retrain"]) == (SKIP, "A", 0)
    assert found["retrain_cutoff_date"] == str(day(DAYS))
    assert found["evidence"]["days_since_retraining"] == 1.0


def test_new_rows_are_counted_as_the_contract_has_it(tmp_path):
    """Made twice, without truth, before the history's end, at or before the watermark: none of
    these counts.
    """
    settings = Settings(root=tmp_path)
    write_history(settings, {("Perth", i): 0.0 for i in range(-5, 1)})
    archive(settings, {("Perth", i): 0.0 for i in range(-5, 10)})
    made = [
        forecast("Perth", i, 0.1, hour=hour) for i in (-2, 0, 1, 2, 3, 8, 9) for hour in (6, 18)
    ]
    write_journal(settings.journal, made)
    monitor.score(settings)
    assert decide.decide(settings, NOW).new_rows_for_retrain == 4
    keys = {
        "last_feature_date": str(day(2)),
        "consumed_rows": 2,
        "updated_at_utc": "2026-02-28T06:00:00Z",
        "run_id": "x",
    }
    settings.watermark.write_text(json.dumps(keys))
    found = decide.decide(settings, NOW).to_json()
    assert (found["new_rows_for_retrain"], found["retrain_cutoff_date"]) == (2, str(day(2)))


def test_nothing_scored_nothing_triggered(tmp_path):
    found = decide.decide(Settings(root=tmp_path), NOW).to_json()
    assert (found["decision"], found["case"]) == (SKIP, "unknown")
    assert (found["new_rows_for_retrain"], found["retrain_cutoff_date"]) == (0, None)
    assert not any(tmp_path.iterdir())


def test_the_rule_is_a_setting(tmp_path):
    settings = lived(tmp_path, 0.4)
    chosen = from_environment(
        {"PROJECT_ROOT": str(tmp_path), "DECISION_RULE": "interval", "MIN_WET_DAYS": "73"}
    )
    assert decide.decide(settings, NOW).decision == TRIGGER
    assert decide.decide(chosen, NOW).decision == SKIP
    with pytest.raises(BadInput, match="DECISION_RULE"):
        decide.decide(
            from_environment({"PROJECT_ROOT": str(tmp_path), "DECISION_RULE": "mood"}), NOW
        )


_STAGES = """
import runpy, sys
for words in sys.argv[1:]:
    sys.argv = words.split()
    try:
        runpy.run_module(sys.argv[0], run_name="__main__")
    except SystemExit as end:
        assert not end.code, end.code
"""


def stages(root: Path, *words: str) -> tuple[list[dict], str]:
    """Stages one after another in a process, as `python -m` runs them; the last line of each, and
    what they said.
    """
    environment = os.environ | {"PROJECT_ROOT": str(root), "PYTHONWARNINGS": "error"}
    command = [sys.executable, "-c", _STAGES, *words]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    return [json.loads(line) for line in done.stdout.splitlines() if line[:1] == "{"], done.stderr


def test_the_stages_print_what_the_dags_read(tmp_path):
    settings = lived(tmp_path, 0.5)
    before = settings.live_eval.read_bytes()
    settings.live_eval.unlink()
    (live, meta), said = stages(
        tmp_path, "src.live_monitoring --no-fetch", "src.retrain_dataset_builder"
    )
    assert settings.live_eval.read_bytes() == before
    assert (live["status"], live["recall_live"], live["scored_rows"], live["window"]) == (
        "ok",
        0.5,
        72,
        200,
    )
    assert "recall    0.500" in said
    assert (meta["historical_rows"], meta["added_rows"], meta["total_rows"]) == (126, 72, 198)
    assert "126 historical rows and 72 live ones" in said


def test_the_verdict_is_json(tmp_path):
    found = decide.decide(lived(tmp_path, 0.4), NOW).to_json()
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert date.fromisoformat(found["retrain_cutoff_date"])
