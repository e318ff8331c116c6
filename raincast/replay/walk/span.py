"""When a replay issues forecasts. Pure."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from raincast.errors import BadInput

SCHEDULED = "06:00,18:00"
"""The issue times of the scheduled runs, UTC."""


def clocks(text: str) -> tuple[time, ...]:
    """Times of day from text such as `06:00,18:00`, in order, each once.

    Raises:
        BadInput: a part is no time of day.
    """
    try:
        return tuple(sorted({time.fromisoformat(part.strip()) for part in text.split(",")}))
    except ValueError as error:
        raise BadInput(
            f"--every: found {text!r}, expected times of day in UTC such as {SCHEDULED}"
        ) from error


def issue_times(first: date, last: date, every: Sequence[time]) -> list[datetime]:
    """Every issue time of the days `first` to `last` inclusive, oldest first (aware, UTC)."""
    days = (first + timedelta(days=i) for i in range((last - first).days + 1))
    return [datetime.combine(day, clock, UTC) for day in days for clock in every]
