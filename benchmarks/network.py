"""What a station costs in networks of any size.

    python benchmarks/network.py [SIZE …] [--out metrics/network.json]

Sizes are 49, 1,000 and 10,000 unless others are named; the 49 are the shipped ones, the others lie
around them and are the core together with them. Every step runs in a process of its own: the
time is the processor's in the quickest of a few runs, the memory the most that Python and NumPy
held at once in another (not what XGBoost holds by itself).
Weather for many stations is that of the nearest shipped one, with departures that are smooth over
the country.
"""

import argparse
import json
import multiprocessing
import time
import tracemalloc
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from raincast.features import block
from raincast.features.surroundings import Rows
from raincast.learning import pipelines, training_rows
from raincast.observations import panel, sphere
from raincast.observations.availability import canonical
from raincast.observations.network import Network, shipped
from raincast.observations.panel import RAINFALL, Panel
from raincast.simulator import simulate
from raincast.store import files

OUT = Path(__file__).resolve().parents[1] / "metrics" / "network.json"
SIZES = (49, 1000, 10_000)
PAPER = 100_000
FIRST, DAYS = date(2015, 1, 1), 45
STATION_DAYS = 20_000
"""So many are worked out for each figure, or a whole day of a larger network."""
FITTED_ROWS = 30_000
TREES = {"n_estimators": 60, "networks": 0, "perceptrons": 0, "n_jobs": 2}
REPEATS = 3
WAVES, LENGTH_KM = 60, 400


def network(size: int, seed: int = 49) -> Network:
    """The shipped stations, and others scattered around them by up to some hundred kilometres."""
    home, rng = shipped(), np.random.default_rng(seed)
    more = []
    for i in range(size - len(home)):
        near = home.stations[int(rng.integers(len(home)))]
        lat, lon = np.clip(rng.normal((near.latitude, near.longitude), 2.5), (-44, 112), (-10, 155))
        more.append(
            near._replace(
                location=f"Z{i:06d}",
                bureau_name=f"Z {i}",
                latitude=float(lat),
                longitude=float(lon),
                product="",
                former_product="",
            )
        )
    return Network((*home.stations, *more))


def weather(of: Network, days: int = DAYS, seed: int = 49) -> Panel:
    """The nearest shipped station's, with departures that are smooth over the country: random
    Fourier features (Rahimi and Recht 2007), anew each day.
    """
    home = panel.from_frame(
        simulate(FIRST, FIRST + timedelta(days=days - 1), seed), network=shipped()
    )
    near = sphere.nearest(of.places, shipped().places, 1).at[:, 0]
    rng = np.random.default_rng(seed)
    wave = rng.standard_normal((2, WAVES)) * 111 / LENGTH_KM
    shape = np.cos(of.places @ wave + rng.uniform(0, 2 * np.pi, WAVES)) * np.sqrt(2 / WAVES)
    apart = (rng.standard_normal((len(home), WAVES)) @ shape.T).astype(np.float32)
    values = home.values[:, near]
    values *= 1 + 0.03 * apart[..., None]
    values[..., RAINFALL] = np.round(np.maximum(values[..., RAINFALL], 0), 1)
    return Panel(home.first, values, home.seen[:, near], network=of)


