"""What follows from a registry's decisions: who served until when, and what rollbacks walk back."""

from datetime import UTC, datetime

import pytest

from raincast.errors import NoModel
from raincast.store.model_history import ModelDecision, pile, served_until


def decided(*told: tuple[str, str, str | None]) -> list[ModelDecision]:
    """One decision an hour, from midnight on."""
    return [
        ModelDecision(
            at_utc=f"2024-05-01T{hour:02}:00:00+00:00",
            action=action,
            version=version,
            previous=previous,
            reason="a reason",
        )
        for hour, (action, version, previous) in enumerate(told)
    ]


HISTORY = decided(
    ("promote", "a", None),
    ("refuse", "x", "a"),
    ("promote", "b", "a"),
    ("restore", "b", "b"),
    ("rollback", "a", "b"),
)


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2024, 5, 1, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "served"),
    [
        (at(0), ["a"]),
        (at(1, 59), ["a"]),
        (at(2), ["a", "b"]),
        (at(3, 30), ["a", "b"]),
        (at(9), ["a", "b", "a"]),
    ],
)
def test_who_served_is_who_was_promoted_or_brought_back(moment: datetime, served: list) -> None:
    assert served_until(HISTORY, moment) == served


def test_before_the_first_promotion_nobody_is_known_to_have_served() -> None:
    with pytest.raises(NoModel, match="the history begins 2024-05-01T02"):
        served_until(HISTORY[1:], at(1))
    with pytest.raises(NoModel, match="with the first promotion"):
        served_until([], at(1))


@pytest.mark.parametrize(("until", "walk"), [(1, ["a"]), (3, ["a", "b"]), (5, ["a"])])
def test_rollbacks_walk_back_what_was_promoted_and_not_taken_away(until: int, walk: list) -> None:
    assert pile(HISTORY[:until], walk[-1]) == walk


def test_what_serves_without_a_decision_lies_on_top() -> None:
    """A registry whose history was lost, or of a former version."""
    assert pile([], "c") == ["c"]
    assert pile(decided(("promote", "b", "a")), "c") == ["a", "b", "c"]
    assert pile([], None) == []
