"""What a station of an unknown region lacks: that the model has learned from it, or its neighbours'
observations.

    python benchmarks/unseen_neighbours.py HISTORY.csv OUT.json [--look 2015] [--kept FOLDER]

`unseen.py` withholds a region from the fit, and its stations' observations from each other. Here
the two are taken apart, on the same station-days: a model fitted to all, without the neighbours'
observations; and one fitted without the region, with them, as for stations that were added to
serve as neighbours. Six fits of about five minutes of processor time; what is kept in the folder
is not computed again.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import unseen
from benchmarks.ablation import read
from raincast.learning import examples, fitting
from raincast.observations.availability import REGIMES
from raincast.observations.panel import Panel

ARMS = "known", "known_without_neighbours", "unseen_with_neighbours", "unseen"


def alone(whole: Panel, group: Sequence[str]) -> Panel:
    """The panel where no station looks at those."""
    return replace(whole, network=whole.network.without_influence(group))


def fits(whole: Panel) -> Iterator[tuple[Sequence[str], dict[str, Panel]]]:
    """By fit: the stations that it is made without, and what it is shown, by the name of its
    chances.
    """
    regions = unseen.by_region()
    silent = {f"known_without_neighbours_{n}": alone(whole, g) for n, g in enumerate(regions)}
    yield (), {"known": whole, **silent}
    for n, group in enumerate(regions):
        shown = {f"unseen_with_neighbours_{n}": whole, f"unseen_{n}": alone(whole, group)}
        yield group, shown


def chances(whole: Panel, look: int, folder: Path) -> dict[str, dict[str, Any]]:
    """By the name of the chances, by regime (rows,)."""
    found: dict[str, dict[str, Any]] = {}
    days = fitting.Span(whole.first, date(look - 1, 12, 31))
    for group, shown in tqdm(fits(whole), "fits", 1 + unseen.GROUPS, disable=None):
        made = None
        for name, panel in shown.items():
            path = folder / f"{name}_{look}.npz"
            if not path.exists():
                made = made or fitting.fit(unseen.without(whole, group), days, unseen.PARAMS)
                rows = examples.by_regime(panel, *unseen.span(look))
                unseen.save(path, dict(fitting.chances(made, rows)))
            found[name] = dict(np.load(path))
    return found


def by_arm(whole: Panel, look: int, folder: Path) -> dict[str, dict[str, Any]]:
    """By arm and regime (rows,) the chances, each station's from the fit that concerns it."""
    told, regions = chances(whole, look, folder), unseen.by_region()
    by_region = {
        arm: [told[f"{arm}_{n}"] for n in range(len(regions))] for arm in ARMS if arm != "known"
    }
    return {"known": told["known"]} | {
        arm: unseen.gathered(whole, look, regions, each) for arm, each in by_region.items()
    }


def report(whole: Panel, look: int, folder: Path) -> dict[str, Any]:
    rows, found = examples.by_regime(whole, *unseen.span(look)), by_arm(whole, look, folder)
    first, last = unseen.span(look)
    return {
        "first": str(first),
        "last": str(last),
        "params": unseen.PARAMS,
        "arms": {
            arm: {r: unseen.beside(rows[r], found["known"][r], found[arm][r]) for r in REGIMES}
            for arm in ARMS[1:]
        },
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("history", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--look", type=int, default=2015)
    parser.add_argument("--kept", type=Path, default=Path("build/unseen_neighbours"))
    asked = parser.parse_args()
    whole = read(asked.history, asked.look + (asked.look == unseen.TEST_END.year - 1))
    found = {str(asked.look): report(whole, asked.look, asked.kept)}
    asked.out.write_text(json.dumps(found, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