def _days(of: Network) -> list[date]:
    count = max(1, min(10, STATION_DAYS // len(of)))
    return [FIRST + timedelta(days=DAYS - 3 - i) for i in range(count)]


def features(known: Panel) -> tuple[Callable[[], Any], int]:
    """Features of some days."""
    days = _days(known.network)
    at = np.array([canonical("3pm", day) for day in days])
    return lambda: block.surrounded(known, days, at), len(days) * len(known.network)


def fitted(known: Panel) -> Any:
    """A small forecaster with a network over the day's stations, whose weights are not fitted."""
    import jax

    from raincast.learning.attention import fit, layers
    from raincast.learning.attention.material import material
    from raincast.learning.attention.network import Network as Attending
    from raincast.learning.attention.recipe import Recipe

    home = Panel(known.first, known.values[:, :49], known.seen[:, :49], network=shipped())
    rows = training_rows.for_training(home, home.first, home.days[-3], most=5000)
    model = pipelines.train(rows.X, rows.y, TREES, stations=shipped())
    scale = material(home, home.first, home.days[-3], ())[1]
    begun = fit.kept(layers.start(jax.random.key(0), Recipe(), 49))
    model[-1].networks_ = [Attending(Recipe(), scale, begun)]
    return model


def slot(known: Panel) -> tuple[Callable[[], Any], int]:
    """Features and forecasts of every station for one issue time."""
    model, day = fitted(known), FIRST + timedelta(days=DAYS - 3)
    at = np.array([canonical("3pm", day)])

    def forecast() -> Any:
        rows: Rows = block.surrounded(known, [day], at)[np.ones((1, len(known.network)), bool)]
        return model.predict_proba(rows)

    return forecast, len(known.network)


def training(known: Panel) -> tuple[Callable[[], Any], int]:
    """A fit of the trees to as many rows of any network, from observations to the model."""
    last = known.days[-3]
    span = last - timedelta(days=_fitted_days(len(known.network)) - 1), last
    count = len(training_rows.for_training(known, *span, most=FITTED_ROWS))

    def fit() -> Any:
        rows = training_rows.for_training(known, *span, most=FITTED_ROWS)
        return pipelines.train(rows.X, rows.y, TREES, stations=known.network)

    return fit, count


def _fitted_days(stations: int) -> int:
    """So many days that their rows, four or more for each station-day, are enough."""
    return max(1, round(FITTED_ROWS / 3.5 / stations))


STEPS = {"features": features, "slot": slot, "training": training}


def measured(name: str, size: int, out: Any) -> None:
    """In a process of its own: seconds, and bytes held at most, by station-day or row."""
    act, count = STEPS[name](weather(network(size), max(DAYS, _fitted_days(size) + 35)))
    act()
    seconds = []
    for _ in range(1 if name == "training" else REPEATS):
        begun = time.process_time()
        act()
        seconds.append(time.process_time() - begun)
    tracemalloc.start()
    act()
    held = tracemalloc.get_traced_memory()[1]
    best = min(seconds)
    out.put({"n": count, "cpu_seconds": best, "cpu_us_each": 1e6 * best / count,
             "held_mb": held / 1e6, "held_kb_each": held / 1e3 / count})  # fmt: skip


def alone(name: str, size: int) -> dict[str, float]:
    """`measured`, in a process of its own."""
    apart = multiprocessing.get_context("spawn")
    out = apart.Queue()
    process = apart.Process(target=measured, args=(name, size, out))
    process.start()
    process.join()
    if process.exitcode:
        raise SystemExit(f"{name}, {size} stations: ended with {process.exitcode}")
    found: dict[str, float] = out.get()
    return found


def main() -> None:
    """Prints and writes the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("sizes", type=int, nargs="*", default=SIZES, metavar="SIZE")
    parser.add_argument("--out", type=Path, default=OUT)
    asked = parser.parse_args()
    found: dict[str, Any] = {}
    for name in STEPS:
        found[name] = {}
        for size in asked.sizes:
            one = alone(name, size)
            base = found[name].get("49", one)
            one |= {
                "time_to_the_49": one["cpu_us_each"] / base["cpu_us_each"],
                "memory_to_the_49": one["held_kb_each"] / base["held_kb_each"],
            }
            found[name][str(size)] = one
            print(name, size, json.dumps(one), flush=True)
        if name == "training":
            for one in found[name].values():
                one["cpu_seconds_per_million_rows"] = one["cpu_us_each"]
            files.write_json(asked.out, found)
            continue
        largest = found[name][str(max(asked.sizes))]
        found[name]["on_paper"] = {
            "stations": PAPER,
            "cpu_seconds": largest["cpu_us_each"] * PAPER / 1e6,
            "held_mb": largest["held_kb_each"] * PAPER / 1e3,
        }
        files.write_json(asked.out, found)


if __name__ == "__main__":
    main()
