"""What a Dask cluster changes: the figures of trees that several workers fit together, and the time
of work in pieces on this machine.

    python benchmarks/cluster.py [--out metrics/cluster.json] [--trees] [--pieces]

`trees` fits the same rows with XGBoost alone, on 1 and 2 threads and with another seed, and with
XGBoost's Dask interface on 1, 2 and 3 workers, twice each. It compares chances of rain on rows that
were not learned from. `pieces` takes a hindcast, a fit and replays of simulated climates alone and
on a local cluster of one worker a core. Each half keeps what the other has written.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import dask.array as da
import numpy as np
import numpy.typing as npt
from distributed import Client, LocalCluster
from sklearn.metrics import roc_auc_score
from xgboost import XGBClassifier
from xgboost.dask import DaskXGBClassifier

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from raincast.cluster.dask import Cluster
from raincast.learning import blend, examples, fitting, pipelines, training_rows
from raincast.learning.blend import Forecaster
from raincast.learning.examples import Examples
from raincast.learning.fitting import Span
from raincast.loop import hindcast
from raincast.loop.decide import limits
from raincast.observations import panel
from raincast.observations.panel import Panel
from raincast.pieces import HERE, Workers
from raincast.replay.climates import alarms, climates, worlds
from raincast.replay.climates.worlds import LEARNED, TUNED
from raincast.settings import Settings
from raincast.simulator import simulate
from raincast.store import files
from raincast.verification.watch.memory import Memory

SEED, ROWS, TREES, PARTS = 7, 60_000, 60, 6
SPAN, AFTER = Span(date(2009, 1, 1), date(2010, 12, 30)), Span(date(2011, 1, 2), date(2011, 12, 29))
LIKE_DEFAULTS = (
    "learning_rate", "max_depth", "min_child_weight", "subsample", "colsample_bytree", "reg_lambda",
)  # fmt: skip
PARAMS: dict[str, Any] = {
    **{name: blend.DEFAULT_PARAMS[name] for name in LIKE_DEFAULTS},
    "n_estimators": TREES,
    "tree_method": "hist",
    "max_bin": 128,
    "random_state": 0,
}
WHOLE = {"subsample": 1.0, "colsample_bytree": 1.0}
"""Nothing drawn at random."""
REPLAYS = 12

Floats = npt.NDArray[np.float64]


@contextmanager
def local(count: int) -> Iterator[Client]:
    """A cluster of so many processes."""
    with (
        LocalCluster(n_workers=count, threads_per_worker=1, dashboard_address=None) as there,
        Client(there) as client,
    ):
        yield client


def trees() -> dict[str, Any]:
    """Figures of each way to fit, beside those of the fit alone."""
    whole = panel.from_frame(simulate(SPAN.first, date(2011, 12, 31), SEED))
    rows = training_rows.for_training(whole, *SPAN, most=ROWS)
    test = examples.of_regime(whole, "3pm", *AFTER)
    alone = {how: _alone(rows, test, how) for how in ("drawn", "whole")}
    found = {
        "alone, 2 threads": _beside(test, alone["drawn"], _alone(rows, test, n_jobs=2)),
        "alone, another seed": _beside(test, alone["drawn"], _alone(rows, test, random_state=1)),
    }
    for count in (1, 2, 3):
        with local(count) as client:
            for how, times in (("drawn", 2), ("whole", 1)):
                for i in range(times):
                    chances = _together(client, rows, test, how)
                    name = f"together, {count} workers, rows and columns {how}, {i + 1}"
                    found[name] = _beside(test, alone[how], chances)
                    print(name, found[name], flush=True)
    return {"rows": len(rows), "trees": TREES, "compared": len(test), "ways": found}


def _params(how: str, **other: Any) -> dict[str, Any]:
    return PARAMS | (WHOLE if how == "whole" else {}) | {"n_jobs": 1} | other


def _alone(rows: Examples, test: Examples, how: str = "drawn", **other: Any) -> Floats:
    made = XGBClassifier(**_params(how, **other)).fit(rows.X, rows.y)
    return np.asarray(made.predict_proba(test.X)[:, 1])


def _together(client: Client, rows: Examples, test: Examples, how: str) -> Floats:
    part = -(-len(rows) // PARTS)
    made = DaskXGBClassifier(**_params(how))
    made.client = client
    X = da.from_array(rows.X, chunks=(part, rows.X.shape[1]))
    made.fit(X, da.from_array(rows.y, chunks=part))
    return np.asarray(made.get_booster().inplace_predict(test.X))


def _beside(test: Examples, alone: Floats, p: Floats) -> dict[str, Any]:
    apart = np.abs(p - alone)
    return {
        "same_bits": bool(np.array_equal(p, alone)),
        "largest_difference": round(float(apart.max()), 4),
        "mean_difference": round(float(apart.mean()), 4),
        "roc_auc": round(float(roc_auc_score(test.y, p)), 4),
        "brier": round(float(np.mean((p - test.y) ** 2)), 4),
    }


def pieces() -> dict[str, Any]:
    """Seconds of each work, alone and on a local cluster of one worker a core."""
    whole = worlds.history()
    model = worlds.forecaster(whole, 0.75)
    memory = worlds.memory(whole, model)
    works = {
        "hindcast": lambda by: _hindcast(model, whole, by),
        "fit": lambda by: _fit(whole, by),
        "climates": lambda by: _climates(model, memory, by),
    }
    cores = os.cpu_count() or 1
    found: dict[str, Any] = {"cores": cores, "load_before": round(os.getloadavg()[0], 1)}
    found["features"] = _features(whole)
    alone = {name: _timed(work, HERE) for name, work in works.items()}
    begun = time.monotonic()
    with local(cores) as client:
        found["seconds_to_start"] = round(time.monotonic() - begun, 1)
        by = Cluster(client.scheduler.address)
        for name, work in works.items():
            first, again = (_timed(work, by, client) for _ in range(2))
            found[name] = {"alone": alone[name], "cluster, first": first, "cluster, again": again}
            print(name, found[name], flush=True)
    return found


def _features(whole: Panel) -> dict[str, float]:
    """What features of a fit cost beside the fit, and how large they are beside what they are made
    of.
    """
    begun = time.process_time()
    rows = training_rows.for_training(whole, *LEARNED)
    made = time.process_time()
    pipelines.train(rows.X, rows.y, blend.QUICK_PARAMS)
    fitted = time.process_time()
    observed = whole.values[: whole.position(LEARNED.last) + 1]
    return {
        "processor_features": round(made - begun, 1),
        "processor_fit": round(fitted - made, 1),
        "bytes_to_one_of_observations": round(rows.X.nbytes / observed.nbytes, 1),
    }


def _timed(
    work: Callable[[Workers], object], by: Workers, client: Client | None = None
) -> dict[str, float]:
    """Seconds on the clock, and of the processors in this process and the workers."""
    begun, used = time.monotonic(), _used(client)
    work(by)
    seconds = time.monotonic() - begun
    return {"seconds": round(seconds, 1), "processor": round(_used(client) - used, 1)}


def _used(client: Client | None) -> float:
    workers = client.run(time.process_time).values() if client else ()
    return time.process_time() + sum(workers)


def _hindcast(model: Forecaster, whole: Panel, by: Workers) -> None:
    hindcast.forecasts(model, whole, LEARNED.first, TUNED.last, "3pm", by)


def _fit(whole: Panel, by: Workers) -> None:
    fitting.fit(whole, LEARNED, blend.QUICK_PARAMS | {"fit_rows": ROWS}, workers=by)


def _climates(model: Forecaster, memory: Memory, by: Workers) -> None:
    given = Settings()
    asked = climates.Asked(model, limits(given), given.live_window, given.target_recall, memory)
    replays = [(worlds.WORLDS[0], seed) for seed in range(REPLAYS)]
    list(by.each(alarms.watch, asked, replays, "climates"))


def main() -> None:
    """Measures what was asked for, or both."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path, default=Path("metrics/cluster.json"))
    for half in HALVES:
        parser.add_argument(f"--{half}", action="store_true")
    words = parser.parse_args()
    found = files.read_json(words.out) or {}
    for half, measure in HALVES.items():
        if getattr(words, half) or not any(getattr(words, name) for name in HALVES):
            found[half] = measure()
            files.write_json(words.out, found)


HALVES = {"trees": trees, "pieces": pieces}

if __name__ == "__main__":
    main()
