"""A replay, run as a process of its own, and what it has written so far.

    raincast replay --start D --end D --policy P --out DIR --model VERSION (or --fit)

While it runs it appends to `DIR/steps.csv`, one row per issue time and policy.
"""

import csv
import io
import shutil
import subprocess
import sys
import tempfile
import weakref
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from raincast.learning.metadata import KeptVersion
from raincast.settings import Settings, for_child

STEPS = "steps.csv"
COLUMNS = (
    "issued_at",
    "policy",
    "action",
    "forecasts",
    "scored_rows",
    "recall_live",
    "precision_live",
    "new_rows_for_retrain",
    "model_version",
)
NUMBERS = ("forecasts", "scored_rows", "recall_live", "precision_live", "new_rows_for_retrain")


POLICIES = {
    "never": "replay.policy_never",
    "specification": "replay.policy_specification",
    "interval": "replay.policy_interval",
    "every:30": "replay.policy_every",
    "ladder": "replay.policy_ladder",
    "watch": "replay.policy_watch",
    "remedy": "replay.policy_remedy",
}
"""What the page offers, with the key of its words."""
ISSUED_A_DAY = 2


def _command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "raincast", *arguments]


def _environment(settings: Settings) -> Mapping[str, str]:
    return for_child(PROJECT_ROOT=str(settings.root))


def _folder(settings: Settings, start: date, end: date, policy: str) -> Path:
    """A new folder for such a replay: two visitors may ask for the same one."""
    home = settings.root / "outputs/replays"
    home.mkdir(parents=True, exist_ok=True)
    return Path(tempfile.mkdtemp(prefix=f"{start}_{end}_{policy.replace(':', '_')}_", dir=home))


def _ended(process: "subprocess.Popen[bytes]", out: Path) -> None:
    """Ends the process, if it has not ended, and takes its folder away."""
    if process.poll() is None:
        process.terminate()
        process.wait()
    shutil.rmtree(out, ignore_errors=True)


def model_before(kept: Sequence[KeptVersion], start: date) -> str | None:
    """The version that has learned from the latest days before `start` and from none after; None
    where there is none.
    """
    fit = [(v.rows.last, v.version) for v in kept if v.rows and v.rows.last < start]
    return max(fit)[1] if fit else None


class Replay:
    """A replay that was begun, from its first step on. It writes into `out`, a folder of its own;
    `said` has what it says. Process and folder are its visitor's: they end with the object, which
    a session holds, or with the app.

    `model` is the version that begins; without one a model is fitted to the history before `start`.
    """

    def __init__(
        self, settings: Settings, start: date, end: date, policy: str, model: str | None
    ) -> None:
        self.out, self.model = _folder(settings, start, end, policy), model
        self.whole = ISSUED_A_DAY * ((end - start).days + 1)
        self.cancelled = False
        asked = [
            "--start",
            str(start),
            "--end",
            str(end),
            "--policy",
            policy,
            "--out",
            str(self.out),
        ]
        asked += ["--model", model] if model else ["--fit"]
        with (self.out / "said.txt").open("wb") as said:
            self._process = subprocess.Popen(  # noqa: S603
                _command("replay", *asked),
                env=_environment(settings),
                stdout=said,
                stderr=subprocess.STDOUT,
            )
        self.clear = weakref.finalize(self, _ended, self._process, self.out)

    def is_running(self) -> bool:
        return self._process.poll() is None

    def has_failed(self) -> bool:
        return bool(self._process.poll()) and not self.cancelled

    def said(self) -> str:
        """The last line that it wrote for a person; empty if it wrote none."""
        lines = (self.out / "said.txt").read_text("utf-8", "replace").strip().splitlines()
        return lines[-1] if lines else ""

    def cancel(self) -> None:
        """Ends the process; what it has written so far stays to be looked at."""
        self.cancelled = True
        if self.is_running():
            self._process.terminate()
            self._process.wait()

    def steps(self) -> pd.DataFrame:
        """See `parse`."""
        path = self.out / STEPS
        return parse(path.read_text("utf-8") if path.exists() else "")


def parse(text: str) -> pd.DataFrame:
    """The steps so far in `COLUMNS`; a line that is still being written, or has too few cells, is
    left out.
    """
    whole = text[: text.rfind("\n") + 1]
    rows: list[dict[str, Any]] = [
        row for row in csv.DictReader(io.StringIO(whole)) if None not in row.values()
    ]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    frame["issued_at"] = pd.to_datetime(
        frame["issued_at"], format="ISO8601", utc=True, errors="coerce"
    )
    for name in NUMBERS:
        frame[name] = pd.to_numeric(frame[name], errors="coerce").astype("float64")
    return frame.dropna(subset=["issued_at"]).reset_index(drop=True)
