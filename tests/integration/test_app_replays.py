"""Replays that a visitor begins: each in a process and a folder of its own."""

import gc
import time
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest

from raincast.app import replaying
from raincast.learning.metadata import FittedRows, KeptVersion
from raincast.settings import Settings

HEADER = ",".join(replaying.COLUMNS)


STEP = "2024-05-01T06:00:00+00:00,interval,nothing,49,0,,,0,v1"


@pytest.mark.parametrize(
    ("text", "n"),
    [
        ("", 0),
        (HEADER + "\n", 0),
        (f"{HEADER}\n{STEP}\n", 1),
        (f"{HEADER}\n{STEP}\n2024-05-01T18", 1),
        (f"{HEADER}\n{STEP}\na,b\n", 1),
    ],
)
def test_steps_are_read_while_they_are_written(text, n):
    found = replaying.parse(text)
    assert len(found) == n
    assert tuple(found.columns) == replaying.COLUMNS
    if n:
        assert found["issued_at"].iloc[0] == datetime(2024, 5, 1, 6, tzinfo=UTC)
        assert np.isnan(found["recall_live"].iloc[0])
        assert found["forecasts"].iloc[0] == 49


def version(name: str, last: date | None) -> KeptVersion:
    rows = FittedRows(count=9, first=date(2008, 1, 1), last=last, sha256="0") if last else None
    return KeptVersion(
        version=name,
        created_at_utc=None,
        rows=rows,
        figures=None,
        threshold=0.3,
        run_id=None,
        active=False,
    )


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        (date(2016, 2, 1), "serving"),
        (date(2016, 1, 31), "judged"),
        (date(2014, 12, 31), None),
        (date(2010, 1, 1), None),
    ],
)
def test_a_replay_begins_with_the_latest_model_that_has_seen_nothing_of_it(start, expected):
    ends = {"judged": date(2014, 12, 31), "serving": date(2016, 1, 31), "of unknown rows": None}
    kept = [version(name, last) for name, last in ends.items()]
    assert replaying.model_before(kept, start) == expected


def begun(root: Path, policy: str = "interval") -> replaying.Replay:
    """A replay that ends soon, for want of its model."""
    span = (date(2024, 5, 1), date(2024, 5, 2))
    return replaying.Replay(Settings(root=root), *span, policy, "no such model")


def test_two_visitors_with_the_same_replay_do_not_share_a_folder(tmp_path):
    first, second = begun(tmp_path), begun(tmp_path)
    assert first.out != second.out
    second.clear()
    assert first.out.exists()
    assert not second.out.exists()
    first.clear()


def test_a_replay_that_is_cancelled_ends_and_has_not_failed(tmp_path):
    replay = begun(tmp_path)
    replay.cancel()
    assert not replay.is_running()
    assert not replay.has_failed()
    assert replay.steps().empty
    replay.clear()


def test_process_and_folder_end_with_whoever_held_the_replay(tmp_path):
    replay = begun(tmp_path, "every:30")
    out, process = replay.out, replay._process
    del replay
    gc.collect()
    assert process.poll() is not None
    assert not out.exists()


@pytest.mark.slow
def test_a_replay_that_fails_says_why(tmp_path):
    """A folder without a model, or a program without the command: either way it fails, and says
    something.
    """
    replay = begun(tmp_path)
    while replay.is_running():
        time.sleep(0.05)
    assert replay.has_failed()
    assert replay.said()
    assert replay.steps().empty
