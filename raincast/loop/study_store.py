"""The study of a retraining set: its name, its database, and the best of its trials."""

import hashlib
import warnings
from pathlib import Path

import optuna
from optuna.exceptions import ExperimentalWarning
from optuna.storages import RDBStorage
from optuna.trial import TrialState
from sqlalchemy.exc import DatabaseError, IntegrityError

from raincast.decisions.watermark import RetrainingSet
from raincast.errors import NotEnoughData
from raincast.features import block
from raincast.learning import studies
from raincast.loop import retrain_set
from raincast.settings import Settings
from raincast.store import best_parameters
from raincast.store.best_parameters import BestParameters

HEARTBEAT_SECONDS, GRACE_SECONDS = 5, 20
"""A trial that has not beaten for the grace belongs to a search that was killed: it fails. It is
not repeated, since it may lie outside today's ranges; what a study begins with is queued anew.
"""

SETUP_STEPS = 20
"""Optuna makes some dozen tables, then the line of its version and that of the schema, one after
the other: a worker that others precede loses each of them once at most.
"""


def study_name(built: RetrainingSet, recall: float) -> str:
    """The study of one retraining set: another set, another way to look at it, another last day or
    another aim is another question.
    """
    asked = (
        studies.OBJECTIVE,
        studies.BLOCKS,
        studies.BLOCK_DAYS,
        studies.FIT_ROWS,
        recall,
        block.NAMES,
        str(built.searched_to),
    )
    digest = hashlib.sha256(repr(asked).encode()).hexdigest()
    return f"xgb_recall_small_{built.content_sha256[:12]}_{digest[:6]}"


def _storage(settings: Settings) -> RDBStorage:
    if settings.studies.startswith("sqlite:///"):
        Path(settings.studies.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
    for _ in range(SETUP_STEPS):
        try:
            return _open(settings.studies)
        except DatabaseError as error:
            if not _was_preceded(error):
                raise
    return _open(settings.studies)


def _open(address: str) -> RDBStorage:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ExperimentalWarning)  # the heartbeat, in Optuna since 2021
        return RDBStorage(address, heartbeat_interval=HEARTBEAT_SECONDS, grace_period=GRACE_SECONDS)


def _was_preceded(error: DatabaseError) -> bool:
    """Whether another worker made, in the same moment, what was not there yet."""
    return isinstance(error, IntegrityError) or "already exists" in str(error)


def open_study(settings: Settings, name: str, worker: int = 0) -> optuna.Study:
    # A trial that fails ends the search; Optuna would print the error's trace before that.
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    study = optuna.create_study(
        study_name=name,
        storage=_storage(settings),
        load_if_exists=True,
        direction="maximize",
        pruner=studies.pruner(),
    )
    study.sampler = studies.sampler(len(study.trials), worker)
    _fail_repeats(study)
    return study


def _fail_repeats(study: optuna.Study) -> None:
    """Ends trials that wait with parameters already drawn: the repetitions that searches before
    this version queued, which cannot run where the ranges have changed.
    """
    with warnings.catch_warnings():
        # A trial that ends at once needs no heartbeat.
        warnings.filterwarnings("ignore", message="Heartbeat of storage")
        while any(trial.params for trial in study.get_trials(states=[TrialState.WAITING])):
            study.tell(study.ask(), state=TrialState.FAIL)


def save_best(settings: Settings) -> BestParameters:
    """Publishes the best trial of the present retraining set's study as `models/best_params.json`.

    Raises:
        NotEnoughData: no trial of it was scored on every fold.
    """
    built = retrain_set.read_meta(settings)
    study = open_study(settings, study_name(built, settings.target_recall))
    if not studies.complete(study):
        raise NotEnoughData(
            f"study {study.study_name} has no complete trial: `raincast tune` searches"
        )
    best = BestParameters(
        study_name=study.study_name,
        best_value=study.best_value,
        best_params=study.best_params,
        objective=studies.OBJECTIVE,
        figures=study.best_trial.user_attrs["figures"],
        trials=len(studies.complete(study)),
        data_sha256=built.content_sha256,
        searched_to=built.searched_to or built.last_date,
    )
    best_parameters.write(settings.best_params, best)
    return best
