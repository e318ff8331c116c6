"""A mirror's clock stands, runs and is moved, by seconds that are handed in."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone

import pytest

from raincast.errors import BadInput
from raincast.mirror.clock import Clock

AT = datetime(2024, 5, 20, 6, tzinfo=UTC)


class Seconds:
    """Seconds that pass when told to."""

    passed = 100.0

    def __call__(self) -> float:
        return self.passed


@pytest.mark.parametrize(
    ("rate", "shown"),
    [(0.0, AT), (1.0, AT + timedelta(seconds=10)), (3600.0, AT + timedelta(hours=10))],
)
def test_it_stands_or_runs(rate: float, shown: datetime) -> None:
    seconds = Seconds()
    clock = Clock(AT, rate, seconds)
    assert clock.now() == AT
    seconds.passed += 10
    assert clock.now() == shown


def test_it_is_moved_and_goes_on_from_there() -> None:
    seconds = Seconds()
    clock = Clock(AT.astimezone(timezone(timedelta(hours=10))), 60.0, seconds)
    seconds.passed += 1
    assert clock.move(by=timedelta(hours=1)) == AT + timedelta(hours=1, minutes=1)
    seconds.passed += 1
    assert clock.now() == AT + timedelta(hours=1, minutes=2)
    assert clock.move(AT - timedelta(days=1), rate=0.0) == AT - timedelta(days=1)
    seconds.passed += 1
    assert (clock.now(), clock.rate, clock.now().tzinfo) == (AT - timedelta(days=1), 0.0, UTC)
    clock.move(rate=1.0)
    seconds.passed += 5
    assert clock.now() == AT - timedelta(days=1) + timedelta(seconds=5)


def test_there_is_no_year_ten_thousand() -> None:
    clock = Clock(AT, 0.0, Seconds())
    with pytest.raises(BadInput, match="years 1 to 9999"):
        clock.move(by=timedelta(days=3_000_000))
    assert clock.now() == AT


def test_no_move_is_lost_among_several_threads() -> None:
    clock = Clock(AT, 0.0, Seconds())
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: clock.move(by=timedelta(seconds=1)), range(2000)))
    assert clock.now() == AT + timedelta(seconds=2000)
