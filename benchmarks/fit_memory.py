"""What memory a fit takes, by the years of its history.

    python -m benchmarks.fit_memory [YEARS …] [--raw FILE] [--parts NAME …]

Simulated weather of the 49 stations, and the historical file where one is named; what the file of
figures has of others stays. Each history has a process of its own, whose most memory counts,
libraries and all: until its observations are there, while trees are fitted as their size decides,
while they are in memory whatever their size, and while a network over the day's stations is.
`/proc` counts pages of files that are looked at too. Two trees and one epoch: memory does not grow
with their number. Needs Linux.
"""

import argparse
import json
import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from raincast.features import block
from raincast.learning import fitting
from raincast.learning.trees import Scratch
from raincast.loop import history
from raincast.observations import panel
from raincast.observations.network import shipped
from raincast.observations.panel import Panel
from raincast.simulator import simulate
from raincast.store import files, scratch

OUT = Path(__file__).resolve().parents[1] / "metrics" / "fit_memory.json"
YEARS = (5, 10, 20, 100)
FIRST = date(2012, 1, 1)
TREES = {"n_estimators": 2, "networks": 0, "n_jobs": 2}
NETWORK = TREES | {"fit_rows": 1000, "networks": 1, "network_epochs": 1}
PARTS: dict[str, tuple[dict[str, int], Scratch | None]] = {
    "trees": (TREES, scratch.folder),
    "trees_in_memory": (TREES, None),
    "network": (NETWORK, scratch.folder),
}


def peak_mib() -> float:
    """The most memory that this process has had."""
    told = Path("/proc/self/status").read_text("ascii").splitlines()
    return round(int(next(line.split()[1] for line in told if line.startswith("VmHWM"))) / 1024)


def forget_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5", "ascii")


def simulated(years: int) -> Panel:
    last = FIRST + timedelta(days=round(365.25 * years) - 1)
    return panel.from_frame(simulate(FIRST, last, 1), network=shipped())


def measured(observations: Callable[[], Panel], parts: Sequence[str], out: Any) -> None:
    """In a process of its own: memory at most before the fits and in each, in MiB."""
    known = observations()
    out.put({"station_days": int(known.seen.sum()), "before_mib": peak_mib()})
    for part in parts:
        params, room = PARTS[part]
        forget_peak()
        fitting.fit(known, fitting.everything(known), params, scratch=room)
        out.put({f"{part}_mib": peak_mib()})


def alone(observations: Callable[[], Panel], parts: Sequence[str]) -> Iterator[dict[str, int]]:
    """The same one after the other, each when it is known."""
    apart = multiprocessing.get_context("spawn")
    out = apart.Queue()
    process = apart.Process(target=measured, args=(observations, parts, out))
    process.start()
    yield from (out.get() for _ in range(1 + len(parts)))
    process.join()


def main() -> None:
    """Prints and writes the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("years", type=int, nargs="*", default=YEARS)
    parser.add_argument("--raw", type=Path)
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=["trees", "network"])
    parser.add_argument("--out", type=Path, default=OUT)
    asked = parser.parse_args()
    given = {"historical file": partial(history.read, asked.raw)} if asked.raw else {}
    given |= {f"{n} years": partial(simulated, n) for n in asked.years}
    fits = (files.read_json(asked.out) or {}).get("fits", {})
    for name, observations in given.items():
        for figures in alone(observations, asked.parts):
            fits[name] = fits.get(name, {}) | figures
            print(name, json.dumps(figures), flush=True)
            files.write_json(asked.out, {"features": len(block.NAMES), "fits": fits})


if __name__ == "__main__":
    main()
