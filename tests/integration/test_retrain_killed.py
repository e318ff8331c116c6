"""A retraining that is killed anywhere and run again decides once and consumes."""

import json
from pathlib import Path

import pytest

from raincast.loop import consumption, decide, retrain
from raincast.observations.network import within
from raincast.settings import Settings
from raincast.store.registry import Registry
from tests.integration import kill_at_each_step
from tests.places import SMALL
from tests.retrained import LAST, NOW, better, decisions

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("four_stations")]

KILLED_AT = {"os.rename"}


def a_whole_run(root: Path) -> None:
    settings = Settings(root=root)
    with within(SMALL):  # in the process that is killed, too
        retrain.retrain(settings, NOW, "run 1")
        consumption.consume(settings, NOW, "run 1")


def test_killed_anywhere_and_run_again_it_decides_once_and_consumes(tmp_path: Path) -> None:
    before = better(tmp_path / "before")
    ends = kill_at_each_step.ends(Path(__file__).resolve(), tmp_path, {"a_whole_run": before.root})
    assert len(ends["a_whole_run"]) > 8
    for root in ends["a_whole_run"]:
        settings = Settings(root=root)
        Registry(settings.models).load_active()
        a_whole_run(root)
        assert [action for action, _ in decisions(settings)] == ["promote"]
        assert Registry(settings.models).load_active().version == decisions(settings)[0][1]
        assert json.loads(settings.watermark.read_text())["last_feature_date"] == str(LAST)
        assert decide.news(settings, NOW).new_rows == 0
