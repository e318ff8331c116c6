"""A replay, run as a process of its own, and what it has written so far.

    raincast replay --start D --end D --policy P --out DIR

While it runs it appends to `DIR/steps.csv`, one row per issue time and policy.
"""

import csv
import io
import subprocess
import sys
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from raincast.errors import RaincastError
from raincast.settings import Settings, for_child

STEPS = "steps.csv"
COLUMNS = (
    "issued_at", "policy", "action", "forecasts", "scored_rows", "recall_live", "precision_live",
    "new_rows_for_retrain", "model_version",
)  # fmt: skip
NUMBERS = ("forecasts", "scored_rows", "recall_live", "precision_live", "new_rows_for_retrain")


class NoReplay(RaincastError):
    """The command is not in this version, or could not be started."""


@cache
def is_there() -> bool:
    """Whether this program has the command. Asks once; that takes a few seconds."""
    asked = _command("replay", "--help")
    return subprocess.run(asked, env=for_child(), capture_output=True, check=False).returncode == 0  # noqa: S603


def _command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "raincast", *arguments]


def _environment(settings: Settings) -> Mapping[str, str]:
    return for_child(PROJECT_ROOT=str(settings.root))


def folder(settings: Settings, start: date, end: date, policy: str) -> Path:
    """Where such a replay writes."""
    return settings.root / "outputs/replays" / f"{start}_{end}_{policy}"


class Replay:
    """A replay that was begun. It writes into `out`; `said` has what it says."""

    def __init__(self, settings: Settings, start: date, end: date, policy: str) -> None:
        self.out = folder(settings, start, end, policy)
        self.out.mkdir(parents=True, exist_ok=True)
        (self.out / STEPS).unlink(missing_ok=True)
        asked = ["--start", str(start), "--end", str(end), "--policy", policy, "--out", str(self.out)]
        with (self.out / "said.txt").open("wb") as said:
            self._process = subprocess.Popen(  # noqa: S603
                _command("replay", *asked), env=_environment(settings), stdout=said, stderr=subprocess.STDOUT
            )

    def is_running(self) -> bool:
        return self._process.poll() is None

    def has_failed(self) -> bool:
        return bool(self._process.poll())

    def said(self) -> str:
        """The last line that it wrote for a person; empty where there is none."""
        lines = (self.out / "said.txt").read_text("utf-8", "replace").strip().splitlines()
        return lines[-1] if lines else ""

    def stop(self) -> None:
        """Ends the process, if it has not ended."""
        if self.is_running():
            self._process.terminate()
            self._process.wait()

    def steps(self) -> pd.DataFrame:
        """See `parse`."""
        path = self.out / STEPS
        return parse(path.read_text("utf-8") if path.exists() else "")


def parse(text: str) -> pd.DataFrame:
    """The steps so far in `COLUMNS`; a line that is still being written, or has too few cells, is left out."""
    whole = text[: text.rfind("\n") + 1]
    rows: list[dict[str, Any]] = [row for row in csv.DictReader(io.StringIO(whole)) if None not in row.values()]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    frame["issued_at"] = pd.to_datetime(frame["issued_at"], format="ISO8601", utc=True, errors="coerce")
    for name in NUMBERS:
        frame[name] = pd.to_numeric(frame[name], errors="coerce").astype("float64")
    return frame.dropna(subset=["issued_at"]).reset_index(drop=True)
