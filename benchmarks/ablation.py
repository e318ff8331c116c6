"""What each part of the network over the day's stations brings, on a year after its fit.

    python benchmarks/ablation.py HISTORY.csv OUT.json [--seeds 4] [--part 0/1] [--look 2015]

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


def measured(path: Path, look: int, seeds: int, names: list[str]) -> list[dict[str, Any]]:
    observed, found = read(path, look), []
    days, scale = material(observed, observed.first, date(look - 1, 12, 31), examples.SCHEDULED_UTC)
    span = fitting.year(look)
    rows = {name: examples.of_regime(observed, name, *span) for name in REGIMES}
    whole: dict[str, Any] = {}
    for name in dict.fromkeys(["whole", *names]):
        begun, recipe = time.monotonic(), Recipe()._replace(**VARIANTS[name])
        z = log_odds(fit_networks(days, scale, recipe, range(seeds), together=True), rows)
        whole = whole or z
        row = {"variant": name, "fitted_before": look, "seeds": seeds}
        row["regimes"] = {r: scores(rows[r], z[r]) | beside(rows[r], z[r], whole[r]) for r in z}
        found.append(row | {"seconds": round(time.monotonic() - begun)})
        print(json.dumps(found[-1]), flush=True)
    return found


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("history", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--seeds", type=int, default=4)
    parser.add_argument("--look", type=int, default=2015)
    parser.add_argument("--part", default="0/1", help="which of how many parts of the rows")
    given = parser.parse_args()
    part, parts = map(int, given.part.split("/"))
    names = list(VARIANTS)[part::parts]
    found = measured(given.history, given.look, given.seeds, names)
    given.out.write_text(json.dumps(found, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
