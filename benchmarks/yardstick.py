"""Models that others use beside the blend and its parts: the same rows, fitted to what lay before.

    pip install lightgbm
    python benchmarks/yardstick.py HISTORY.csv metrics/yardstick.json [--year 2015]

All are fitted to the days before the year and scored on it, in every regime; nothing after it is
read. Intervals draw whole days. Nothing is recalibrated on the year. Some ten minutes of
processor time.
"""

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import copy
from pathlib import Path
from typing import Any, cast

import numpy as np
import numpy.typing as npt
from imblearn.over_sampling import SMOTE
from imblearn.pipeline import make_pipeline
from scipy.special import expit
from sklearn.compose import make_column_transformer
from sklearn.impute import SimpleImputer
from xgboost import XGBClassifier

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.ablation import read
from raincast.features.block import OWN
from raincast.features.surroundings import Rows
from raincast.learning import baselines, climatology, estimators, examples, fitting, training_rows
from raincast.learning.attention.network import Network, mean_log_odds
from raincast.learning.blend import Blend
from raincast.learning.examples import Examples
from raincast.learning.fitting import Span
from raincast.observations.availability import REGIMES
from raincast.observations.panel import Panel
from raincast.store.files import write_json
from raincast.verification import beside, records

Floats = npt.NDArray[np.float64]
Chances = Callable[[Examples], Floats]
BLEND = "raincast"


def _own() -> Any:
    return make_column_transformer(("passthrough", list(range(len(OWN)))))


def own_row(params: Mapping[str, Any], seed: int) -> Any:  # noqa: ARG001 (every model's signature)
    """LightGBM over the station's own row."""
    from lightgbm import LGBMClassifier

    trees = LGBMClassifier(n_estimators=600, random_state=seed, verbose=-1, n_jobs=1)
    return make_pipeline(_own(), trees)


def specified(params: Mapping[str, Any], seed: int) -> Any:  # noqa: ARG001
    """XGBoost over the own row, gaps at the median, rare days made up by SMOTE (Chawla et al. 2002)
    until they are as many as the others.
    """
    fill = SimpleImputer(strategy="median", keep_empty_features=True)
    trees = XGBClassifier(n_estimators=300, random_state=seed, n_jobs=1)
    return make_pipeline(_own(), fill, SMOTE(random_state=seed), trees)


def of_pipeline(pipeline: Any) -> Chances:
    return lambda rows: np.asarray(pipeline.predict_proba(rows.given)[:, 1])


def mine(name: str, learned: Examples) -> Chances:
    """Of the estimator that a function here makes, fitted as `raincast train --model` does."""
    model = {"model": f"benchmarks.yardstick:{name}"}
    return of_pipeline(estimators.train(learned.X, learned.y, model))


def of_networks(networks: Sequence[Network]) -> Chances:
    return lambda rows: expit(mean_log_odds(networks, cast("Rows", rows.given)))


def parts(blend: Blend) -> Iterator[tuple[str, Chances]]:
    """What each part of a blend says alone."""
    trees, networks = copy(blend), blend.networks_
    trees.attend([])
    yield "the blend's trees", of_pipeline(trees)
    yield "one of its networks", of_networks(networks[:1])
    yield f"its {len(networks)} networks", of_networks(networks)


def models(panel: Panel, past: Span, params: Mapping[str, Any]) -> Iterator[tuple[str, Chances]]:
    """The blend, by which the others are measured, and they; each is fitted when its turn comes."""
    whole = fitting.fit(panel, past, params)
    yield BLEND, of_pipeline(whole)
    yield from parts(whole[-1])
    learned = training_rows.for_training(panel, *past)
    yield "LightGBM, own row", mine("own_row", learned)
    yield "logistic regression", baselines.logistic(learned).chances
    completed = examples.of_regime(panel, "complete", *past)
    yield "XGBoost, SMOTE, complete", mine("specified", completed)
    yield "persistence", baselines.persistence(completed).chances
    yield "climatology", baselines.frequency(completed).chances


def scored(panel: Panel, year: Span, params: Mapping[str, Any]) -> records.SideBySide:
    """Every model on every station-day of the year; `params` are the blend's."""
    past = fitting.before_tuning(panel, year)
    rows, p = examples.by_regime(panel, *year), dict[str, dict[str, Floats]]()
    for name, chances in models(panel, past, params):
        p[name] = {regime: chances(part) for regime, part in rows.items()}
        print(name, flush=True)
    table = climatology.from_mapping(fitting.description(panel, past, {}).climate)
    return records.SideBySide(
        span=records.Span(first=str(year.first), last=str(year.last)),
        regimes={
            regime: beside.scored(rows[regime], {name: of[regime] for name, of in p.items()}, table)
            for regime in REGIMES
        },
        event=panel.network.event.statement,
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("history", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--year", type=int, default=2015)
    given = parser.parse_args()
    found = scored(read(given.history, given.year), fitting.year(given.year), {})
    write_json(given.out, found.to_json())
    print(beside.table(found))


if __name__ == "__main__":
    main()
