"""Models of several kinds on the same rows: fitted before 2015, scored on 2015.

python optimisations/research/benchmark_models.py [--rows N] [--seconds S]
"""

import argparse
from collections.abc import Callable, Iterator
from time import monotonic
from typing import Any

import numpy.typing as npt
from sklearn.base import ClassifierMixin
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier

from raincast import console
from raincast.learning import baselines, fitting, pipelines, studies, tuning
from raincast.learning.examples import Examples
from raincast.learning.tuning import Fold
from raincast.loop import history, retrain_set

Chances = Callable[[Examples], npt.NDArray[Any]]


def fitted(classifier: ClassifierMixin, past: Examples) -> Chances:
    learned = classifier.fit(past.X, past.y)
    return lambda rows: learned.predict_proba(rows.X)[:, 1]


def trees(past: Examples) -> Chances:
    learned = pipelines.train(past.X, past.y, {"perceptrons": 0, "networks": 0, "n_jobs": 1})
    return lambda rows: learned.predict_proba(rows.X)[:, 1]


def candidates(past: Examples) -> Iterator[tuple[str, Callable[[], Chances]]]:
    """Names, and what fits each."""
    forest = RandomForestClassifier(300, min_samples_leaf=5, n_jobs=1, random_state=studies.SEED)
    boosting = HistGradientBoostingClassifier(
        learning_rate=0.05, max_iter=300, random_state=studies.SEED
    )
    yield "persistence", lambda: baselines.persistence(past).chances
    yield "climatology", lambda: baselines.frequency(past).chances
    yield "logistic regression", lambda: baselines.logistic(past).chances
    yield "XGBoost", lambda: trees(past)
    yield "HistGradientBoosting", lambda: fitted(boosting, past)
    yield "random forest", lambda: fitted(forest, past)


def scored(fold: Fold, seconds: float, recall: float) -> Iterator[tuple[str, dict[str, float]]]:
    begun = monotonic()
    for name, fit in candidates(fold.past):
        if monotonic() - begun > seconds:
            console.say(f"no time for {name}")
            continue
        start = monotonic()
        yield name, tuning.figures(fold, fit(), recall) | {"seconds": monotonic() - start}


def main() -> None:
    parser = argparse.ArgumentParser(
        description="Compare kinds of models, fitted before 2015, on 2015."
    )
    parser.add_argument("--rows", type=int, default=studies.FIT_ROWS, help="rows to fit to")
    parser.add_argument(
        "--seconds", type=float, default=300, help="no model is begun after so long"
    )
    asked = parser.parse_args()
    settings, _ = console.ready()
    panel = history.read(retrain_set.history_file(settings) or settings.raw_history)
    fold = tuning.fold(panel, fitting.tuning_span(panel, settings.tuning_year), asked.rows)
    found = dict(scored(fold, asked.seconds, settings.target_recall))
    for name, figures in sorted(found.items(), key=lambda item: -item[1][studies.OBJECTIVE]):
        console.say(
            f"{name:<22}" + "  ".join(f"{key} {value:.3f}" for key, value in figures.items())
        )
    console.put(found)


if __name__ == "__main__":
    console.guarded(main)
