"""What the replays of simulated climates gave, kept line by line as it comes, so that a long row of them can go on."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from raincast.store import files

Triggers = dict[str, list[int]]


class Runs:
    """A file with one line for each replay that is over.

    Args:
        path: of the file; it need not be there.
        asked: what the replays depend on; lines of replays that were asked otherwise are left alone.
    """

    def __init__(self, path: Path, asked: Mapping[str, Any]) -> None:
        self._path, self._asked = path, dict(asked)
        text = path.read_text("ascii") if path.exists() else ""
        whole = text[: text.rfind("\n") + 1]
        files.write_text(path, whole)  # a line that was cut short is taken away
        told = [json.loads(line) for line in whole.splitlines()]
        self._found = {(run["world"], run["seed"]): run["triggers"] for run in told if run["asked"] == self._asked}

    def get(self, world: str, seed: int) -> Triggers | None:
        """What that replay gave; None where it is not over."""
        return self._found.get((world, seed))

    def add(self, world: str, seed: int, triggers: Triggers) -> Triggers:
        """Keeps what a replay gave, and gives it back."""
        line = json.dumps({"world": world, "seed": seed, "triggers": triggers, "asked": self._asked})
        with self._path.open("a", encoding="ascii") as file:
            file.write(line + "\n")
        self._found[world, seed] = triggers
        return triggers
