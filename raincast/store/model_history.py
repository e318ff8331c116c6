"""The registry's history: one line per decision, and what follows from the lines."""

import logging
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from raincast.errors import NoModel
from raincast.store import ledger
from raincast.store.ledger import Entry

HISTORY = "history.jsonl"
_ENTRY = ("at_utc", "action", "version", "previous", "reason")
_log = logging.getLogger(__name__)


def read(models: Path) -> list[Entry]:
    """Every decision, oldest first: `at_utc, action, version, previous, reason`.

    `action` is promote, rollback, refuse, shadow (a version serves beside the active one, its
    forecasts are not given out), or restore (damaged files of the active version were written
    again). `metadata_sha256`, which older entries do not have, is of what the version's
    metadata said then. A line that is no decision is passed over, and logged.
    """
    entries = ledger.read(models / HISTORY)
    whole = [entry for entry in entries if _is_decision(entry)]
    if len(whole) < len(entries):
        _log.warning(
            "%s: %d lines are no decisions; take them out",
            models / HISTORY,
            len(entries) - len(whole),
        )
    return whole


def _is_decision(entry: Entry) -> bool:
    try:
        at = datetime.fromisoformat(entry["at_utc"])
    except (KeyError, TypeError, ValueError):
        return False
    names = (entry.get("version"), entry.get("previous") or "", entry.get("action"))
    texts = all(isinstance(name, str) for name in names)
    return bool(at.tzinfo) and set(_ENTRY) <= set(entry) and texts


def changes(history: Sequence[Entry]) -> list[Entry]:
    """The decisions that put another version in place."""
    return [entry for entry in history if entry["action"] in ("promote", "rollback")]


def in_the_shadow(history: Sequence[Entry]) -> Entry | None:
    """The decision by which a version serves in the shadow; any later one ends that."""
    decisions = [entry for entry in history if entry["action"] != "restore"]
    return decisions[-1] if decisions and decisions[-1]["action"] == "shadow" else None


def served_until(history: Sequence[Entry], moment: datetime) -> list[str]:
    """Every version that was active up to an aware moment, in order; at least one.

    Raises:
        NoModel: the history begins later.
    """
    there = changes(history)
    until = [str(e["version"]) for e in there if datetime.fromisoformat(e["at_utc"]) <= moment]
    if not until:
        begins = there[0]["at_utc"] if there else "with the first promotion"
        raise NoModel(
            f"no version is known to have served at {moment.isoformat()}: the history begins"
            f" {begins}"
        )
    return until


def standing(history: Sequence[Entry], champion: str | None) -> dict[str, str | None]:
    """Who stands where: `champion` serves; `challenger` is the other version of the newest
    decision.

    After a promotion that is the version that served before, after a refusal the one refused, after
    a rollback the one
    taken away.
    """
    for entry in reversed(history):
        others = [
            version
            for version in (entry["version"], entry["previous"])
            if version and version != champion
        ]
        if entry["action"] != "restore":
            return {"champion": champion, "challenger": others[0] if others else None}
    return {"champion": champion, "challenger": None}


def pile(history: Sequence[Entry]) -> list[str]:
    """The versions through which rollbacks walk back, the active one last."""
    versions: list[str] = []
    for entry in history:
        if entry["previous"] and versions[-1:] != [entry["previous"]]:
            versions.append(entry["previous"])
        if entry["action"] == "promote" and versions[-1:] != [entry["version"]]:
            versions.append(entry["version"])
        elif entry["action"] == "rollback":
            versions.pop()
    return versions
