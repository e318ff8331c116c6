"""A replay under the watch's rule: it looks once a day, and goes on as it was where it was cut."""

from datetime import timedelta
from itertools import islice
from pathlib import Path

import pandas as pd
import pytest

from raincast.replay.walk import policy, setting
from raincast.settings import Settings
from raincast.store.registry import Registry
from tests import replays

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("four_stations")]
NAMES = ("watch", "remedy")
LAST = replays.BEGIN + timedelta(days=11)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A watch that cries wolf: an alarm within days."""
    folder = tmp_path_factory.mktemp("replay")
    return replays.settings(folder, watch_run_length_days=2.0, retrain_rest_days=1.0)


@pytest.fixture(scope="module")
def whole(base: Settings) -> tuple[Path, pd.DataFrame]:
    out = base.root / "whole"
    return out, replays.replayed(base, out, NAMES, last=LAST)


def test_an_alarm_is_acted_on_at_the_first_slot_of_a_day(whole):
    mine = whole[1].query("policy == 'watch'")
    acted = mine[mine["action"].notna()]
    assert len(acted) > 0
    assert (acted["issued_at"].dt.hour == 6).all()
    assert set(acted["case"]) == {"C"}
    assert set(acted["action"]) <= {"promote", "refuse", "not enough data"}


def test_the_remedy_never_does_more_than_the_watch_alarms(whole):
    steps = whole[1].query("policy == 'remedy'")
    acted = steps[steps["action"].notna()]
    assert (acted["case"] == "C").all()
    kinds = {"promote", "refuse", "not enough data", "threshold", "recalibration"}
    assert set(acted["action"]) <= kinds


def test_the_evaluation_model_is_there_for_its_record(base, whole):
    for name in NAMES:
        registry = Registry(setting.own(base, whole[0], policy.parse(name)).models)
        first = registry.metadata(registry.history()[0].version)
        assert registry.load(first.judged_version).metadata.purpose == "judged"


def test_cut_short_and_run_again_it_is_the_same(base, whole):
    out = base.root / "cut"
    replays.replayed(base, out, NAMES, lambda times: islice(times, 9), last=LAST)
    again = replays.replayed(base, out, NAMES, last=LAST)
    pd.testing.assert_frame_equal(
        again.drop(columns=["seconds", "model_version"]),
        whole[1].drop(columns=["seconds", "model_version"]),
    )
