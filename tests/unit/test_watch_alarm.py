"""When the watch raises its alarm, on evidence that doubles day by day."""

import numpy as np
import pytest

from raincast.verification.watch import detection
from raincast.verification.watch.detection import SHARES, Part, Stream, first_alarm, levels

DAY = np.log(2.0)


def part(kind: str, gains: list[list[float]], where: str = "network") -> Part:
    """Streams of one bet each, by (day, stream) how many doublings the day is worth."""
    log_e = DAY * np.array(gains, float)[..., None]
    streams = [Stream(kind, where, f"field {i}") for i in range(log_e.shape[1])]
    return Part(streams, log_e)


def test_the_bound_on_false_alarms_is_shared_out_whole() -> None:
    assert sum(SHARES.values()) == pytest.approx(1.0)
    assert min(SHARES.values()) > 0


def test_a_level_grows_as_shiryaev_and_roberts_have_it() -> None:
    """R = 2 (1 + R of the day before): 2, 6, 14, 30, 62."""
    found = levels([part("rain", [[1]] * 5)], 0)
    assert np.exp(found.log_all) == pytest.approx([2, 6, 14, 30, 62])
    assert found.since.tolist() == [[0]] * 5
    assert found.weights.tolist() == [1.0]


@pytest.mark.parametrize(
    ("run_length", "day"), [(2, 0), (2.1, 1), (14, 2), (61.9, 4), (62.1, None)]
)
def test_the_alarm_is_the_first_day_whose_level_reaches_the_run_length(run_length, day) -> None:
    parts = [part("rain", [[1]] * 5)]
    assert first_alarm(parts, 0, run_length * (1 - 1e-12)) == day


def test_days_before_the_beginning_say_nothing_and_positions_are_of_the_whole() -> None:
    """Three doublings that nobody looks at, then 2, 6, 14."""
    parts = [part("rain", [[1]] * 6)]
    assert first_alarm(parts, 3, 5) == 4
    assert levels(parts, 3).since.tolist() == [[3]] * 3


def test_no_evidence_raises_no_alarm_however_long() -> None:
    """Each day halves: R = (1 + R) / 2 never passes 1."""
    parts = [part("rain", [[-1]] * 200)]
    assert first_alarm(parts, 0, 1.0001) is None
    assert np.exp(levels(parts, 0).log_all[-1]) == pytest.approx(1.0)


def test_kinds_share_by_their_weight_and_the_streams_of_one_evenly() -> None:
    """Silent rows (0.05) and two relations (0.15 between them) of 0.20 in all: 1/4, 3/8, 3/8."""
    silent, relation = part("silent", [[1]]), part("relation", [[0, 3]])
    found = levels([silent, relation], 0)
    assert found.weights == pytest.approx([1 / 4, 3 / 8, 3 / 8])
    assert np.exp(found.log_all) == pytest.approx([2 / 4 + 1 * 3 / 8 + 8 * 3 / 8])
    assert [one.kind for one in found.streams] == ["silent", "relation", "relation"]


def test_evidence_since_when_begins_anew_after_a_day_that_speaks_against_a_change() -> None:
    found = levels([part("rain", [[1], [-3], [1], [1]])], 0)
    assert found.since[:, 0].tolist() == [0, 0, 2, 2]


def test_of_several_bets_the_level_is_the_mean_and_the_day_that_of_the_best() -> None:
    """One bet doubles on both days (2, 6); the other loses a half first and then wins eightfold:
    1/2, then 8 (1 + 1/2) = 12, since the second day.
    """
    log_e = DAY * np.array([[[1.0, -1.0]], [[1.0, 3.0]]])
    found = detection.levels([Part([Stream("rain", "network", "rows")], log_e)], 0)
    assert np.exp(found.log_level[:, 0]) == pytest.approx([(2 + 1 / 2) / 2, (6 + 12) / 2])
    assert found.since[:, 0].tolist() == [0, 1]
