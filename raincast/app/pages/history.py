"""Which model was promoted, refused or brought back, when and why."""

from collections.abc import Sequence
from datetime import UTC, datetime

from raincast.app.tables import table
from raincast.app.words import Words
from raincast.store.model_history import ModelDecision


def listed(t: Words, decisions: Sequence[ModelDecision]) -> str:
    """One row for each decision."""
    heads = [t(f"models.col_{name}") for name in ("at", "action", "version", "reason")]
    rows = (
        (moment(t, e.at_utc), t(f"models.did_{e.action}"), e.version, e.reason) for e in decisions
    )
    return table("cards", heads, rows)


def moment(t: Words, at: str | None) -> str:
    """An instant of a record, in words."""
    return t.moment(datetime.fromisoformat(at).astimezone(UTC) if at else None)
