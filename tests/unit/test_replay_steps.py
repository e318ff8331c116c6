"""The file of a replay's steps says how far it is, whatever cut it short."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from raincast.errors import BadInput, NotEnoughData
from raincast.replay.summary import summary
from raincast.replay.walk.steps import COLUMNS, Steps

MORNING, EVENING = (datetime(2016, 2, 29, hour, tzinfo=UTC) for hour in (6, 18))
POLICIES = ("never", "every:6")


def lines(at: datetime, **changed: object) -> list[dict[str, object]]:
    """The lines of one step; no policy acted and nothing is known yet."""
    told = dict.fromkeys(COLUMNS) | {"issued_at": at.isoformat(), "forecasts": 4, "seconds": 0.0}
    return [told | {"policy": name} | changed for name in POLICIES]


def two_steps(path: Path) -> bytes:
    made = Steps(path, POLICIES)
    made.add(lines(MORNING))
    made.add(lines(EVENING, action="promote", recall_live=0.0, seconds=12.5))
    return path.read_bytes()


def test_before_the_first_step_there_is_none(tmp_path: Path) -> None:
    path = tmp_path / "steps.csv"
    assert Steps(path, POLICIES).last is None
    assert path.read_text() == ",".join(COLUMNS) + "\n"


def test_what_is_written_is_read_again_and_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "steps.csv"
    whole = two_steps(path)
    assert Steps(path, POLICIES).last == EVENING
    assert path.read_bytes() == whole


def test_a_nought_is_written_and_what_is_unknown_is_left_empty(tmp_path: Path) -> None:
    two_steps(tmp_path / "steps.csv")
    found = summary.steps(tmp_path)
    assert found["issued_at"].tolist() == [MORNING, MORNING, EVENING, EVENING]
    assert found["policy"].tolist() == [*POLICIES, *POLICIES]
    assert found["recall_live"].isna().tolist() == [True, True, False, False]
    assert found["recall_live"].tolist()[2:] == [0.0, 0.0]
    assert found["action"].dropna().tolist() == ["promote", "promote"]


@pytest.mark.parametrize("lost", [1, 6, 40, 70])
def test_a_step_counts_once_the_lines_of_all_its_policies_are_there(
    tmp_path: Path, lost: int
) -> None:
    """From the last line its end is lost, then its seconds, then more, up to the line before."""
    path = tmp_path / "steps.csv"
    whole = two_steps(path)
    path.write_bytes(whole[:-lost])
    again = Steps(path, POLICIES)
    assert again.last == (EVENING if lost == 1 else MORNING)
    again.add(lines(EVENING, action="promote", recall_live=0.0, seconds=12.5)[: 2 * (lost > 1)])
    assert path.read_bytes() == whole


@pytest.mark.parametrize("asked", [["never"], ["never", "every:6", "interval"], ["a", "b"]])
def test_steps_of_other_policies_are_refused_and_left_alone(tmp_path: Path, asked) -> None:
    """A policy that joins later would have no forecasts of the days before."""
    path = tmp_path / "steps.csv"
    whole = two_steps(path)
    with pytest.raises(BadInput) as refused:
        Steps(path, asked)
    assert str(refused.value) == (
        f"{path}: found steps of every:6, never, expected {', '.join(asked)};"
        " name the same policies to go on, or another --out"
    )
    assert path.read_bytes() == whole


def test_a_folder_without_a_replay_says_which_command_makes_one(tmp_path: Path) -> None:
    with pytest.raises(NotEnoughData) as refused:
        summary.steps(tmp_path)
    assert str(refused.value) == (
        f"{tmp_path / 'steps.csv'}: found nothing, expected a replay's steps;"
        f" `raincast replay --out {tmp_path}` makes them"
    )


NIGHT = datetime(2016, 3, 1, 6, tzinfo=UTC)


def test_what_is_ahead_follows_the_last_step_and_the_end_may_move(tmp_path: Path) -> None:
    path = tmp_path / "steps.csv"
    assert Steps(path, POLICIES).ahead([MORNING, EVENING]) == [MORNING, EVENING]
    two_steps(path)
    assert Steps(path, POLICIES).ahead([MORNING, EVENING, NIGHT]) == [NIGHT]
    assert Steps(path, POLICIES).ahead([MORNING, EVENING]) == []
    assert Steps(path, POLICIES).ahead([MORNING]) == []


@pytest.mark.parametrize(
    ("times", "found", "expected"),
    [
        ([EVENING, NIGHT], "2016-02-29 06:00", "2016-02-29 18:00"),  # another first day or hour
        ([MORNING, NIGHT], "2016-02-29 18:00", "2016-03-01 06:00"),  # once a day, not twice
    ],
)
def test_other_issue_times_are_refused(tmp_path: Path, times, found, expected) -> None:
    path = tmp_path / "steps.csv"
    two_steps(path)
    with pytest.raises(BadInput) as refused:
        Steps(path, POLICIES).ahead(times)
    assert str(refused.value) == (
        f"{path}: found a step of {found} UTC, expected {expected};"
        " name the same --start and --every to go on, or another --out"
    )
