"""The registry's history: one line per decision, and what follows from the lines."""

import logging
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Literal

from pydantic import AwareDatetime, ConfigDict, TypeAdapter, field_validator

from raincast.documents import Document, Json
from raincast.errors import BadFile, NoModel
from raincast.store.ledger import Ledger

HISTORY = "history.jsonl"
Action = Literal["promote", "rollback", "refuse", "shadow", "restore"]
_log = logging.getLogger(__name__)
_moment = TypeAdapter(AwareDatetime)


class ModelDecision(Document):
    """A line of the history.

    Attributes:
        at_utc: when it was decided, ISO 8601 with an offset.
        action: promote, rollback, refuse, shadow (the version serves beside the active one, its
            forecasts are not given out), or restore (damaged files of the active version were
            written again).
        version: the one that was decided on.
        previous: the one that was active then; None where none was.
        reason: in words.
        metadata_sha256: of what the version's metadata said then; older lines have none.
        comparison: with the champion, of a version that was refused after one; any other's is in
            its metadata, and older lines have none.
    """

    # What a later version of the program may add is passed over, not the whole decision.
    model_config = ConfigDict(extra="ignore")

    at_utc: str
    action: Action
    version: str
    previous: str | None
    reason: str
    metadata_sha256: str | None = None
    comparison: Json | None = None

    @field_validator("at_utc")
    @classmethod
    def _is_a_moment(cls, value: str) -> str:
        _moment.validate_python(value)
        return value

    @property
    def at(self) -> datetime:
        """When it was decided, aware."""
        return datetime.fromisoformat(self.at_utc)


def read(history: Ledger) -> list[ModelDecision]:
    """Every decision, oldest first. A line that is no decision is passed over, and logged."""
    return list(_whole(history))


def _whole(history: Ledger) -> Iterator[ModelDecision]:
    for entry in history.read():
        try:
            yield ModelDecision.from_json(entry, history.name)
        except BadFile as error:
            _log.warning("passed over, take the line out: %s", error)


def changes(history: Sequence[ModelDecision]) -> list[ModelDecision]:
    """The decisions that put another version in place."""
    return [decision for decision in history if decision.action in ("promote", "rollback")]


def in_the_shadow(history: Sequence[ModelDecision]) -> ModelDecision | None:
    """The decision by which a version serves in the shadow; any later one ends that."""
    decisions = [decision for decision in history if decision.action != "restore"]
    return decisions[-1] if decisions and decisions[-1].action == "shadow" else None


def served_until(history: Sequence[ModelDecision], moment: datetime) -> list[str]:
    """Every version that was active up to an aware moment, in order; at least one.

    Raises:
        NoModel: the history begins later.
    """
    there = changes(history)
    until = [decision.version for decision in there if decision.at <= moment]
    if not until:
        begins = there[0].at_utc if there else "with the first promotion"
        raise NoModel(
            f"no version is known to have served at {moment.isoformat()}: the history begins"
            f" {begins}"
        )
    return until


def standing(history: Sequence[ModelDecision], champion: str | None) -> dict[str, str | None]:
    """Who stands where: `champion` serves; `challenger` is the other version of the newest
    decision.

    After a promotion that is the version that served before, after a refusal the one refused, after
    a rollback the one
    taken away.
    """
    for decision in reversed(history):
        others = [
            version
            for version in (decision.version, decision.previous)
            if version and version != champion
        ]
        if decision.action != "restore":
            return {"champion": champion, "challenger": others[0] if others else None}
    return {"champion": champion, "challenger": None}


def pile(history: Sequence[ModelDecision], active: str | None) -> list[str]:
    """The versions through which rollbacks walk back, the active one last."""
    versions: list[str] = []
    for decision in history:
        _lay(versions, decision.previous)
        if decision.action == "promote":
            _lay(versions, decision.version)
        elif decision.action == "rollback":
            versions.pop()
    _lay(versions, active)
    return versions


def _lay(versions: list[str], version: str | None) -> None:
    if version and versions[-1:] != [version]:
        versions.append(version)
