"""What it costs to see which stations a slot still waits for, by the length of the journal.

Writes journals of ever more days, 98 forecasts each, into a folder of its own. Prints for each the
seconds and the peak of memory of a process that reads the slot's rows, and as a ratio to one that
reads the whole journal.

    python -m benchmarks.asking [ROWS …]
"""

import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from raincast.forecasts.row import COLUMNS

ROWS = (10_000, 100_000, 1_000_000)
NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
A_SLOT = 49
WAYS = {"slot": "newest(since)", "whole": "read()"}
_PROGRAM = """
import resource, sys, time
from datetime import datetime
from pathlib import Path
from raincast.store.journal import Journal
journal, since = Journal(Path(sys.argv[1])), datetime.fromisoformat(sys.argv[2])
began, before = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
rows = journal.{way}
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
print(time.process_time() - began, peak / 1024, len(rows))
"""


def main(sizes: tuple[int, ...]) -> None:
    print("rows in the journal | read | rows | s | MiB | s, ratio to the whole")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "preds_api.csv"
        for rows in sizes:
            write(path, rows)
            found = {name: measured(path, way) for name, way in WAYS.items()}
            for name, (seconds, peak, read) in found.items():
                ratio = seconds / found["whole"][0]
                print(f"{rows} | {name} | {read:.0f} | {seconds:.2f} | {peak:.0f} | {ratio:.3f}")


def write(path: Path, rows: int) -> None:
    """Rows of two slots a day, up to now."""
    with path.open("w") as out:
        out.write(",".join(COLUMNS) + "\n")
        for i in range(rows):
            at = NOW - timedelta(hours=12) * ((rows - 1 - i) // A_SLOT)
            out.write(line(at, i) + "\n")


def line(at: datetime, number: int) -> str:
    day, target = at.date(), at.date() + timedelta(days=1)
    cells = {
        "logged_at_utc": at.isoformat(),
        "feature_date": day,
        "target_date": target,
        "location": "Cairns",
        "use_latest": True,
        "station_name": "Cairns",
        "rain_probability": 0.125,
        "predicted_rain": 0,
        "issued_at_utc": at.isoformat(),
        "regime": "3pm",
        "threshold": 0.31,
        "model_version": "20261101T000000Z-0123abcd",
        "forecast_id": f"{number:032x}",
        "basis": "today",
    }
    return ",".join(str(cells.get(name, "")) for name in COLUMNS)


def measured(path: Path, way: str) -> tuple[float, float, float]:
    """Seconds of processor time, MiB at the peak, and rows read, in a process of its own."""
    since = (NOW - timedelta(hours=3)).isoformat()
    words = [sys.executable, "-c", _PROGRAM.format(way=way), str(path), since]
    done = subprocess.run(words, check=True, capture_output=True, text=True)
    seconds, peak, rows = map(float, done.stdout.split())
    return seconds, peak, rows


if __name__ == "__main__":
    main(tuple(map(int, sys.argv[1:])) or ROWS)
