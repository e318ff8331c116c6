"""The search for parameters: on which days a trial is judged, by what, and among which parameters.

A trial fits the trees alone to a drawn part of the rows before each block of days and is scored on
the block, regime by regime. Perceptrons are not searched: they follow the model that serves.
"""

import warnings
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import optuna
from optuna.trial import BaseTrial, FixedTrial, TrialState
from sklearn.metrics import average_precision_score, roc_auc_score

from raincast.documents import Json
from raincast.errors import NotEnoughData
from raincast.learning import blend, estimators, examples, pipelines, studies, training_rows
from raincast.learning.examples import Examples
from raincast.learning.fitting import Span
from raincast.learning.thresholds import precision_at_recall
from raincast.observations.panel import Panel

Score = Callable[["Fold", Mapping[str, Any]], dict[str, float]]


class Fold(NamedTuple):
    """Rows to fit to, and those of a later block of days, by regime."""

    past: Examples
    block: Mapping[str, Examples]


def blocks(days: Sequence[date]) -> list[Span]:
    """The last `BLOCKS` blocks of days with truth, earliest first, each of `BLOCK_DAYS` of them or
    fewer.

    Days without truth do not count: live rows may follow the history after years, and few of them.

    Raises:
        NotEnoughData: fewer days than that a block has `FEWEST_BLOCK_DAYS` and as many lie before
            them all.
    """
    length = min(studies.BLOCK_DAYS, len(days) // (2 * studies.BLOCKS))
    if length < studies.FEWEST_BLOCK_DAYS:
        fewest = 2 * studies.BLOCKS * studies.FEWEST_BLOCK_DAYS
        raise NotEnoughData(
            f"a search needs {fewest} days with truth, found {len(days)}: ingest more observations"
        )
    starts = range(len(days) - studies.BLOCKS * length, len(days), length)
    return [Span(days[start], days[start + length - 1]) for start in starts]


def folds(panel: Panel, last: date | None = None) -> list[Fold]:
    """What trials are fitted to and scored on, earliest block first.

    Args:
        last: feature date with which the newest block ends at the latest; models are compared on
            what comes after it. All of the panel's without.

    Raises:
        NotEnoughData: the observations are too few for the blocks.
    """
    days = [day for day in panel.days_with_truth() if last is None or day <= last]
    return [fold(panel, block, studies.FIT_ROWS) for block in blocks(days)]


def fold(panel: Panel, block: Span, rows: int) -> Fold:
    """A block, and rows sampled from what lies before it.

    Raises:
        NotEnoughData: there is no truth in the block, or none before it.
    """
    # The day before the block is left out: its truth is the block's first reading.
    last = block.first - timedelta(days=2)
    return Fold(
        training_rows.for_training(panel, panel.first, last, studies.SEED, rows),
        examples.by_regime(panel, *block),
    )


def suggest(trial: BaseTrial) -> Json:
    """A point of the search space, by `model.DEFAULT_PARAMS`' names."""
    return {
        "n_estimators": trial.suggest_int("n_estimators", 100, 900, log=True),
        "learning_rate": trial.suggest_float("learning_rate", 0.02, 0.2, log=True),
        "max_depth": trial.suggest_int("max_depth", 3, 9),
        "min_child_weight": trial.suggest_float("min_child_weight", 1, 100, log=True),
        "subsample": trial.suggest_float("subsample", 0.4, 1.0),
        "colsample_bytree": trial.suggest_float("colsample_bytree", 0.1, 0.8),
        "reg_lambda": trial.suggest_float("reg_lambda", 0.5, 50, log=True),
        "gamma": trial.suggest_float("gamma", 0.0, 3.0),
        "resampling": trial.suggest_categorical("resampling", pipelines.RESAMPLING),
    }


SEARCHED = tuple(suggest(FixedTrial(blend.DEFAULT_PARAMS)))
"""The parameters that are searched."""


def scorer(recall: float) -> Score:
    """How a fold is scored: trees fitted to its past, their figures averaged over the regimes of
    its block.

    One thread: where other processes want the cores too, two wait for each other longer than one
    works.
    """

    def score(fold: Fold, params: Mapping[str, Any]) -> dict[str, float]:
        fitted = estimators.train(
            fold.past.X, fold.past.y, dict(params) | {"perceptrons": 0, "n_jobs": 1}, studies.SEED
        )
        return figures(fold, lambda rows: fitted.predict_proba(rows.X)[:, 1], recall)

    return score


def figures(
    fold: Fold, chances: Callable[[Examples], npt.NDArray[Any]], recall: float
) -> dict[str, float]:
    """Average precision, precision at the recall, ROC AUC and Brier score on a fold's block: means
    over its regimes.
    """
    return _means([_figures(rows, chances(rows), recall) for rows in fold.block.values()])


def _figures(rows: Examples, p: npt.NDArray[Any], recall: float) -> dict[str, float]:
    return {
        studies.OBJECTIVE: float(average_precision_score(rows.y, p)),
        f"precision at recall {recall}": precision_at_recall(rows.y, p, recall),
        "roc_auc": float(roc_auc_score(rows.y, p)),
        "brier": float(np.mean((p - rows.y) ** 2)),
    }


def _means(found: Sequence[Mapping[str, float]]) -> dict[str, float]:
    return {name: float(np.mean([figures[name] for figures in found])) for name in found[0]}


def _suggested(trial: optuna.Trial) -> Json:
    with warnings.catch_warnings():
        # The model that serves is tried as it is, also where it lies outside the space.
        warnings.filterwarnings("ignore", message="Fixed parameter .* is out of range")
        return suggest(trial)


def objective(through: Sequence[Fold], score: Score) -> Callable[[optuna.Trial], float]:
    """What a study maximises: the mean over the folds; a trial that is poor on the first ones goes
    no further.
    """

    def run(trial: optuna.Trial) -> float:
        params, found = _suggested(trial), []
        for step, fold in enumerate(through):
            found.append(score(fold, params))
            trial.report(_means(found)[studies.OBJECTIVE], step)
            if step + 1 < len(through) and trial.should_prune():
                raise optuna.TrialPruned
        trial.set_user_attr("figures", _means(found))
        return _means(found)[studies.OBJECTIVE]

    return run


def unjudged(study: optuna.Study, wanted: Sequence[Mapping[str, Any]]) -> list[Json]:
    """Those of the parameters, each once, that no trial of the study has judged."""
    there = [trial.params for trial in studies.judged(study)]
    new = [params for params in map(searched, wanted) if params not in there]
    return [params for i, params in enumerate(new) if params not in new[:i]]


def begin_with(study: optuna.Study, wanted: Sequence[Mapping[str, Any]]) -> int:
    """Queues parameters that a study has not judged; how many trials wait in it now.

    A trial that a killed process left behind does not count as judged.
    """
    waiting = studies.of_state(study, TrialState.WAITING)
    queued = [trial.system_attrs.get("fixed_params") for trial in waiting]
    for params in unjudged(study, wanted):
        if params not in queued:
            study.enqueue_trial(params)
    return len(studies.of_state(study, TrialState.WAITING))


def searched(params: Mapping[str, Any]) -> Json:
    """The part of a model's parameters that a search looks for."""
    return {name: params[name] for name in SEARCHED}
