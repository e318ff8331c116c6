"""How far apart chance and frequency lie in the worst bin of a forecast that is right.

    python benchmarks/reliability.py HISTORY.csv OUT.json [--kept build/unseen]

The chances of 2015 by the model of `unseen.py` that was fitted to the days before, from which no
station is withheld, are put right on these very days (isotonic regression, the CORP of Dimitriadis
et al. 2021). Then as many days as the test span has are drawn from them with replacement, again and
again: days and not rows, since the stations of a day share its weather. What is left is chance.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.isotonic import IsotonicRegression

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import unseen
from benchmarks.ablation import read
from raincast.learning import examples
from raincast.observations.availability import REGIMES
from raincast.verification import bins

LOOK, DAYS, DRAWS, FEWEST = 2015, 541, 2000, 200
"""Of the test span: its days, and the forecasts from which a bin counts."""
BAR, BINS, SEED = 0.03, 10, 49
Floats = npt.NDArray[np.float64]


def right(y: Any, p: Floats) -> Floats:
    """(n,) chances of which each value is how often it rained."""
    return np.asarray(IsotonicRegression(out_of_bounds="clip").fit_transform(p, y))


def by_day(values: Floats, code: Any, day: Any) -> Floats:
    """(days, bins) sums."""
    found = np.zeros((day.max() + 1, BINS))
    np.add.at(found, (day, code), values)
    return found


def worst(y: Any, p: Floats, day: Any) -> Floats:
    """(draws,) the largest distance of a bin that counts."""
    code = bins.bin_of(p, BINS)
    count, apart = by_day(np.ones(len(p)), code, day), by_day(y - p, code, day)
    drawn = np.random.default_rng(SEED).multinomial(
        DAYS, np.full(len(count), 1 / len(count)), size=DRAWS
    )
    n, off = drawn @ count, np.abs(drawn @ apart)
    return np.asarray(np.where(n >= FEWEST, off / np.maximum(n, 1), 0).max(axis=1))


def report(part: examples.Examples, p: Floats) -> dict[str, float]:
    _, day = np.unique(part.day, return_inverse=True)
    found = worst(part.y, right(part.y, p), day)
    return {
        "median": float(np.median(found)),
        "nineteen_in_twenty_below": float(np.quantile(found, 0.95)),
        "within_the_bar": float((found <= BAR).mean()),
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("history", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--kept", type=Path, default=Path("build/unseen"))
    asked = parser.parse_args()
    whole = read(asked.history, LOOK)
    rows = examples.by_regime(whole, *unseen.span(LOOK))
    known = unseen.kept(asked.kept / f"known_{LOOK}.npz", whole, LOOK, [])
    found = {regime: report(rows[regime], known[regime]) for regime in REGIMES}
    text = json.dumps({"days": DAYS, "draws": DRAWS, "bar": BAR, "regimes": found}, indent=1) + "\n"
    print(text, end="")
    asked.out.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
