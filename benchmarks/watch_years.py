"""How often the watch alarms by its inputs alone in a year in which nothing changes, by the past
that it compares with.

Simulated stationary climates, each with the starts of the historical file's own stations: three of
them begin in March 2013. Its bound of 730 days allows one alarm in two years. Prints a line for
each past, the first is the baseline, and writes OUT.json:

    python -m benchmarks.watch_years metrics/watch_years.json [--climates 30]
"""

import argparse
import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from tqdm import tqdm

from benchmarks import known_changes
from raincast.features.block import LOOKBACK_DAYS
from raincast.observations import panel
from raincast.simulator import simulate
from raincast.verification.watch import detection
from raincast.verification.watch.memory import learned

PASTS = {
    "nine years": (date(2008, 1, 1), date(2016, 12, 31)),
    "six years, three stations of ten months": (date(2008, 1, 1), date(2013, 12, 31)),
    "three years": (date(2014, 1, 1), date(2016, 12, 31)),
    "two years": (date(2015, 1, 1), date(2016, 12, 31)),
    "one year": (date(2016, 1, 1), date(2016, 12, 31)),
}


def alarms(frame: pd.DataFrame, past_last: date) -> int:
    """How often the watch alarms by the inputs after that day; a week's rest after each."""
    history = panel.from_frame(frame[frame["Date"] <= pd.Timestamp(past_last)])
    start = past_last + timedelta(days=1)
    since = start - timedelta(days=LOOKBACK_DAYS)
    observed = panel.from_frame(frame[frame["Date"] >= pd.Timestamp(since)])
    parts = detection.evidence(observed, {}, learned(history, {}))
    return sum(1 for _ in known_changes.alarms(parts, observed.position(start), len(observed)))


def of_past(name: str, climates: int) -> dict[str, Any]:
    first, last = PASTS[name]
    until = date(last.year + 1, 12, 31)
    found = [
        alarms(simulate(first, until, seed=seed), last)
        for seed in tqdm(range(climates), name, disable=None)
    ]
    error = float(np.std(found) / np.sqrt(climates))
    return {"past": name, "years": climates, "a_year": float(np.mean(found)), "error": error}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("out", type=Path)
    parser.add_argument("--climates", type=int, default=30)
    asked = parser.parse_args()
    found: list[dict[str, Any]] = []
    for name in PASTS:
        found.append(of_past(name, asked.climates))
        one, ratio = found[-1], found[-1]["a_year"] / max(found[0]["a_year"], 1e-9)
        print(
            f"{name}: {one['a_year']:.2f} ± {one['error']:.2f} a year, {ratio:.2f} of nine years'"
        )
    asked.out.write_text(json.dumps(found, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
