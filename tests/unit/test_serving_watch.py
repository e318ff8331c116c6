"""What is looked after beside the requests: a look that fails is tried again, and said once."""

from collections.abc import Callable
from threading import Event

import pytest

from raincast.errors import ServerUnavailable
from raincast.serving.watch import Watch

TIMES = 5
"""Looks that are waited for."""


def looked(fail: Callable[[int], None]) -> None:
    """Looks until it was done often enough."""
    done, count = Event(), 0

    def look() -> None:
        nonlocal count
        count += 1
        if count > TIMES:
            done.set()
        fail(count)

    watch = Watch(0.001, look)
    watch.start()
    assert done.wait(60)
    watch.close()


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Callable[[], list[str]]:
    return lambda: [record.getMessage() for record in caplog.records]


def test_what_stays_in_the_way_is_said_in_one_line(lines: Callable[[], list[str]]) -> None:
    def away(_: int) -> None:
        raise ServerUnavailable("db: connection refused; is DATABASE_URL right?")

    looked(away)
    assert lines() == ["db: connection refused; is DATABASE_URL right?"]


def test_it_is_said_again_where_it_was_well_in_between(lines: Callable[[], list[str]]) -> None:
    def now_and_then(count: int) -> None:
        if count in (1, 2, 4):
            raise ServerUnavailable("away")

    looked(now_and_then)
    assert lines() == ["away", "away"]


def test_a_fault_of_ours_keeps_its_traceback(
    lines: Callable[[], list[str]], caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_: int) -> None:
        raise KeyError("ours")

    looked(broken)
    assert len(lines()) == 1
    assert caplog.records[0].exc_info
