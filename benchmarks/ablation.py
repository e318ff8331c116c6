"""What each part of the network over the day's stations brings, on a year after its fit.

    python benchmarks/ablation.py HISTORY.csv OUT.json [--seeds 4] [--look 2015]

Each row leaves one part of the recipe out, or changes it, and fits as many networks as there are
seeds to the days before the year; nothing after the year is read. Two cores take about three
minutes a network, an accelerator seconds. Scores by regime: of single networks, their spread over
seeds, and of the mean of their log-odds; beside the whole recipe, the difference in Brier score of
the means with its 95 % interval over days.
"""

import argparse
import json
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from scipy.special import expit
from sklearn.metrics import roc_auc_score

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from raincast.learning import examples, fitting
from raincast.learning.attention.fit import fit_networks
from raincast.learning.attention.material import material
from raincast.learning.attention.recipe import Recipe
from raincast.observations import panel
from raincast.observations.availability import REGIMES
from raincast.sources import history

_NOTHING_WITHHELD = {
    "station_withheld": 0.0, "field_withheld": 0.0, "embedding_withheld": 0.0,
    "around_withheld": 0.0, "past_withheld": 0.0,
}  # fmt: skip
_NO_TEACHING = {"amounts_weight": 0.0, "tomorrow_weight": 0.0, "today_weight": 0.0}
VARIANTS: dict[str, dict[str, Any]] = {
    "whole": {},
    "no teaching heads": _NO_TEACHING,
    "no teaching by tomorrow's variables": {"tomorrow_weight": 0.0},
    "no teaching by the rest of today": {"today_weight": 0.0},
    "no teaching by amounts": {"amounts_weight": 0.0},
    "no anomalies": {"anomalies": False},
    "nothing withheld": _NOTHING_WITHHELD,
    "others never withheld": {"around_withheld": 0.0},
    "embedding never withheld": {"embedding_withheld": 0.0},
    "no averaging of weights": {"averaging": 0.0},
    "no embedding of stations": {"embedded": False},
    "no bias by distance and bearing": {"biased": False},
    "no rotation by position": {"rotated": False},
    "canonical issue times alone": {"scheduled_times": 0.01, "mixed_times": 0.0},
    "one layer": {"layers": 1},
    "three layers": {"layers": 3},
    "128 wide": {"width": 128},
    "16 epochs": {"epochs": 16},
    "32 epochs": {"epochs": 32},
    "plain": _NO_TEACHING | _NOTHING_WITHHELD | {"averaging": 0.0, "anomalies": False},
}
DRAWS = 1000


def read(path: Path, year: int) -> panel.Panel:
    """The history to the end of the year, with the labels of its last day."""
    content = path.read_bytes()
    frame, told = history.parse(content, path.name), history.labels(content)
    kept = (frame["Date"] <= np.datetime64(f"{year}-12-31")).to_numpy()
    return panel.from_frame(frame[kept].reset_index(drop=True), told=told[kept])


def log_odds(networks: list[Any], rows: dict[str, examples.Examples]) -> dict[str, Any]:
    """(seeds, n) by regime."""
    return {name: np.stack([n.log_odds(r.inputs) for n in networks]) for name, r in rows.items()}


def brier(y: Any, z: Any) -> float:
    return float(np.mean((expit(z) - y) ** 2))


def scores(rows: examples.Examples, z: Any) -> dict[str, Any]:
    single = [roc_auc_score(rows.y, one) for one in z]
    return {
        "roc_auc_single": float(np.mean(single)),
        "roc_auc_spread": float(np.std(single, ddof=1)) if len(single) > 1 else None,
        "brier_single": float(np.mean([brier(rows.y, one) for one in z])),
        "roc_auc_mean": float(roc_auc_score(rows.y, z.mean(0))),
        "brier_mean": brier(rows.y, z.mean(0)),
    }


def beside(rows: examples.Examples, z: Any, whole: Any) -> dict[str, Any]:
    """Brier score less the whole recipe's, with its interval over days (bootstrap)."""
    gap = (expit(z.mean(0)) - rows.y) ** 2 - (expit(whole.mean(0)) - rows.y) ** 2
    days, at = np.unique(rows.day, return_inverse=True)
    total, count = np.bincount(at, gap), np.bincount(at)
    drawn = np.random.default_rng(49).integers(0, len(days), (DRAWS, len(days)))
    means = total[drawn].sum(1) / count[drawn].sum(1)
    low, high = np.quantile(means, [0.025, 0.975])
    return {"brier_difference": float(gap.mean()), "interval": [float(low), float(high)]}


def fitted(path: Path, look: int, seeds: int, names: Sequence[str]) -> Iterator[dict[str, Any]]:
    """(seeds, n) log-odds on the year by variant and regime, `variant|regime`; one more variant
    each time.
    """
    observed, found = read(path, look), {}
    days, scale = material(observed, observed.first, date(look - 1, 12, 31), examples.SCHEDULED_UTC)
    rows = of_year(observed, look)
    for name in names:
        begun, recipe = time.monotonic(), Recipe()._replace(**VARIANTS[name])
        networks = fit_networks(days, scale, recipe, range(seeds), together=True)
        for regime, z in log_odds(networks, rows).items():
            found[f"{name}|{regime}"] = z
            print(look, name, regime, scores(rows[regime], z), flush=True)
        print(f"{time.monotonic() - begun:.0f} s", flush=True)
        yield found


def of_year(observed: panel.Panel, look: int) -> dict[str, examples.Examples]:
    return examples.by_regime(observed, *fitting.year(look))


def report(path: Path, look: int, z: Mapping[str, Any]) -> list[dict[str, Any]]:
    """A row per variant, in the order of `VARIANTS`."""
    rows, found = of_year(read(path, look), look), []
    for name in (name for name in VARIANTS if f"{name}|{REGIMES[0]}" in z):
        of = {
            r: scores(rows[r], z[f"{name}|{r}"])
            | beside(rows[r], z[f"{name}|{r}"], z[f"whole|{r}"])
            for r in REGIMES
        }
        count = len(z[f"{name}|{REGIMES[0]}"])
        found.append({"variant": name, "fitted_before": look, "seeds": count, "regimes": of})
    return found


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("history", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--seeds", type=int, default=4)
    parser.add_argument("--look", type=int, default=2015)
    parser.add_argument("--part", help="fit one of so many parts of the rows alone, to OUT.npz")
    parser.add_argument("--join", type=Path, nargs="*", help="report on such parts")
    given = parser.parse_args()
    part, parts = map(int, (given.part or "0/1").split("/"))
    z: dict[str, Any] = {}
    for file in given.join or []:
        z |= np.load(file)
    names = [] if given.join else list(VARIANTS)[part::parts]
    for z in fitted(given.history, given.look, given.seeds, names):
        if given.part:
            np.savez_compressed(given.out, **z)
    if not given.part:
        text = json.dumps(report(given.history, given.look, z), indent=1)
        given.out.write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()
