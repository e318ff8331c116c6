"""How often a gate lets a worse model through, where nothing has changed.

    python benchmarks/gate.py OUT.json [--worlds 110] [--cutoffs 12]

In each simulated stationary climate a champion has learned from all but the newest two months. Two
challengers come: one with the same settings and all days, the other with settings drawn from the
search's ranges or, in every second climate, with half of the rows, which makes it a little
worse. Each gate gives its verdict as a retraining would; then all models, as they would serve,
forecast another year of the same climate. A promotion does harm where the challenger's Brier score
over this year is above the champion's by more than the margin.

So that there are hundreds of verdicts, the models are as small as in the replays, their climates
have two years to learn from, and the training rows of a climate are worked out once: a fit draws
from those up to its last day. The past cut-offs are compared by the product's own code, which works
them out for each of its sixteen fits, in the first so many climates only, and last.

It goes on where OUT.json ends.
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
from scipy.stats import binomtest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from raincast.decisions import gate
from raincast.decisions.gate import PROMOTE, REFUSE, Gate
from raincast.learning import estimators, examples, fitting, training_rows, tuning
from raincast.learning.blend import DEFAULT_PARAMS, Forecaster
from raincast.learning.examples import Examples
from raincast.learning.fitting import Span
from raincast.loop import origins
from raincast.observations import panel
from raincast.observations.availability import REGIMES
from raincast.observations.panel import Panel
from raincast.settings import from_environment
from raincast.simulator import simulate
from raincast.verification import comparison

FIRST, NOW, AFTER = (
    date(2010, 11, 1),
    date(2012, 12, 30),
    Span(date(2013, 1, 3), date(2013, 12, 29)),
)
AGE = timedelta(days=60)
ROWS, FEW_ROWS = 10_000, 5_000
SMALL: dict[str, Any] = {"networks": 0, "n_jobs": 1, "fit_rows": ROWS}
CHAMPION = DEFAULT_PARAMS | SMALL | {"n_estimators": 30, "learning_rate": 0.3, "max_depth": 4}
"""As in the replays: every fit is affordable, and is noisier than one on all rows."""
MOST_TREES = 100
MARGIN = 0.002
NEWEST = {"newest two days": 2, "newest 60 days": 60}
CUTOFFS, PAST = 4, "four past cut-offs"
SAME, DRAWN, FEWER = "same settings, newer", "settings drawn", "half of the rows"


class Challenger(NamedTuple):
    """Who comes, in which world."""

    kind: str
    params: Mapping[str, Any]


class Newest(NamedTuple):
    """The last day that a challenger learns from, and by regime the rows that it is compared on."""

    last: date
    rows: Mapping[str, Examples]


class World(NamedTuple):
    """A climate: what is known when the challengers come, all training rows of it, the newest days
    that are compared on by gate, and the year after, by regime.
    """

    seed: int
    known: Panel
    rows: Examples
    newest: Mapping[str, Newest]
    after: Mapping[str, Examples]


def challengers(seed: int) -> list[Challenger]:
    """The champion's settings, and others that come in every second world."""
    same = Challenger(SAME, CHAMPION)
    if seed % 2:
        return [same, Challenger(FEWER, CHAMPION | {"fit_rows": FEW_ROWS})]
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=seed))
    drawn = CHAMPION | tuning.suggest(study.ask()) | SMALL
    # As many trees as can be afforded, each learning the more.
    trees = min(MOST_TREES, drawn["n_estimators"])
    rate = min(0.5, drawn["learning_rate"] * drawn["n_estimators"] / trees)
    return [same, Challenger(DRAWN, drawn | {"n_estimators": trees, "learning_rate": rate})]


def world(seed: int) -> World:
    frame = simulate(FIRST, AFTER.last + timedelta(days=1), seed)
    whole = panel.from_frame(frame)
    known = panel.from_frame(frame[frame["Date"] <= np.datetime64(NOW + timedelta(days=1))])
    rows = training_rows.for_training(known, FIRST, NOW, seed)
    compared = {name: newest(known, days) for name, days in NEWEST.items()}
    return World(seed, known, rows, compared, examples.by_regime(whole, *AFTER))


def newest(known: Panel, days: int) -> Newest:
    """As a retraining plans so many days after the last."""
    plan = comparison.plan(known.days_with_truth(), NOW - timedelta(days=days))
    return Newest(plan.fit.last, examples.by_regime(known, *plan.compare))


