"""Replays of simulated climates are kept as they come, and compared on the forecasts that both
have.
"""

import json
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from raincast.cli import replaying
from raincast.errors import BadFile
from raincast.replay.climates import climates, worlds
from raincast.replay.summary import scores
from raincast.replay.summary.records import ReplaySummary
from raincast.replay.walk.runs import Runs

TOLD = {"specification": [3, 9], "interval": []}
ASKED = {"days": 90, "thresholds": {"3pm": 0.4}}


ROOT = Path(__file__).resolve().parents[2]


def test_a_replay_that_is_over_is_not_made_again(tmp_path: Path) -> None:
    path = tmp_path / "runs/kept.jsonl"
    Runs(path, ASKED).add("stationary", 7, TOLD)
    assert Runs(path, ASKED).get("stationary", 7) == TOLD
    assert Runs(path, ASKED).get("stationary", 8) is None
    assert Runs(path, ASKED | {"days": 91}).get("stationary", 7) is None


def test_a_line_that_was_cut_short_counts_for_nothing(tmp_path: Path) -> None:
    path = tmp_path / "kept.jsonl"
    Runs(path, ASKED).add("stationary", 1, TOLD)
    whole = path.read_bytes()
    path.write_bytes(whole + whole[:-9])
    kept = Runs(path, ASKED)
    kept.add("stationary", 2, TOLD)
    assert path.read_bytes().count(b"\n") == 2
    assert Runs(path, ASKED).get("stationary", 2) == TOLD


def test_rates_count_all_days_and_delays_the_days_after_the_change() -> None:
    after = worlds.CHANGE_AFTER
    found = climates.summary(
        {
            "a world": [
                {"specification": [1, after + 4], "interval": []},
                {"specification": [after], "interval": []},
            ]
        }
    )
    rule = found["a world"]["specification"]
    assert rule["triggers_per_year"] == pytest.approx(3 / (2 * worlds.DAYS) * 365)
    assert (rule["seen_share"], rule["median_delay_days"]) == (1.0, 2.0)
    assert found["a world"]["interval"]["median_delay_days"] is None


def told(p: list[float], said: list[int]) -> pd.DataFrame:
    day = pd.date_range("2024-01-01", periods=len(p))
    frame = pd.DataFrame(
        {"location": "Sydney", "feature_date": day, "issued_at_utc": day, "target_date": day}
    )
    return frame.assign(y=np.arange(len(p)) % 2.0, p=p, predicted=said)


def test_a_policy_is_compared_with_the_first_on_the_forecasts_that_both_have() -> None:
    one, other = told([0.5] * 10, [0] * 10), told([0.0, 1.0] * 5, [0, 1] * 5)
    found = scores.difference(one, other.head(9))
    assert found.n == 9
    assert found.brier == pytest.approx((-0.25, -0.25, -0.25))
    assert found.recall[0] == 1.0
    assert scores.difference(one, one).brier == (0.0, 0.0, 0.0)


def test_history_before_a_day_can_be_left_out() -> None:
    kept = replaying._before("simulator:3", date(2007, 12, 1), date(2007, 12, 11))
    assert (kept["Date"].min(), kept["Date"].max()) == (
        pd.Timestamp("2007-12-01"),
        pd.Timestamp("2007-12-10"),
    )


@pytest.mark.parametrize("name", ["offline", "real", "pays_real", "pays_past", "pays_search"])
def test_the_summaries_that_come_with_the_program_are_records_and_keep_their_form(name) -> None:
    path = ROOT / f"metrics/replay/{name}.json"
    value = json.loads(path.read_text())
    assert ReplaySummary.from_json(value, str(path)).to_json() == value
    del value["match"]["equal"]
    with pytest.raises(BadFile, match=r"field 'match.equal': found 'nothing', expected this key"):
        ReplaySummary.from_json(value, str(path))
