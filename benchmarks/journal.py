"""What the steps that read the journal cost, by its length.

    python -m benchmarks.journal [ROWS …] [--steps NAME …] [--out metrics/journal.json]

Writes journals of ever more days, 98 forecasts each, up to now, and an archive with the truth of
them. Every step runs in a process of its own: prints its processor time and the process's most
memory, libraries and all, and both as ratios to pandas reading the same file (`pandas.read_csv`)
where that is among the steps. What the file of figures has of other lengths and steps stays. Needs
Linux.
"""

import argparse
import subprocess
import sys
import tempfile
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from raincast.forecasts.row import COLUMNS
from raincast.observations import frame
from raincast.observations.network import in_force
from raincast.settings import Settings
from raincast.store import files, stores

OUT = Path(__file__).resolve().parents[1] / "metrics" / "journal.json"
ROWS = (10_000, 100_000, 1_000_000)
NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)
SLOT = timedelta(hours=12)
SEED, DAYS_AT_ONCE = 49, 4000
AMOUNTS = (("0.2", 1), ("1", 1), ("5", 2), ("10", 4), ("25", 8))
"""In mm, and by how much their chances are below the event's."""
PLAIN = "pandas.read_csv"
STEPS = {
    PLAIN: "pd.read_csv(held.journal().path)",
    "a slot's rows": "held.journal().newest(since)",
    "one day of a station": "served.served(settings, 'Cairns', since.date())",
    "validate": "publication.examine(held.journal().pieces())",
    "score": "monitor.score(settings)",
    "whole": "held.journal().read()",
}
_PROGRAM = """
import sys, time
from datetime import datetime
from pathlib import Path
import pandas as pd
from raincast.forecasts import publication
from raincast.loop import monitor, served
from raincast.settings import Settings
from raincast.store import stores
settings, since = Settings(root=Path(sys.argv[1])), datetime.fromisoformat(sys.argv[2])
held = stores.of(settings)
began = time.process_time()
{step}
took, told = time.process_time() - began, Path("/proc/self/status").read_text()
peak = next(line.split()[1] for line in told.splitlines() if line.startswith("VmHWM"))
print(took, int(peak) / 1024)  # getrusage's peak may be that of whoever started the process
"""


class Cost(NamedTuple):
    """Seconds of processor time, and MiB."""

    seconds: float
    mib: float


def main() -> None:
    """Prints and writes the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("rows", type=int, nargs="*", default=ROWS)
    parser.add_argument("--steps", nargs="+", choices=STEPS, default=list(STEPS))
    parser.add_argument("--out", type=Path, default=OUT)
    asked = parser.parse_args()
    for rows in asked.rows:
        with tempfile.TemporaryDirectory() as folder:
            settings = Settings(root=Path(folder))
            write(settings.journal, rows)
            observe(settings, rows)
            size = settings.journal.stat().st_size / 2**20
            print(f"\n{rows:,} rows, {size:,.0f} MiB: step | s | MiB | ratios to pandas")
            found: dict[str, Cost] = {}
            for name in asked.steps:
                found[name] = measured(settings, STEPS[name])
                print(f"{name} | {told(found[name], found.get(PLAIN))}", flush=True)
                keep(asked.out, rows, name, found[name])


def told(own: Cost, plain: Cost | None) -> str:
    said = f"{own.seconds:.2f} | {own.mib:.0f}"
    if plain is None:
        return said
    return f"{said} | {own.seconds / plain.seconds:.2f} | {own.mib / plain.mib:.2f}"


def keep(out: Path, rows: int, name: str, cost: Cost) -> None:
    written = files.read_json(out) or {}
    step = {"seconds": round(cost.seconds, 2), "mib": round(cost.mib)}
    written.setdefault(str(rows), {})[name] = step
    files.write_json(out, written)


def days_of(rows: int) -> list[date]:
    last = NOW.date()
    return [last - timedelta(days=i) for i in range(rows // (2 * len(in_force())), -2, -1)]


def observe(settings: Settings, rows: int) -> None:
    """Rain on three days in ten; three readings in a hundred are missing. Some years at a time."""
    rng, days = np.random.default_rng(SEED), days_of(rows)
    for begin in range(0, len(days), DAYS_AT_ONCE):
        some = pd.DatetimeIndex(days[begin : begin + DAYS_AT_ONCE])
        keys = pd.MultiIndex.from_product([in_force().locations, some], names=["Location", "Date"])
        rain = np.round(rng.exponential(6, len(keys)), 1) * (rng.random(len(keys)) < 0.3)
        rain[rng.random(len(keys)) < 0.03] = np.nan
        told = frame.conform(keys.to_frame(index=False).assign(Rainfall=rain))
        stores.of(settings).archive().append(told, NOW, "benchmark")


def write(path: Path, rows: int) -> None:
    path.parent.mkdir(parents=True)
    chances = np.random.default_rng(SEED).random(rows).round(9).tolist()
    stations = in_force().locations
    with path.open("w") as out:
        out.write(",".join(COLUMNS) + "\n")
        for i, chance in enumerate(chances):
            at = NOW - SLOT * ((rows - 1 - i) // len(stations))
            out.write(line(at, i, stations[i % len(stations)], chance) + "\n")


def line(at: datetime, number: int, station: str, chance: float) -> str:
    amounts = " ".join(f"{mm}:{chance / by}" for mm, by in AMOUNTS)
    return _slot(at) % (station, station, chance, chance >= 0.31, amounts, number)


@lru_cache(maxsize=1)
def _slot(at: datetime) -> str:
    """A line of that slot, with the places of what differs by station."""
    day = at.date()
    cells = {
        "logged_at_utc": at.isoformat(timespec="microseconds"),
        "feature_date": day,
        "target_date": day + timedelta(days=1),
        "location": "%s",
        "use_latest": True,
        "station_name": "%s",
        "rain_probability": "%r",
        "predicted_rain": "%d",
        "issued_at_utc": at.isoformat(timespec="microseconds"),
        "regime": "3pm" if at.hour < 12 else "complete",
        "threshold": 0.31,
        "model_version": "20261101T000000Z-0123abcd",
        "missing": "Sunshine Evaporation",
        "exceedance": "%s",
        "forecast_id": "%032x",
        "basis": "today",
    }
    return ",".join(str(cells[name]) for name in COLUMNS)


def measured(settings: Settings, step: str) -> Cost:
    """What a step costs in a process of its own."""
    since = (NOW - SLOT / 4).isoformat()
    words = [sys.executable, "-c", _PROGRAM.format(step=step), str(settings.root), since]
    done = subprocess.run(words, check=True, capture_output=True, text=True)
    return Cost(*map(float, done.stdout.split()))


if __name__ == "__main__":
    main()