def fitted(of: World, last: date, params: Mapping[str, Any], version: str) -> Forecaster:
    """A model of the rows up to a day, as many of them as its settings say."""
    told = np.flatnonzero(of.rows.day <= np.datetime64(last))
    draw = np.random.default_rng((of.seed, len(version), (last - FIRST).days))
    chosen = of.rows.at(draw.permutation(told)[: params["fit_rows"]])
    pipeline = estimators.train(chosen.X, chosen.y, params, of.seed, of.known.network)
    origin = fitting.description(of.known, Span(FIRST, last), params)
    return Forecaster.unkept(pipeline, origin, dict.fromkeys(REGIMES, 0.3), version)


def on_newest(of: World, old: Forecaster, coming: Challenger, name: str) -> str:
    """What a retraining says by default: no worse on the newest days, or refused."""
    last, rows = of.newest[name]
    tried = fitted(of, last, coming.params, f"tried on {name}")
    return PROMOTE if brier(tried, rows) <= brier(old, rows) else REFUSE


def on_cutoffs(of: World, old: Forecaster, coming: Challenger) -> str:
    """What a retraining says with past cut-offs."""
    new = fitted(of, NOW, coming.params, "challenger")
    settings = replace(from_environment(), gate_origins=CUTOFFS)
    found = origins.compare(settings, of.known, old, new)
    return gate.before_serving(found, Gate(MARGIN, CUTOFFS, 0))


def brier(model: Forecaster, rows: Mapping[str, Examples]) -> float:
    """Over all regimes."""
    each = [(model.probabilities(part.given) - part.y) ** 2 for part in rows.values()]
    return float(np.concatenate(each).mean())


def played(seed: int) -> Iterator[dict[str, Any]]:
    """What the gates on the newest days say of the challengers of a world, and what a promotion
    would be worth.
    """
    of = world(seed)
    old = fitted(of, NOW - AGE, CHAMPION, "champion")
    before = brier(old, of.after)
    for coming in challengers(seed):
        after = brier(fitted(of, NOW, coming.params, "challenger"), of.after)
        verdicts = {name: on_newest(of, old, coming, name) for name in NEWEST}
        yield {
            "world": seed,
            "kind": coming.kind,
            "verdicts": verdicts,
            "difference": after - before,
        }


def looked_back(seed: int) -> dict[str, str]:
    """By kind of challenger, what the gate on past cut-offs says in a world."""
    of = world(seed)
    old = fitted(of, NOW - AGE, CHAMPION, "champion")
    return {coming.kind: on_cutoffs(of, old, coming) for coming in challengers(seed)}


def report(found: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Promotions of each gate, and those that did harm, by kind of challenger."""
    kinds = [(kind,) for kind in (SAME, DRAWN, FEWER)] + [(SAME, DRAWN, FEWER)]
    rows = [_row(name, of, found) for name in (*NEWEST, PAST) for of in kinds]
    return {
        "margin": MARGIN,
        "params": CHAMPION,
        "few_rows": FEW_ROWS,
        "learned": [str(FIRST), str(NOW)],
        "after": [str(AFTER.first), str(AFTER.last)],
        "gates": rows,
        "challengers": list(found),
    }


def _row(name: str, kinds: Sequence[str], found: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    seen = [one for one in found if one["kind"] in kinds and name in one["verdicts"]]
    promoted = [one for one in seen if one["verdicts"][name] == PROMOTE]
    harmful = sum(one["difference"] > MARGIN for one in promoted)
    share = binomtest(harmful, len(promoted)).proportion_ci() if promoted else None
    return {
        "gate": name,
        "challengers": " or ".join(kinds),
        "seen": len(seen),
        "worse": sum(one["difference"] > MARGIN for one in seen),
        "promoted": len(promoted),
        "promoted_worse": harmful,
        "promoted_worse_share_95": share and [share.low, share.high],
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("out", type=Path)
    parser.add_argument("--worlds", type=int, default=110)
    parser.add_argument("--cutoffs", type=int, default=12, help="worlds with past cut-offs")
    given = parser.parse_args()
    out: Path = given.out
    found = json.loads(out.read_text("utf-8"))["challengers"] if out.exists() else []
    for seed in range(given.worlds):
        if seed not in {one["world"] for one in found}:
            found += list(played(seed))
            _write(out, found, f"world {seed} of {given.worlds}")
    for seed in range(given.cutoffs):
        mine = [one for one in found if one["world"] == seed and PAST not in one["verdicts"]]
        told = looked_back(seed) if mine else {}
        for one in mine:
            one["verdicts"][PAST] = told[one["kind"]]
        _write(out, found, f"past cut-offs of world {seed} of {given.cutoffs}")


def _write(out: Path, found: Sequence[Mapping[str, Any]], told: str) -> None:
    out.write_text(json.dumps(report(found), indent=1) + "\n", "utf-8")
    print(told, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
