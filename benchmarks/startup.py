"""Processor time of commands that fit and forecast nothing, as a ratio to `import pandas`.

    python benchmarks/startup.py [RUNS]

Each command runs in an empty folder; what it answers does not matter, what it imports does.
"""

import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

BASELINE = [sys.executable, "-c", "import pandas"]
COMMANDS = (
    "--help",
    "models check",
    "models list",
    "decide",
    "best",
    "consume --run-id none",
    "ask",
    "shadow",
    "stations",
    "validate none.csv",
)


def seconds(command: list[str], folder: Path) -> float:
    """Processor time of one run, user and system."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    environment = os.environ | {"PROJECT_ROOT": str(folder), "API_KEY": "none"}
    subprocess.run(command, env=environment, cwd=folder, capture_output=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        every = {"import pandas": BASELINE} | {
            f"raincast {words}": [sys.executable, "-m", "raincast", *words.split()]
            for words in COMMANDS
        }
        # In turns, so that a busy spell of the machine falls on all of them alike.
        times: dict[str, list[float]] = {name: [] for name in every}
        for _ in range(runs):
            for name, command in every.items():
                times[name].append(seconds(command, folder))
        base = median(times["import pandas"])
        print(f"{'command':<32}{'seconds':>9}{'ratio':>8}")
        for name, found in times.items():
            print(f"{name:<32}{median(found):>9.2f}{median(found) / base:>8.2f}")


if __name__ == "__main__":
    main()
