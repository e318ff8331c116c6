"""A replay is the loop itself: same forecasts as computed at once, same verdicts, and a crash
changes nothing.
"""

import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from raincast.cli import replaying
from raincast.errors import BadInput
from raincast.loop import decide, monitor, retrain_set
from raincast.observations.network import put_in_force
from raincast.replay.summary import summary
from raincast.replay.walk import policy, setting, walk
from raincast.settings import Settings
from raincast.store import journal
from raincast.store.registry import Registry
from tests import replays
from tests.integration.kill_at_each_step import _die_at as die_at
from tests.places import SMALL

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("four_stations")]
ALL = ("never", "specification", "interval", "every:6", "ladder")
WATCHED = {"os.rename", "open"}
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A recall that no forecast reaches: the specification's rule triggers as soon as there are
    rows.
    """
    return replays.settings(tmp_path_factory.mktemp("replay"), recall_threshold=0.99)


@pytest.fixture(scope="module")
def whole(base: Settings) -> tuple[Path, pd.DataFrame]:
    out = base.root / "whole"
    return out, replays.replayed(base, out, ALL)


def journal_of(out: Path, name: str) -> bytes:
    return (out / policy.parse(name).folder / "outputs/preds_api.csv").read_bytes()


def without_time(steps: pd.DataFrame) -> pd.DataFrame:
    return steps.drop(columns="seconds")


def test_every_forecast_equals_the_same_computed_at_once(
    base: Settings, whole: tuple[Path, pd.DataFrame]
) -> None:
    found = summary.account(base, whole[0], [policy.parse("never")], False, fits=2)
    assert found.match.rows == 2 * 20 * 4
    assert found.match.equal == found.match.rows
    one, other = found.luck.brier
    assert one != other
    assert found.luck.brier_sd == pytest.approx(abs(one - other) / 2**0.5)


def test_each_policy_does_what_its_name_says(
    base: Settings, whole: tuple[Path, pd.DataFrame]
) -> None:
    steps = whole[1]
    acted = steps[steps["action"].notna()]
    assert set(acted["policy"]) >= {"specification", "every:6"}
    assert "never" not in set(acted["policy"])
    calendar = acted[acted["policy"] == "every:6"]["issued_at"]
    assert (calendar.diff().dropna() >= timedelta(days=6)).all()
    assert calendar.min() - steps["issued_at"].min() >= timedelta(days=6)
    mine = steps[steps["policy"] == "specification"].reset_index(drop=True)
    triggers = mine.index[mine["action"].notna()]
    assert (mine.loc[triggers, "case"] == "C").all()
    assert (mine.loc[triggers, "new_rows_for_retrain"] >= base.min_new_rows_for_retrain).all()
    assert (
        mine.loc[triggers[:-1] + 1, "new_rows_for_retrain"] < base.min_new_rows_for_retrain
    ).all()


def test_policies_with_the_same_models_have_the_same_journal(
    whole: tuple[Path, pd.DataFrame],
) -> None:
    assert journal_of(whole[0], "never") != journal_of(whole[0], "specification")
    quiet = [
        name for name in ALL if not (whole[1].query("policy == @name")["action"].notna()).any()
    ]
    assert len({journal_of(whole[0], name) for name in quiet}) == 1


def test_the_last_verdict_is_the_one_that_the_loop_gives(
    base: Settings, whole: tuple[Path, pd.DataFrame]
) -> None:
    out, steps = whole
    for name in ("never", "specification"):
        mine = setting.own(base, out, policy.parse(name))
        monitor.score(mine)
        last = steps[steps["policy"] == name].iloc[-1]
        found = decide.decide(mine, last["issued_at"].to_pydatetime()).to_json()
        assert found["live"]["scored_rows"] == last["scored_rows"]
        assert found["live"]["recall_live"] == pytest.approx(last["recall_live"], abs=1e-4)
        if pd.isna(last["action"]):
            assert found["new_rows_for_retrain"] == last["new_rows_for_retrain"]


def test_over_http_it_is_the_same_to_the_last_byte(
    base: Settings, whole: tuple[Path, pd.DataFrame]
) -> None:
    out, held = base.root / "http", replays.shelf()
    with replaying._opened(base, held, True) as opened:
        last = replays.BEGIN + timedelta(days=3)
        walk.walk(base, out, replays.asked(["never"], last=last), replays.begun(base, out), opened)
    mine = journal_of(out, "never")
    assert len(mine.splitlines()) == 1 + 4 * 2 * 4
    assert journal_of(whole[0], "never").startswith(mine)


def test_cut_short_and_run_again_it_goes_on(
    base: Settings, whole: tuple[Path, pd.DataFrame]
) -> None:
    def torn(times: Sequence[datetime]) -> Iterator[datetime]:
        for i, at in enumerate(times):
            if i == 13:
                raise KeyboardInterrupt
            yield at

    out = base.root / "torn"
    with pytest.raises(KeyboardInterrupt):
        replays.replayed(base, out, ALL, torn)
    steps = replays.replayed(base, out, ALL)
    pd.testing.assert_frame_equal(without_time(steps), without_time(whole[1]))
    for name in ALL:
        assert journal_of(out, name) == journal_of(whole[0], name)


def test_a_model_that_has_learned_from_the_span_is_refused(base: Settings) -> None:
    start = replays.begun(base, base.root / "whole")
    setting.require_honest(start, replays.BEGIN)
    with pytest.raises(
        BadInput,
        match="has learned from days to 2016-01-04, expected none of the span from 2015-06-01",
    ):
        setting.require_honest(start, datetime(2015, 6, 1, tzinfo=UTC).date())


def test_a_station_that_the_model_has_never_seen_has_no_forecast(tmp_path: Path) -> None:
    known = replays.settings(tmp_path)
    common, strange = setting.shared(known, tmp_path / "new"), replays.weather()
    before = strange[strange["Location"] != "Wollongong"]
    setting.lay_history(common, lambda: before, replays.BEGIN, datetime(2016, 1, 5, tzinfo=UTC))
    steps = replays.replayed(
        known, tmp_path / "new", ["never"], last=replays.BEGIN + timedelta(days=2)
    )
    assert set(steps["forecasts"]) == {3}
    assert b"Wollongong" not in journal_of(tmp_path / "new", "never")


def until_killed(base: Settings, out: Path, step: int, below: Path) -> None:
    """Replays in a process of its own that is killed before its file operation of that number below
    a path.
    """
    asked = f"{str(base.root)!r}, {str(out)!r}, {step}, {str(below)!r}"
    code = f"from tests.integration import test_replay as t; t.replay_to_the_death({asked})"
    ended = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, timeout=120)
    assert ended.returncode in (0, -signal.SIGKILL), ended.stderr.decode()[-2000:]


def replay_to_the_death(root: str, out: str, step: int, below: str) -> None:
    put_in_force(SMALL)
    base = replays.settings(Path(root), recall_threshold=0.99)
    die_at(step, Path(below), WATCHED)
    replays.replayed(base, Path(out), ["specification"])


def is_as_if_never_killed(
    base: Settings, out: Path, whole: tuple[Path, pd.DataFrame]
) -> pd.DataFrame:
    """The steps of the replay, which goes on to its end here."""
    steps = replays.replayed(base, out, ["specification"])
    expected = whole[1].query("policy == 'specification'").reset_index(drop=True)
    pd.testing.assert_frame_equal(without_time(steps), without_time(expected))
    mine, theirs = (setting.own(base, o, policy.parse("specification")) for o in (out, whole[0]))
    assert journal_of(out, "specification") == journal_of(whole[0], "specification")
    assert retrain_set.read_watermark(mine) == retrain_set.read_watermark(theirs)
    assert Registry(mine.models).history() == Registry(theirs.models).history()
    assert not journal.Journal(mine.journal).read()["forecast_id"].duplicated().any()
    consumed = json.loads(mine.watermark.read_text())
    assert consumed["last_feature_date"] <= str(replays.END)
    return steps


def test_an_action_whose_step_was_not_recorded_counts_once(
    base: Settings, whole: tuple[Path, pd.DataFrame]
) -> None:
    """The watermark has moved and the step's line is not written: the rarest moment, so it is
    sought out.
    """
    acted = whole[1].query("policy == 'specification'")["action"].notna().to_numpy().nonzero()[0]
    out = base.root / "unrecorded"
    until_killed(base, out, int(acted[0]), out / "steps.csv")
    assert setting.own(base, out, policy.parse("specification")).watermark.exists()
    assert len((out / "steps.csv").read_text().splitlines()) == 1 + acted[0]
    is_as_if_never_killed(base, out, whole)


@given(st.lists(st.integers(0, 400), min_size=1, max_size=2))
@hypothesis_settings(
    max_examples=4,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_no_row_counts_twice_or_is_lost_whatever_is_killed_and_repeated(
    base: Settings, whole: tuple[Path, pd.DataFrame], kills: list[int]
) -> None:
    out = base.root / "killed"
    shutil.rmtree(out, ignore_errors=True)
    for step in kills:
        until_killed(base, out, step, out)
    steps = is_as_if_never_killed(base, out, whole)
    assert steps["issued_at"].is_unique
    header_and_rows = len(journal_of(out, "specification").splitlines())
    assert header_and_rows == 1 + steps["forecasts"].sum() == 1 + 2 * 20 * 4
