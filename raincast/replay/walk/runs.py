"""What the replays of simulated climates gave, kept as it comes, so that a long row of them can go
on.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from raincast.store.ledger import Ledger

Triggers = dict[str, list[int]]


class Runs:
    """A ledger with one line for each replay that is over.

    Args:
        path: of the file; it need not be there.
        asked: what the replays depend on; lines of replays that were asked otherwise are left
            alone.
    """

    def __init__(self, path: Path, asked: Mapping[str, Any]) -> None:
        self._path, self._asked = path, dict(asked)
        told = Ledger(path).read()
        self._found = {
            (run["world"], run["seed"]): run["triggers"]
            for run in told
            if run["asked"] == self._asked
        }

    def get(self, world: str, seed: int) -> Triggers | None:
        """What that replay gave; None where it is not over."""
        return self._found.get((world, seed))

    def add(self, world: str, seed: int, triggers: Triggers) -> Triggers:
        """Keeps what a replay gave, and gives it back."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        Ledger(self._path).append(
            {"world": world, "seed": seed, "triggers": triggers, "asked": self._asked}
        )
        self._found[world, seed] = triggers
        return triggers
