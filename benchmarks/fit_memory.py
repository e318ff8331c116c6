"""What memory a fit takes, by the years of its history.

    python benchmarks/fit_memory.py [YEARS …] [--raw FILE] [--out metrics/fit_memory.json]

Simulated weather of the 49 stations, and the historical file where one is named. Each fit has a
process of its own, whose most memory counts, libraries and all, from when its observations are
there; `/proc` counts pages of files that are looked at too. The trees are two and of networks over
the day's stations there is one, of one epoch: memory does not grow with their number. Needs Linux.
"""

import argparse
import json
import multiprocessing
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from time import process_time
from typing import Any

from raincast.features import block
from raincast.learning import fitting
from raincast.loop import history
from raincast.observations import panel
from raincast.observations.network import shipped
from raincast.observations.panel import Panel
from raincast.simulator import simulate
from raincast.store import files, scratch

OUT = Path(__file__).resolve().parents[1] / "metrics" / "fit_memory.json"
YEARS = (5, 10, 20, 100)
LAST = date(2016, 12, 31)
TREES = {"n_estimators": 2, "networks": 0, "n_jobs": 2}
KINDS = {"trees": TREES, "network": TREES | {"networks": 1, "network_epochs": 1}}


def peak_mib() -> float:
    """The most memory that this process has had."""
    told = Path("/proc/self/status").read_text("ascii").splitlines()
    return round(int(next(line.split()[1] for line in told if line.startswith("VmHWM"))) / 1024)


def forget_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5", "ascii")


def simulated(years: int) -> Panel:
    first = LAST - timedelta(days=round(365.25 * years) - 1)
    return panel.from_frame(simulate(first, LAST, 1), network=shipped())


def measured(observations: Callable[[], Panel], out: Any) -> None:
    """In a process of its own: memory at most before the fit and in it, in MiB."""
    known = observations()
    found: dict[str, Any] = {"station_days": int(known.seen.sum()), "before_mib": peak_mib()}
    for kind, params in KINDS.items():
        forget_peak()
        begun = process_time()
        fitting.fit(known, fitting.everything(known), params, scratch=scratch.folder)
        found |= {f"{kind}_mib": peak_mib(), f"{kind}_cpu_s": round(process_time() - begun)}
    out.put(found)


def alone(observations: Callable[[], Panel]) -> dict[str, Any]:
    apart = multiprocessing.get_context("spawn")
    out = apart.Queue()
    process = apart.Process(target=measured, args=(observations, out))
    process.start()
    found: dict[str, Any] = out.get()
    process.join()
    return found


def main() -> None:
    """Prints and writes the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("years", type=int, nargs="*", default=YEARS)
    parser.add_argument("--raw", type=Path)
    parser.add_argument("--out", type=Path, default=OUT)
    asked = parser.parse_args()
    given = {"historical file": partial(history.read, asked.raw)} if asked.raw else {}
    given |= {f"{n} years": partial(simulated, n) for n in asked.years}
    found = {}
    for name, observations in given.items():
        found[name] = alone(observations)
        print(name, json.dumps(found[name]), flush=True)
        files.write_json(asked.out, {"features": len(block.NAMES), "fits": found})


if __name__ == "__main__":
    main()
