"""What it brings to fit again with the tuning year, and to calibrate on it; on rolling origins.

    python benchmarks/origins.py HISTORY.csv OUT.json [--tuned 2013] [--networks 1] [--kept FOLDER]

For each tuning year T: a model is fitted to the days before T, and its calibration chosen on T; the
same is fitted again to the days to the end of T. Both are scored on T + 1 and T + 2, up to 2015, as
they are and calibrated. A fit of one network and the trees takes about seven minutes of processor
time; log-odds that are kept in the folder are not computed again.
"""

import argparse
import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from scipy.special import expit
from sklearn.metrics import roc_auc_score

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.ablation import read
from raincast.learning import blend, calibration, classifier, examples, fitting
from raincast.observations.availability import REGIMES
from raincast.observations.panel import Panel
from raincast.verification import scoring

LAST_YEAR = 2015
"""Nothing after it is looked at: the test span begins."""
FEWEST = 200
"""Forecasts from which on a bin of the reliability counts."""


def log_odds(whole: Panel, fitted_to: int, networks: int, kept: Path) -> dict[str, Any]:
    """By `year_regime_part`: labels, and log-odds of the trees and of the networks, of all years
    after a fit to the days up to the end of one.
    """
    path = kept / f"origin_{fitted_to}.npz"
    if path.exists():
        return dict(np.load(path))
    span = fitting.Span(whole.first, date(fitted_to, 12, 31))
    made = fitting.fit(whole, span, blend.DEFAULT_PARAMS | {"networks": networks})[-1]
    found: dict[str, Any] = {}
    for year in range(fitted_to + 1, LAST_YEAR + 1):
        for regime in REGIMES:
            rows, at = examples.of_regime(whole, regime, *fitting.year(year)), f"{year}_{regime}"
            table = classifier.table_of(made.numbered(rows.given))
            found |= {f"{at}_y": rows.y, f"{at}_trees": made._table_log_odds(table)}
            found[f"{at}_nets"] = np.stack([one.log_odds(rows.given) for one in made.networks_])
    kept.mkdir(parents=True, exist_ok=True)
    np.savez(path, **found)
    return found


def _blended(of: dict[str, Any], at: str) -> Any:
    share = blend.NETWORK_SHARE
    return share * of[f"{at}_nets"].mean(0) + (1 - share) * of[f"{at}_trees"]


def _scores(y: Any, z: Any) -> dict[str, float]:
    p = expit(z)
    bins = [one for one in scoring.reliability(y, p) if one.n >= FEWEST]
    gaps = [abs(b.mean_forecast - b.observed) for b in bins]  # type: ignore[operator]
    return {
        "roc_auc": float(roc_auc_score(y, p)),
        "brier": float(np.mean((p - y) ** 2)),
        "worst_bin": float(max(gaps)),
    }


def _of_year(tuned: int, before: dict[str, Any], again: dict[str, Any]) -> dict[str, Any]:
    pairs = [(before[f"{tuned}_{r}_y"], _blended(before, f"{tuned}_{r}")) for r in REGIMES]
    by = calibration.fitted(
        np.concatenate([y for y, _ in pairs]), expit(np.concatenate([z for _, z in pairs]))
    )
    scores = {}
    for year in range(tuned + 1, min(tuned + 2, LAST_YEAR) + 1):
        for regime in REGIMES:
            at = f"{year}_{regime}"
            for name, of in (("before", before), ("again", again)):
                z, y = _blended(of, at), of[f"{at}_y"]
                scores[f"{at}_{name}"] = _scores(y, z)
                scores[f"{at}_{name}_calibrated"] = _scores(y, by.slope * z + by.offset)
    return {"tuned_on": tuned, "slope": by.slope, "offset": by.offset, "scores": scores}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("history", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--tuned", type=int, nargs="+", default=[2013])
    parser.add_argument("--networks", type=int, default=1)
    parser.add_argument("--kept", type=Path, default=Path("build/origins"))
    asked = parser.parse_args()
    whole = read(asked.history, LAST_YEAR)
    years = []
    for tuned in asked.tuned:
        fits = (log_odds(whole, y, asked.networks, asked.kept) for y in (tuned - 1, tuned))
        years.append(_of_year(tuned, *fits))
    found = {"networks": asked.networks, "years": years}
    asked.out.write_text(json.dumps(found, indent=2) + "\n")


if __name__ == "__main__":
    main()
