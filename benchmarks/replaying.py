"""What a replay costs. `python benchmarks/replaying.py [DAYS]`; needs nothing but the package.

Simulated weather at 49 stations, issued at 06:00 and 18:00 UTC, nothing retrained. The baseline is
one policy; the five side by side must tell the same forecasts, and five replays one after the other
would cost five times the baseline.
"""

import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from raincast.mirror.shelf import NEVER, Shelf
from raincast.mirror.source import MirroredBureau
from raincast.replay.walk import policy, setting, walk
from raincast.replay.walk.span import SCHEDULED, clocks
from raincast.settings import Settings
from raincast.simulator import simulate

KNOWN, BEGIN = date(2014, 10, 1), date(2016, 1, 1)
PARAMS = {
    "n_estimators": 20,
    "learning_rate": 0.3,
    "max_depth": 4,
    "perceptrons": 0,
    "networks": 0,
    "n_jobs": 1,
}
FIVE = ("never", "specification", "interval", "every:90", "ladder")
NEVER_ENOUGH = 10**9
"""New rows asked for before anything is retrained: what policies share is measured, not what a
retraining costs.
"""


def replayed(base: Settings, out: Path, names: Sequence[str], days: int, held: Shelf) -> float:
    """Seconds of processor time of the walk alone."""
    common = setting.shared(base, out)
    setting.lay_history(common, before, BEGIN, datetime(2016, 1, 1, tzinfo=UTC))
    start = setting.fitted(common, BEGIN, PARAMS)
    last = BEGIN + timedelta(days=days - 1)
    asked = walk.Asked(
        BEGIN, last, clocks(SCHEDULED), [policy.parse(name) for name in names], False
    )
    begun, wall = time.process_time(), time.perf_counter()
    walk.walk(base, out, asked, start, lambda clock: MirroredBureau(held, clock))
    seconds, waited = time.process_time() - begun, time.perf_counter() - wall
    print(
        f"{len(names)} policies, {days} days: {seconds:8.1f} s processor, {waited:8.1f} s by the"
        " clock",
        flush=True,
    )
    return seconds


def before() -> pd.DataFrame:
    """The weather that the model is fitted to."""
    return simulate(KNOWN, BEGIN - timedelta(days=1), seed=5)


def main(days: int) -> None:
    weather = simulate(KNOWN, BEGIN + timedelta(days=days + 1), seed=5)
    held = Shelf([(weather, np.full(len(weather), NEVER))])
    with tempfile.TemporaryDirectory() as folder:
        base = Settings(root=Path(folder), min_new_rows_for_retrain=NEVER_ENOUGH)
        one = replayed(base, Path(folder) / "one", FIVE[:1], days, held)
        five = replayed(base, Path(folder) / "five", FIVE, days, held)
        journals = {
            (Path(folder) / p / "outputs/preds_api.csv").read_bytes()
            for p in ("one/never", "five/ladder")
        }
    if len(journals) != 1:
        sys.exit("the policies that did nothing do not have the same journal")
    print(
        f"→ five policies cost {five / one:.1f} times one, not 5; a year of one:"
        f" {one / days * 365:.0f} s processor"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 30)
