"""A list is asked for from both ends, and a server that fails is left alone."""

from hypothesis import given
from hypothesis import strategies as st

from raincast.loop.asking import GIVE_UP_AFTER, BothEnds


def asked(count: int, failures: list[bool]) -> tuple[list[int], bool]:
    """What was asked for, as each went, until the server was to be left alone."""
    waiting, found = BothEnds(range(count)), []
    for failed in failures[:count]:
        if waiting.given_up:
            break
        found.append(waiting.next())
        waiting.tell(failed)
    return found, waiting.given_up


def test_in_order_while_it_goes_well_and_from_the_back_after_failures_in_a_row() -> None:
    assert asked(5, [False] * 5) == ([0, 1, 2, 3, 4], False)
    some = [True] * GIVE_UP_AFTER
    assert asked(9, [*some, True, False, False]) == ([0, 1, 2, 8, 7, 3], False)
    assert asked(9, [True, True, False, True, True, False]) == ([0, 1, 2, 3, 4, 5], False)


def test_failures_at_both_ends_end_it() -> None:
    assert asked(20, [True] * 20) == ([0, 1, 2, 19, 18, 17], True)


@given(st.lists(st.booleans(), max_size=30))
def test_nothing_is_asked_for_twice_and_what_waits_is_the_rest(failures: list[bool]) -> None:
    waiting, found = BothEnds(range(len(failures))), set()
    for failed in failures:
        found.add(waiting.next())
        waiting.tell(failed)
        assert len(waiting) == len(failures) - len(found)
    assert found == set(range(len(failures)))
