"""When the watch alarms in a simulated climate, and what comes of the first after a change."""

import numpy as np
import pytest

from raincast.decisions.asked import Limits
from raincast.replay.climates import alarms, worlds
from raincast.replay.climates.alarms import Alarm
from raincast.verification.watch.detection import Part, Stream
from raincast.verification.watch.records import RECALIBRATION, REPAIR, RETRAINING

LIMITS = Limits(recall=0.59, new_rows=60, rule="watch", wet_days=20, rest_days=7)
BEGIN = 5


def evidence(*days: int) -> list[Part]:
    """One detector that is sure of a change on those days of the replay and says nothing else."""
    log_e = np.full((BEGIN + worlds.DAYS, 1, 1), -20.0)
    log_e[[BEGIN + day for day in days]] = 20.0
    return [Part([Stream("relation", "network", "Humidity9am")], log_e)]


def test_it_triggers_the_day_after_and_begins_anew() -> None:
    found = alarms.alarms(evidence(9, 40), BEGIN, 730.0, LIMITS)
    assert found == [Alarm(at=10, since=0), Alarm(at=41, since=10)]


def test_it_rests_after_a_trigger() -> None:
    found = alarms.alarms(evidence(9, 12), BEGIN, 730.0, LIMITS)
    assert [one.at for one in found] == [10, 17]


def test_evidence_of_the_last_day_comes_too_late() -> None:
    assert alarms.alarms(evidence(worlds.DAYS - 1), BEGIN, 730.0, LIMITS) == []


def test_replays_without_an_alarm_count_against_the_right_remedy() -> None:
    told = [
        {"remedy": {"asked": REPAIR, "applied": REPAIR}},
        {"remedy": {"asked": RECALIBRATION, "applied": RETRAINING}},
        {"remedy": None},
        {"remedy": {"asked": RECALIBRATION, "applied": REPAIR}},
    ]
    found = alarms.summary(told, (RECALIBRATION, RETRAINING))
    assert (found["replays"], found["alarmed"]) == (4, 3)
    assert found["asked"] == {REPAIR: 1, RECALIBRATION: 2}
    assert (found["right_asked"], found["right_applied"]) == (0.5, 0.25)


def test_where_nothing_has_changed_no_remedy_is_right() -> None:
    found = alarms.summary([{"remedy": {"asked": REPAIR, "applied": REPAIR}}], ())
    assert found["right_asked"] is None


@pytest.mark.parametrize("world", worlds.WORLDS[1:], ids=lambda world: world.name)
def test_each_change_has_a_remedy(world: worlds.World) -> None:
    assert world.remedies
