"""Every classifier of scikit-learn that gives probabilities, as it comes, on few rows: fitted
before 2015, scored on 2015.

python optimisations/research/lazyml_search.py [--rows N] [--seconds S]
"""

import argparse
import warnings
from collections.abc import Callable, Iterator
from time import monotonic
from typing import Any

import numpy.typing as npt
from sklearn.base import ClassifierMixin
from sklearn.impute import SimpleImputer
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils import all_estimators
from tqdm import tqdm

from raincast import console
from raincast.learning import fitting, studies, tuning
from raincast.learning.examples import Examples
from raincast.learning.tuning import Fold
from raincast.loop import history, retrain_set

LEFT_OUT = {
    "GaussianProcessClassifier": "its time grows with the cube of the rows",
    "LabelPropagation": "its memory grows with the square of the rows",
    "LabelSpreading": "its memory grows with the square of the rows",
    "CategoricalNB": "for counts",
    "ComplementNB": "for counts",
    "MultinomialNB": "for counts",
    "DummyClassifier": "climatology without the station",
}


def candidates() -> list[tuple[str, ClassifierMixin]]:
    """Names and classifiers that can be made without arguments and give probabilities."""
    found = []
    for name, kind in all_estimators(type_filter="classifier"):
        if name in LEFT_OUT:
            continue
        try:
            made = kind()
        except TypeError:  # made of other classifiers
            continue
        if hasattr(made, "predict_proba"):
            found.append((name, made))
    return found


def chances(learned: Pipeline) -> Callable[[Examples], npt.NDArray[Any]]:
    return lambda rows: learned.predict_proba(rows.X)[:, 1]


def scored(fold: Fold, seconds: float, recall: float) -> Iterator[tuple[str, dict[str, float]]]:
    begun = monotonic()
    for name, classifier in tqdm(candidates(), "classifiers", disable=None):
        if monotonic() - begun > seconds:
            console.say(f"no time for {name}")
            continue
        start = monotonic()
        pipeline = make_pipeline(
            SimpleImputer(keep_empty_features=True), StandardScaler(), classifier
        )
        try:
            learned = pipeline.fit(fold.past.X, fold.past.y)
            figures = tuning.figures(fold, chances(learned), recall)
        except (ValueError, MemoryError) as error:
            console.say(f"{name}: {error}")
            continue
        yield name, figures | {"seconds": monotonic() - start}


def main() -> None:
    parser = argparse.ArgumentParser(
        description="Sweep scikit-learn's classifiers, fitted before 2015, on 2015."
    )
    parser.add_argument("--rows", type=int, default=4_000, help="rows to fit to")
    parser.add_argument(
        "--seconds", type=float, default=300, help="no classifier is begun after so long"
    )
    asked = parser.parse_args()
    warnings.simplefilter("ignore")  # of iterations that were not enough: they come as they are
    settings, _ = console.ready()
    panel = history.read(retrain_set.history_file(settings) or settings.raw_history)
    fold = tuning.fold(panel, fitting.tuning_span(panel, settings.tuning_year), asked.rows)
    found = dict(scored(fold, asked.seconds, settings.target_recall))
    for name, figures in sorted(found.items(), key=lambda item: -item[1][studies.OBJECTIVE]):
        console.say(
            f"{name:<32}" + "  ".join(f"{key} {value:.3f}" for key, value in figures.items())
        )
    console.put(found)


if __name__ == "__main__":
    console.guarded(main)
