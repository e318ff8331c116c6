"""What the replays of simulated climates gave, kept as it comes, so that a long row of them can go
on.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from raincast.store.ledger import Ledger

Told = dict[str, Any]
"""`triggers`, by rule its days; of the watch also the `remedy`."""


class Runs:
    """A ledger with one line for each replay that is over.

    Args:
        path: of the file; it need not be there.
        asked: what the replays depend on; lines of replays that were asked otherwise are left
            alone.
    """

    def __init__(self, path: Path, asked: Mapping[str, Any]) -> None:
        self._path, self._asked = path, dict(asked)
        lines = Ledger(path).read()
        self._found = {
            (run["world"], run["seed"]): run["told"] for run in lines if run["asked"] == self._asked
        }

    def get(self, world: str, seed: int) -> Told | None:
        """What that replay gave; None where it is not over."""
        return self._found.get((world, seed))

    def add(self, world: str, seed: int, told: Told) -> Told:
        """Keeps what a replay gave, and gives it back."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        Ledger(self._path).append(
            {"world": world, "seed": seed, "told": told, "asked": self._asked}
        )
        self._found[world, seed] = told
        return told
