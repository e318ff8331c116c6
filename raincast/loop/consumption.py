"""The end of a retraining: how a run was decided, and the watermark over the rows that it had."""

from datetime import UTC, datetime
from typing import Any

from raincast.decisions import watermark
from raincast.errors import BadInput
from raincast.loop import retrain_set
from raincast.settings import Settings
from raincast.store.registry import Registry

_DECISIONS = ("promote", "refuse")


def consume(settings: Settings, now: datetime, run_id: str) -> dict[str, Any]:
    """Moves the watermark over the rows that the run had, promoted or refused; the last write.
    Repeatable.

    Returns:
        The watermark.

    Raises:
        BadInput: the run has decided nothing.
    """
    before = decided(settings, run_id)
    if not before:
        raise BadInput(
            f"run {run_id!r} has neither promoted nor refused a model: `raincast retrain` comes"
            " first"
        )
    built = Registry(settings.models).metadata(before["version"])["retraining_set"]
    return retrain_set.mark_consumed(settings, built, run_id, now).as_json()


def unfinished(settings: Settings) -> str | None:
    """The run that made the newest decision, where the watermark has not moved over its rows: it
    was killed in between, or told to leave it.
    """
    decisions = [e for e in Registry(settings.models).history() if e["action"] in _DECISIONS]
    metadata = Registry(settings.models).metadata(decisions[-1]["version"]) if decisions else {}
    run_id, built = metadata.get("run_id"), metadata.get("retraining_set")
    if not run_id or not built:
        return None
    mark = retrain_set.read_watermark(settings)
    moved = watermark.marked(mark, built, datetime.min.replace(tzinfo=UTC), run_id)
    return str(run_id) if moved != mark else None


def decided(settings: Settings, run_id: str) -> dict[str, Any] | None:
    """How a run with this id ended, if it did."""
    of_run = {
        kept["version"] for kept in Registry(settings.models).versions() if kept["run_id"] == run_id
    }
    for entry in Registry(settings.models).history():
        if entry["action"] in _DECISIONS and entry["version"] in of_run:
            promoted = entry["action"] == "promote"
            return {"promoted": promoted, "version": entry["version"], "reason": entry["reason"]}
    return None
