"""How often a gate lets a worse model through, where nothing has changed.

    python benchmarks/gate.py OUT.json [--worlds 12] [--cutoffs 4]

In each simulated stationary climate a champion has learned from all but the newest two months. Two
challengers come: one with the same settings and all days, the other with settings drawn from the
search's ranges or, every second time, with half of the rows, which makes it a little worse. Each
gate gives its verdict as a retraining would; then all models, as they would serve, forecast another
year of the same climate, which begins when the shadow's days are over. A promotion does harm where
the challenger's Brier score over this year is above the champion's by more than the margin. Two
months later the next two come, and the champion
is the model of the same settings that came before.

So that there are hundreds of verdicts, the models are as small as in the replays, climates have two
to three years to learn from, and the training rows of a climate are worked out once: a fit draws
from those up to its last day. The past cut-offs are compared by the product's own code, which works
them out for each of its sixteen fits, in the first climates' first round only, and last.

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

FIRST, BEGINS = date(2010, 11, 1), date(2012, 12, 30)
AGE = timedelta(days=60)
ROUNDS = 6
SHADOW_DAYS, AFTER_DAYS = 60, 361
LAST = BEGINS + ROUNDS * AGE + timedelta(days=SHADOW_DAYS + AFTER_DAYS)
ROWS, FEW_ROWS = 8_000, 4_000
SMALL: dict[str, Any] = {"networks": 0, "n_jobs": 1, "fit_rows": ROWS}
CHAMPION = DEFAULT_PARAMS | SMALL | {"n_estimators": 30, "learning_rate": 0.3, "max_depth": 4}
"""As in the replays: every fit is affordable, and is noisier than one on all rows."""
MOST_TREES, MOST_ROWS = 30, 60_000
MARGIN = 0.002
NEWEST = {"newest two days": 2, "newest 60 days": 60}
SHADOW = f"the shadow, {SHADOW_DAYS} days"
CUTOFFS, PAST = 4, "four past cut-offs"
SAME, DRAWN, FEWER = "same settings, newer", "settings drawn", "half of the rows"


class Challenger(NamedTuple):
    """Who comes, in which world."""

    kind: str
    params: Mapping[str, Any]


class World(NamedTuple):
    """A climate: its observations, training rows of all days on which somebody learns, and every
    regime's rows of the days after.
    """

    seed: int
    whole: Panel
    rows: Examples
    after: Mapping[str, Examples]


def challengers(seed: int, turn: int) -> list[Challenger]:
    """The champion's settings, and others that come every second time."""
    same = Challenger(SAME, CHAMPION)
    if turn % 2:
        return [same, Challenger(FEWER, CHAMPION | {"fit_rows": FEW_ROWS})]
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=100 * seed + turn))
    drawn = CHAMPION | tuning.suggest(study.ask()) | SMALL
    # As many trees as can be afforded, each learning the more.
    trees = min(MOST_TREES, drawn["n_estimators"])
    rate = min(0.5, drawn["learning_rate"] * drawn["n_estimators"] / trees)
    return [same, Challenger(DRAWN, drawn | {"n_estimators": trees, "learning_rate": rate})]


def world(seed: int) -> World:
    whole = panel.from_frame(simulate(FIRST, LAST + timedelta(days=2), seed))
    rows = training_rows.for_training(whole, FIRST, BEGINS + ROUNDS * AGE, seed, MOST_ROWS)
    after = examples.by_regime(whole, BEGINS - AGE, LAST)
    return World(seed, whole, rows, after)


def between(rows: Mapping[str, Examples], first: date, last: date) -> dict[str, Examples]:
    """Those of the feature dates, both inclusive."""
    start, stop = np.datetime64(first), np.datetime64(last)
    return {
        name: part.at(np.flatnonzero((part.day >= start) & (part.day <= stop)))
        for name, part in rows.items()
    }


def fitted(of: World, last: date, params: Mapping[str, Any], version: str) -> Forecaster:
    """A model of the rows up to a day, as many of them as its settings say."""
    told = np.flatnonzero(of.rows.day <= np.datetime64(last))
    draw = np.random.default_rng([of.seed, (last - FIRST).days, *version.encode()])
    chosen = of.rows.at(draw.permutation(told)[: params["fit_rows"]])
    pipeline = estimators.train(chosen.X, chosen.y, params, of.seed, of.whole.network)
    origin = fitting.description(of.whole, Span(FIRST, last), params)
    return Forecaster.unkept(pipeline, origin, dict.fromkeys(REGIMES, 0.3), version)


def on_newest(of: World, old: Forecaster, coming: Challenger, now: date, days: int) -> str:
    """What a retraining says by default: no worse on the newest days, or refused."""
    first = now - timedelta(days=days - 1)
    rows = between(of.after, first, now)
    # The day before is left out: its truth is the comparison's first reading.
    tried = fitted(of, first - timedelta(days=2), coming.params, f"{coming.kind}, tried {days}")
    return PROMOTE if brier(tried, rows) <= brier(old, rows) else REFUSE


def on_cutoffs(known: Panel, old: Forecaster, new: Forecaster) -> str:
    """What a retraining says with past cut-offs."""
    settings = replace(from_environment(), gate_origins=CUTOFFS)
    return gate.before_serving(origins.compare(settings, known, old, new), Gate(MARGIN, CUTOFFS, 0))


