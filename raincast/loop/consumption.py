"""The end of a retraining: how a run was decided, and the watermark over the rows that it had."""

from datetime import UTC, datetime

from raincast.decisions import watermark
from raincast.decisions.retraining import Outcome
from raincast.decisions.watermark import RetrainingSet, Watermark
from raincast.errors import BadInput
from raincast.learning.metadata import ModelMetadata
from raincast.loop import retrain_set
from raincast.settings import Settings
from raincast.store import stores

_DECISIONS = ("promote", "refuse", "shadow")


def consume(settings: Settings, now: datetime, run_id: str) -> Watermark:
    """Moves the watermark over the rows that the run had, promoted or refused; the last write.
    Repeatable.

    Raises:
        BadInput: the run has decided nothing.
    """
    before = decided(settings, run_id)
    if not before:
        raise BadInput(
            f"run {run_id!r} has neither promoted nor refused a model, nor put it in the shadow:"
            " `raincast retrain` comes first"
        )
    built = _built(stores.of(settings).registry().metadata(before.version))
    if not built:
        raise BadInput(f"model {before.version} was not made from a retraining set")
    return retrain_set.mark_consumed(settings, built, run_id, now)


def _built(metadata: ModelMetadata) -> RetrainingSet | None:
    value = metadata.retraining_set
    where = f"retraining set of {metadata.version}"
    return RetrainingSet.from_json(value, where) if value else None


def unfinished(settings: Settings) -> str | None:
    """The run that made the newest decision, where the watermark has not moved over its rows: it
    was killed in between, or told to leave it.
    """
    registry = stores.of(settings).registry()
    decisions = [d for d in registry.history() if d.action in _DECISIONS]
    if not decisions:
        return None
    metadata = registry.metadata(decisions[-1].version)
    run_id, built = metadata.run_id, _built(metadata)
    if not run_id or not built:
        return None
    mark = retrain_set.read_watermark(settings)
    moved = watermark.marked(mark, built, datetime.min.replace(tzinfo=UTC), run_id)
    return run_id if moved != mark else None


def decided(settings: Settings, run_id: str) -> Outcome | None:
    """How a run with this id ended, if it did."""
    registry = stores.of(settings).registry()
    of_run = {kept.version for kept in registry.versions() if kept.run_id == run_id}
    for d in registry.history():
        if d.action in _DECISIONS and d.version in of_run:
            return Outcome(promoted=d.action == "promote", version=d.version, reason=d.reason)
    return None
