"""How fast a journal is scored. `python -m benchmarks.scoring [ROWS]`; needs nothing but the
package.

Against two baselines in the same run, which must find the same figures: "row by row", a loop over
the journal that looks each row's truth up and counts; and "one resample at a time", the same
bootstrap with scikit-learn in a loop.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sklearn.metrics import average_precision_score, roc_auc_score

from benchmarks.journal import line
from raincast.forecasts import row as journal
from raincast.loop import monitor
from raincast.observations import event, frame
from raincast.observations.network import in_force
from raincast.observations.rain import Rain
from raincast.settings import Settings
from raincast.store import journal as journals
from raincast.store.archive import Archive
from raincast.verification import compact, live_report, resampling, scoring
from raincast.verification.records import Scores
from raincast.verification.sums import Table

FIRST, DAYS = date(2016, 1, 1), 3_000
BEGUN = datetime(2016, 1, 1, 6, tzinfo=UTC)
BASELINE_ROWS, RESAMPLED_ROWS, BASELINE_RESAMPLES = 20_000, 26_000, 20
RNG = np.random.default_rng(0)


def timed(name: str, rows: int, work: Callable[[], Any]) -> tuple[Any, float]:
    begun = time.perf_counter()
    found = work()
    seconds = time.perf_counter() - begun
    print(
        f"{name:<58}{rows:>10,} rows {seconds:8.2f} s {rows / seconds:>12,.0f} rows/s", flush=True
    )
    return found, rows / seconds


def observations() -> pd.DataFrame:
    """Ten years at 49 stations; three readings in a hundred are missing."""
    keys = pd.MultiIndex.from_product(
        [in_force().locations, pd.date_range(FIRST, periods=DAYS)], names=["Location", "Date"]
    )
    rain = np.round(RNG.exponential(6, len(keys)), 1) * (RNG.random(len(keys)) < 0.3)
    rain[RNG.random(len(keys)) < 0.03] = np.nan
    return frame.conform(keys.to_frame(index=False).assign(Rainfall=rain))


def write_journal(path: Path, rows: int) -> None:
    """Twice a day for all stations, over and over the same years."""
    stations, slots = in_force().locations, 2 * (DAYS - 1)
    path.parent.mkdir(parents=True)
    with path.open("w", encoding="ascii") as out:
        out.write(",".join(journal.COLUMNS) + "\n")
        for n, chance in enumerate(RNG.random(rows).tolist()):
            at = BEGUN + timedelta(hours=12) * (n // len(stations) % slots)
            out.write(line(at, n, stations[n % len(stations)], chance) + "\n")


def row_by_row(rows: pd.DataFrame, observed: Rain) -> Table:
    """The baseline: every row's truth from a dictionary of readings, and a count."""
    rain = {
        (s, d): mm
        for d, day in enumerate(observed.rainfall())
        for s, mm in zip(in_force().locations, day, strict=True)
    }
    counts = [0, 0, 0, 0]
    for _, row in rows.iterrows():
        target = (row["target_date"].date() - observed.first).days
        before, reading = (rain.get((row["location"], d), np.nan) for d in (target - 1, target))
        if np.isnan(reading) or (target > 1 and np.isnan(before)):
            continue
        wet, warned = event.DEFAULT.occurred(reading) == 1, row["predicted_rain"] == 1
        counts[(0 if warned else 1) if wet else (2 if warned else 3)] += 1
    return Table(*counts)


def one_at_a_time(y: Any, p: Any, day: Any, resamples: int) -> list[tuple[float, float]]:
    """The baseline: days drawn, their rows put together, scikit-learn asked; again for each
    resample.
    """
    of_day = [np.flatnonzero(day == d) for d in np.unique(day)]
    found = []
    for _ in range(resamples):
        chosen = np.concatenate([of_day[d] for d in RNG.integers(0, len(of_day), len(of_day))])
        found.append(
            (roc_auc_score(y[chosen], p[chosen]), average_precision_score(y[chosen], p[chosen]))
        )
    return found


def whole_step(settings: Settings, rows: int) -> None:
    timed("scoring step: read, join, score, write", rows, lambda: monitor.score(settings))
    reading, _ = timed(
        "  of which reading the journal", rows, lambda: journals.Journal(settings.journal).read()
    )
    observed, _ = timed(
        "  of which the archive's newest versions",
        rows,
        lambda: monitor.observed(Archive(settings.archive)),
    )
    scored, fast = timed(
        "  of which joining the truth", rows, lambda: live_report.with_truth(reading, observed)
    )
    columns = (
        scored["y_true"],
        scored["rain_probability"],
        scored["predicted_rain"],
        reference(scored, observed),
    )
    timed("  of which all figures of all rows", rows, lambda: scoring.summary(*columns))
    few = reading.head(BASELINE_ROWS)
    table, slow = timed(
        "baseline: row by row, join and table", len(few), lambda: row_by_row(few, observed)
    )
    head = [column[: len(few)] for column in columns]
    found, fast = timed(
        "the same, as raincast does it", len(few), lambda: joined(few, observed, head[3])
    )
    if found.table.to_json() != table._asdict():
        sys.exit(f"the two do not agree: {found.table} and {table}")
    print(f"→ {fast / slow:,.0f} times as fast as row by row\n")


def reference(scored: pd.DataFrame, observed: Rain) -> Any:
    rows = compact.rows(scored)
    return live_report.reference(rows.target, observed)(rows)


def joined(rows: pd.DataFrame, observed: Rain, reference: Any) -> Scores:
    scored = live_report.with_truth(rows, observed)
    return scoring.summary(
        scored["y_true"], scored["rain_probability"], scored["predicted_rain"], reference
    )


def intervals(rows: int) -> None:
    y, p, day = (RNG.random(rows) < 0.22).astype(float), RNG.random(rows), np.arange(rows) // 49
    asked = (y, p, p > 0.5, np.full(rows, 0.22), day, RNG)
    _, fast = timed(
        f"{resampling.RESAMPLES} resamples of all 8 figures",
        rows,
        lambda: scoring.with_intervals(*asked),
    )
    if rows == RESAMPLED_ROWS:
        name = f"baseline: {BASELINE_RESAMPLES} resamples of 2 figures, one at a time"
        _, slow = timed(name, rows, lambda: one_at_a_time(y, p, day, BASELINE_RESAMPLES))
        print(
            f"→ {fast * resampling.RESAMPLES / (slow * BASELINE_RESAMPLES):,.0f} times as many"
            " resamples in the same time\n"
        )


def main(rows: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(root=Path(folder))
        Archive(settings.archive).append(
            observations(), datetime(2026, 1, 1, tzinfo=UTC), "benchmark"
        )
        write_journal(settings.journal, rows)
        whole_step(settings, rows)
    intervals(RESAMPLED_ROWS)
    intervals(rows)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
