"""How often a gate lets a worse model through, where nothing has changed.

    python benchmarks/gate.py OUT.json [--worlds 100] [--part 0/8] [--join PART.json ...]

In each simulated stationary climate a champion has learned from all but the newest two months. A
challenger comes with the same settings and all days, or with settings drawn from the search's
ranges. Each gate gives its verdict as a retraining would; then both models, as they would serve,
forecast two more years of the same climate. A promotion does harm where the challenger's Brier
score over these years is above the champion's by more than the margin.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import optuna

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from raincast.decisions import gate
from raincast.decisions.gate import PROMOTE, Gate
from raincast.learning import fitting, tuning
from raincast.learning.blend import DEFAULT_PARAMS, Forecaster
from raincast.learning.fitting import Span
from raincast.loop import origins
from raincast.observations import panel
from raincast.observations.availability import REGIMES
from raincast.observations.panel import Panel
from raincast.settings import from_environment
from raincast.simulator import simulate
from raincast.verification import comparison
from raincast.verification.records import Comparison

FIRST, NOW, AFTER = date(2009, 1, 1), date(2012, 12, 30), Span(date(2013, 1, 3), date(2014, 12, 29))
AGE = timedelta(days=60)
SMALL: dict[str, Any] = {"networks": 0, "n_jobs": 1, "fit_rows": 20_000}
"""As in the replays: every fit is affordable, and is noisier than one on all rows."""
CHAMPION = DEFAULT_PARAMS | SMALL
MARGIN = 0.002
GATES = {
    "newest two days": (0, 2, Gate(MARGIN, 0, 0)),
    "newest 60 days": (0, 60, Gate(MARGIN, 0, 0)),
    "four past cut-offs": (4, 0, Gate(MARGIN, 4, 0)),
}


class Challenger(NamedTuple):
    """Who comes, in which world."""

    kind: str
    params: Mapping[str, Any]


def challenger(world: int) -> Challenger:
    """The champion's settings in every second world, drawn ones in the others."""
    if world % 2 == 0:
        return Challenger("same settings, newer", CHAMPION)
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=world))
    return Challenger("settings drawn", CHAMPION | tuning.suggest(study.ask()) | SMALL)


def fitted(whole: Panel, last: date, params: Mapping[str, Any], version: str) -> Forecaster:
    span = Span(FIRST, last)
    pipeline = fitting.fit(whole, span, params)
    origin = fitting.description(whole, span, params)
    return Forecaster.unkept(pipeline, origin, dict.fromkeys(REGIMES, 0.3), version)


def compared(known: Panel, old: Forecaster, new: Forecaster, cutoffs: int, days: int) -> Comparison:
    """As the gate's retraining compares."""
    if cutoffs:
        return origins.compare(replace(from_environment(), gate_origins=cutoffs), known, old, new)
    plan = comparison.plan(known.days_with_truth(), NOW - timedelta(days=days))
    tried = fitted(known, plan.fit.last, new.metadata.params or {}, "challenger")
    return comparison.compare(old, tried, known, plan.compare, from_environment().target_recall)


def world(seed: int) -> dict[str, Any]:
    """What each gate says, and what the promotion would be worth."""
    frame = simulate(FIRST, AFTER.last + timedelta(days=1), seed)
    whole = panel.from_frame(frame)
    known = panel.from_frame(frame[frame["Date"] <= np.datetime64(NOW + timedelta(days=1))])
    coming = challenger(seed)
    old = fitted(known, NOW - AGE, CHAMPION, "champion")
    new = fitted(known, NOW, coming.params, "challenger")
    verdicts = {
        name: gate.before_serving(compared(known, old, new, cutoffs, days), limits)
        for name, (cutoffs, days, limits) in GATES.items()
    }
    after = comparison.compare(old, new, whole, AFTER, from_environment().target_recall)
    return {"kind": coming.kind, "verdicts": verdicts, "difference": after.brier_difference}


def report(worlds: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Promotions of each gate, and those that did harm, by kind of challenger."""
    rows = [
        {
            "gate": name,
            "challengers": kind,
            "seen": len(of_kind),
            "worse": sum(one["difference"] > MARGIN for one in of_kind),
            "promoted": sum(one["verdicts"][name] == PROMOTE for one in of_kind),
            "promoted_worse": sum(
                one["verdicts"][name] == PROMOTE and one["difference"] > MARGIN for one in of_kind
            ),
        }
        for name in GATES
        for kind in sorted({one["kind"] for one in worlds})
        for of_kind in [[one for one in worlds if one["kind"] == kind]]
    ]
    spread = float(np.std([one["difference"] for one in worlds]))
    return {"margin": MARGIN, "difference_sd": spread, "gates": rows, "worlds": list(worlds)}


def played(count: int, part: int, parts: int) -> Iterator[dict[str, Any]]:
    for seed in range(count)[part::parts]:
        yield world(seed)
        print(f"world {seed} of {count}", file=sys.stderr, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("out", type=Path)
    parser.add_argument("--worlds", type=int, default=100)
    parser.add_argument("--part", default="0/1", help="play one of so many parts alone")
    parser.add_argument("--join", type=Path, nargs="*", help="report on such parts")
    given = parser.parse_args()
    found: list[dict[str, Any]] = []
    for path in given.join or []:
        found += json.loads(path.read_text("utf-8"))["worlds"]
    if not given.join:
        for one in played(given.worlds, *map(int, given.part.split("/"))):
            found.append(one)
            given.out.write_text(json.dumps(report(found), indent=1) + "\n", "utf-8")
    given.out.write_text(json.dumps(report(found), indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
