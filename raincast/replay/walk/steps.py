"""What a replay did at each issue time, one line for each policy; also how far it is."""

import csv
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from raincast.errors import BadInput
from raincast.store import files

COLUMNS = (
    "issued_at",
    "policy",
    "action",
    "forecasts",
    "scored_rows",
    "recall_live",
    "precision_live",
    "new_rows_for_retrain",
    "case",
    "interval_low",
    "interval_high",
    "model_version",
    "seconds",
)


class Steps:
    """The file `steps.csv` of a replay. A step counts once the lines
    of all its policies are there.

    Args:
        policies: their names.

    Raises:
        BadInput: the file has the steps of other policies.
    """

    def __init__(self, path: Path, policies: Sequence[str]) -> None:
        self._path = path
        self._rows = self._whole(policies) if path.exists() else []
        files.write_text(
            path, "".join(_line(row) for row in [COLUMNS, *(tuple(r.values()) for r in self._rows)])
        )

    def _whole(self, policies: Sequence[str]) -> list[dict[str, str]]:
        """The lines of complete steps; those of a step that was cut short are left out."""
        with self._path.open(newline="", encoding="utf-8") as file:
            found = [row for row in csv.DictReader(file) if row["seconds"]]
        kept = found[: len(found) - len(found) % len(policies)]
        walked = {row["policy"] for row in kept}
        if kept and walked != set(policies):
            raise BadInput(
                f"{self._path}: found steps of {', '.join(sorted(walked))}, expected"
                f" {', '.join(policies)}; name the same policies to go on, or another --out"
            )
        return kept

    def ahead(self, times: Sequence[datetime]) -> list[datetime]:
        """The issue times that are still to be walked.

        Args:
            times: those of the whole replay, ascending.

        Raises:
            BadInput: the file has the steps of another span, or of other times of day.
        """
        walked = sorted({datetime.fromisoformat(row["issued_at"]) for row in self._rows})
        for found, expected in zip(walked, times, strict=False):
            if found != expected:
                raise BadInput(
                    f"{self._path}: found a step of {found:%Y-%m-%d %H:%M} UTC, expected"
                    f" {expected:%Y-%m-%d %H:%M}; name the same --start and --every to go on, or"
                    " another --out"
                )
        return list(times[len(walked) :])

    @property
    def last(self) -> datetime | None:
        """The last complete issue time; None before the first."""
        return datetime.fromisoformat(self._rows[-1]["issued_at"]) if self._rows else None

    def add(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """The lines of one step, in one write."""
        with self._path.open("a", encoding="utf-8") as file:
            file.write("".join(_line([row[name] for name in COLUMNS]) for row in rows))


def _line(cells: Sequence[Any]) -> str:
    return ",".join("" if cell is None else str(cell) for cell in cells) + "\n"
