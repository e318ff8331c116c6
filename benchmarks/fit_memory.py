"""What memory a fit of the trees takes, by the years of its history.

    python benchmarks/fit_memory.py [YEARS …] [--out metrics/fit_memory.json]

Simulated weather of the 49 stations; two trees, since memory does not grow with their number. Each
fit has a process of its own, whose most memory counts, libraries and all. Needs Linux.
"""

import argparse
import json
import multiprocessing
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from raincast.features import block
from raincast.learning import fitting
from raincast.observations import panel
from raincast.observations.network import shipped
from raincast.simulator import simulate
from raincast.store import files

OUT = Path(__file__).resolve().parents[1] / "metrics" / "fit_memory.json"
YEARS = (5, 10)
LAST = date(2016, 12, 31)
PARAMS = {"n_estimators": 2, "networks": 0, "perceptrons": 0, "n_jobs": 2}


def peak_mib() -> float:
    """The most memory that this process has had."""
    told = Path("/proc/self/status").read_text("ascii").splitlines()
    return int(next(line.split()[1] for line in told if line.startswith("VmHWM"))) / 1024


def measured(years: int, out: Any) -> None:
    """In a process of its own: memory before the fit and at most, in MiB."""
    first = LAST - timedelta(days=round(365.25 * years) - 1)
    known = panel.from_frame(simulate(first, LAST, 1), network=shipped())
    before = peak_mib()
    fitting.fit(known, fitting.Span(first, LAST), PARAMS)
    out.put({"years": years, "before_mib": before, "peak_mib": peak_mib()})


def main() -> None:
    """Prints and writes the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("years", type=int, nargs="*", default=YEARS)
    parser.add_argument("--out", type=Path, default=OUT)
    asked, apart = parser.parse_args(), multiprocessing.get_context("spawn")
    found = []
    for years in asked.years:
        out = apart.Queue()
        process = apart.Process(target=measured, args=(years, out))
        process.start()
        found.append(out.get())
        process.join()
        print(json.dumps(found[-1]), flush=True)
    files.write_json(asked.out, {"features": len(block.NAMES), "fits": found})


if __name__ == "__main__":
    main()