def in_the_shadow(of: World, old: Forecaster, new: Forecaster, now: date) -> str:
    """What becomes of a challenger that serves beside the champion from now on."""
    rows = between(of.after, now + timedelta(days=1), now + timedelta(days=SHADOW_DAYS))
    difference = np.concatenate([errors(new, part) - errors(old, part) for part in rows.values()])
    daily = gate.daily_means(difference, np.concatenate([part.day for part in rows.values()]))
    for days in range(1, len(daily) + 1):
        interval = gate.running_interval(daily[:days])
        said = gate.in_the_shadow(interval, timedelta(days=days), Gate(MARGIN, 0, len(daily)))
        if said != gate.SHADOW:
            return said
    return REFUSE


def errors(model: Forecaster, part: Examples) -> gate.Floats:
    """(n,) squared."""
    return np.asarray((model.probabilities(part.given) - part.y) ** 2)


def brier(model: Forecaster, rows: Mapping[str, Examples]) -> float:
    """Over all regimes."""
    return float(np.concatenate([errors(model, part) for part in rows.values()]).mean())


def played(seed: int) -> Iterator[dict[str, Any]]:
    """What the gates on the newest days and the shadow say of the challengers of a world, and what
    a promotion would be worth.
    """
    of = world(seed)
    old = fitted(of, BEGINS - AGE, CHAMPION, SAME)
    for turn in range(ROUNDS):
        now = BEGINS + turn * AGE
        begins = now + timedelta(days=SHADOW_DAYS)
        after = between(of.after, begins + timedelta(days=4), begins + timedelta(days=AFTER_DAYS))
        before, came = brier(old, after), {}
        for coming in challengers(seed, turn):
            came[coming.kind] = fitted(of, now, coming.params, coming.kind)
            yield {
                "world": seed,
                "round": turn,
                "kind": coming.kind,
                "verdicts": {
                    name: on_newest(of, old, coming, now, days) for name, days in NEWEST.items()
                }
                | {SHADOW: in_the_shadow(of, old, came[coming.kind], now)},
                "difference": brier(came[coming.kind], after) - before,
            }
        old = came[SAME]


def looked_back(seed: int) -> dict[str, str]:
    """By kind of challenger, what the gate on past cut-offs says in a world's first round."""
    of = world(seed)
    known = panel.from_frame(simulate(FIRST, BEGINS + timedelta(days=1), seed))
    old = fitted(of, BEGINS - AGE, CHAMPION, SAME)
    return {
        coming.kind: on_cutoffs(known, old, fitted(of, BEGINS, coming.params, coming.kind))
        for coming in challengers(seed, 0)
    }


def report(found: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Promotions of each gate, and those that did harm, by kind of challenger."""
    groups = {SAME: (SAME,), DRAWN: (DRAWN,), "both of these": (SAME, DRAWN), FEWER: (FEWER,)}
    rows = [
        {"gate": name, "challengers": group} | _counts(name, kinds, found)
        for name in (*NEWEST, SHADOW, PAST)
        for group, kinds in groups.items()
    ]
    return {
        "margin": MARGIN,
        "params": CHAMPION,
        "few_rows": FEW_ROWS,
        "learned": [str(FIRST), str(BEGINS)],
        "rounds": ROUNDS,
        "after_days": AFTER_DAYS,
        "gates": rows,
        "challengers": list(found),
    }


def _counts(name: str, kinds: Sequence[str], found: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    seen = [one for one in found if one["kind"] in kinds and name in one["verdicts"]]
    promoted = [one for one in seen if one["verdicts"][name] == PROMOTE]
    harmful = sum(one["difference"] > MARGIN for one in promoted)
    share = binomtest(harmful, len(promoted)).proportion_ci() if promoted else None
    return {
        "seen": len(seen),
        "worse": sum(one["difference"] > MARGIN for one in seen),
        "promoted": len(promoted),
        "promoted_worse": harmful,
        "promoted_worse_share_95": share and [share.low, share.high],
    }


def table(told: Mapping[str, Any]) -> Iterator[str]:
    """Lines of Markdown, as in docs/gate.md."""
    yield "| compared on | challengers | promoted | harmful promotions (95 %) |"
    yield "| --- | --- | --- | --- |"
    for row in told["gates"]:
        if row["promoted_worse_share_95"]:
            low, high = row["promoted_worse_share_95"]
            harmful = f"{row['promoted_worse']} of {row['promoted']} ({low:.0%} to {high:.0%})"
            yield (
                f"| {row['gate']} | {row['challengers']} | {row['promoted']} of {row['seen']}"
                f" | {harmful} |"
            )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("out", type=Path)
    parser.add_argument("--worlds", type=int, default=12)
    parser.add_argument("--cutoffs", type=int, default=4, help="worlds with past cut-offs")
    given = parser.parse_args()
    out: Path = given.out
    found = json.loads(out.read_text("utf-8"))["challengers"] if out.exists() else []
    for seed in range(given.worlds):
        if seed not in {one["world"] for one in found}:
            found += list(played(seed))
            _write(out, found, f"world {seed} of {given.worlds}")
    for seed in range(given.cutoffs):
        first = [one for one in found if one["world"] == seed and one["round"] == 0]
        mine = [one for one in first if PAST not in one["verdicts"]]
        told = looked_back(seed) if mine else {}
        for one in mine:
            one["verdicts"][PAST] = told[one["kind"]]
        _write(out, found, f"past cut-offs of world {seed} of {given.cutoffs}")
    _write(out, found, f"{len(found)} challengers")
    print("\n".join(table(report(found))))


def _write(out: Path, found: Sequence[Mapping[str, Any]], told: str) -> None:
    out.write_text(json.dumps(report(found), indent=1) + "\n", "utf-8")
    print(told, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
