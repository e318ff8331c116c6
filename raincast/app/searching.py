"""The last search as the pages show it: its trials, its best parameters, and which of them
mattered.
"""

import warnings
from pathlib import Path
from typing import Any, NamedTuple

import optuna
import pandas as pd

from raincast.app.remembered import of_files
from raincast.errors import BadFile
from raincast.settings import Settings
from raincast.store import files

SEED = 49
FEWEST_TRIALS = 6
"""Trials below which no importance is given: it would be noise."""


class Search(NamedTuple):
    """A study.

    Attributes:
        name: which one.
        trials: `number`, `value` (NaN where it was cut short), `best` so far, `state`, `seconds`;
            one row per trial.
        params: of the best trial, by name.
        value: of the best trial; None where none was finished.
        importance: share of the value's variance by parameter, the largest first; empty with too
            few trials.
    """

    name: str
    trials: pd.DataFrame
    params: dict[str, Any]
    value: float | None
    importance: dict[str, float]


def _database(settings: Settings) -> list[Path]:
    return [Path(settings.studies.removeprefix("sqlite:///")), settings.best_params]


@of_files(_database)
def last(settings: Settings) -> Search | None:
    """The study that the best parameters came from, else the newest; None where there was no
    search.

    Raises:
        BadFile: the database cannot be read.
    """
    path = _database(settings)[0]
    if settings.studies.startswith("sqlite:///") and not path.exists():
        return None
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    try:
        name = _name(settings)
        return (
            None
            if name is None
            else of_study(optuna.load_study(study_name=name, storage=settings.studies))
        )
    except Exception as error:  # whatever a damaged or locked database raises below Optuna
        raise BadFile(
            str(path), str(error), "the database of the searches; `raincast tune` writes it"
        ) from error


def _name(settings: Settings) -> str | None:
    kept = {
        s.study_name: s.datetime_start for s in optuna.get_all_study_summaries(settings.studies)
    }
    named = (files.read_json(settings.best_params) or {}).get("study_name")
    begun = sorted((when, name) for name, when in kept.items() if when)
    return named if named in kept else begun[-1][1] if begun else None


def of_study(study: optuna.Study) -> Search:
    """What the pages show of it."""
    ended = [t for t in study.get_trials(deepcopy=False) if t.state.is_finished()]
    complete = [t for t in ended if t.state == optuna.trial.TrialState.COMPLETE]
    rows = [(t.number, t.value if t in complete else None, t.state.name, t.duration) for t in ended]
    trials = pd.DataFrame(rows, columns=["number", "value", "state", "seconds"]).astype(
        {"value": "float64"}
    )
    trials["best"] = trials["value"].cummax().ffill()
    trials["seconds"] = pd.to_timedelta(trials["seconds"]).dt.total_seconds()
    best = study.best_trial if complete else None
    importance = _importance(study) if len(complete) >= FEWEST_TRIALS else {}
    return Search(
        study.study_name,
        trials,
        dict(best.params) if best else {},
        best.value if best else None,
        importance,
    )


def _importance(study: optuna.Study) -> dict[str, float]:
    """By functional variance analysis (Hutter, Hoos and Leyton-Brown 2014)."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        evaluator = optuna.importance.FanovaImportanceEvaluator(n_trees=32, seed=SEED)
        return dict(optuna.importance.get_param_importances(study, evaluator=evaluator))
