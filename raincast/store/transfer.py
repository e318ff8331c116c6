"""Records from files into a database, and as files again."""

from collections.abc import Iterator
from pathlib import Path

from raincast.errors import BadInput
from raincast.settings import Settings
from raincast.store import files
from raincast.store.ledger import Ledger, line
from raincast.store.model_history import HISTORY
from raincast.store.postgres.stores import Postgres
from raincast.store.stores import Stores


def fill(source: Stores, target: Postgres) -> dict[str, int]:
    """Takes every record of one root into another that has none; how many there are of each kind.

    What is there already is not added again, so that a transfer that was cut short goes on.

    Raises:
        BadInput: the target has another history, other runs or other verdicts.
    """
    found = {}
    if source.has_archive():
        found["sightings"] = target.archive().take_in(source.archive().everything())
    for name, ours, theirs in (
        ("journal, bytes", source.journal(), target.journal()),
        ("shadow journal, bytes", source.shadow_journal(), target.shadow_journal()),
    ):
        if ours.exists():
            theirs.merge(ours.snapshot(), ours.name)
            found[name] = len(theirs.snapshot())
    found["decisions"] = _ledger(source.registry().decisions, target.registry().decisions)
    found["runs"] = _ledger(source.runs(), target.runs())
    found["verdicts"] = _ledger(source.verdicts(), target.verdicts())
    return found


def export(settings: Settings, source: Stores) -> Iterator[Path]:
    """Writes the records, but for the archive, where the file engine keeps them; their paths."""
    written = {
        settings.journal: source.journal().snapshot(),
        settings.shadow_journal: source.shadow_journal().snapshot(),
        settings.scored_journal: source.scored().snapshot(),
        settings.models / HISTORY: _lines(source.registry().decisions),
        settings.runs: _lines(source.runs()),
        settings.verdicts: _lines(source.verdicts()),
    }
    for path, data in written.items():
        if data:
            with files.replacing(path) as part:
                part.write_bytes(data)
            yield path


def _ledger(source: Ledger, target: Ledger) -> int:
    entries = source.read()
    with target.alone():
        there = target.read()
        if there != entries[: len(there)]:
            raise BadInput(
                f"{target.name}: found {len(there)} entries of another root, expected none; fill an"
                " empty database"
            )
        for entry in entries[len(there) :]:
            target.append(entry)
    return len(entries)


def _lines(ledger: Ledger) -> bytes:
    return "".join(f"{line(entry)}\n" for entry in ledger.read()).encode()
