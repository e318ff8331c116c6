"""The step that searches, and the one that publishes what was found: one study for each state of
the data.
"""

import hashlib
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import optuna
from optuna.exceptions import ExperimentalWarning
from optuna.storages import RDBStorage
from optuna.study import MaxTrialsCallback
from optuna.trial import FrozenTrial, TrialState
from sqlalchemy.exc import DatabaseError, IntegrityError
from tqdm import tqdm

from raincast.decisions.retraining import SearchResult
from raincast.documents import Json
from raincast.errors import NoModel, NotEnoughData
from raincast.features import block
from raincast.learning import blend, tuning
from raincast.loop import history, retrain_set
from raincast.settings import Settings
from raincast.store import best_parameters
from raincast.store.best_parameters import BestParameters
from raincast.store.registry import Registry
from raincast.tracking import after_run

HEARTBEAT_SECONDS, GRACE_SECONDS = 5, 20
"""A trial that has not beaten for the grace belongs to a search that was killed: it fails. It is
not repeated, since it may lie outside today's ranges; what a study begins with is queued anew.
"""

SETUP_STEPS = 3
"""Optuna makes its tables, the line of its version and that of the schema, each in a transaction of
its own: a worker that another one precedes loses each of them once at most.
"""

_BEGINS = "begins_with"


def study_name(content_sha256: str, recall: float) -> str:
    """The study of one retraining set: another set, another way to look at it or another aim is
    another question.
    """
    asked = (
        tuning.OBJECTIVE,
        tuning.BLOCKS,
        tuning.BLOCK_DAYS,
        tuning.FIT_ROWS,
        recall,
        block.NAMES,
    )
    digest = hashlib.sha256(repr(asked).encode()).hexdigest()
    return f"xgb_recall_small_{content_sha256[:12]}_{digest[:6]}"


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


def _study(settings: Settings, name: str, worker: int = 0) -> optuna.Study:
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study(
        study_name=name,
        storage=_storage(settings),
        load_if_exists=True,
        direction="maximize",
        pruner=tuning.pruner(),
    )
    study.sampler = tuning.sampler(len(study.trials), worker)
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


def _present(settings: Settings) -> list[Json]:
    """The parameters that a search has to beat: those of the model that serves, and the
    defaults.
    """
    try:
        serving = Registry(settings.models).load_active().metadata.params
    except NoModel:
        serving = None
    return [*([serving] if serving else []), dict(blend.DEFAULT_PARAMS)]


def _begins_with(settings: Settings, study: optuna.Study) -> list[Json]:
    """What the study has to judge whatever the time: as it was when it began, for whoever goes on
    with it.
    """
    if _BEGINS not in study.user_attrs:
        study.set_user_attr(_BEGINS, [tuning.searched(params) for params in _present(settings)])
    return list(study.user_attrs[_BEGINS])


def _search(settings: Settings, study: optuna.Study, begins: Sequence[Mapping[str, Any]]) -> None:
    """The present parameters first, whatever the time; then others, as long as there is time."""
    through = tuning.folds(history.read(settings.retrain_dataset))
    value = tuning.objective(through, tuning.scorer(settings.target_recall))
    waiting = tuning.begin_with(study, begins)
    with tqdm(
        total=settings.tune_seconds, desc="search", unit="s", leave=False, disable=None
    ) as bar:

        def show(study: optuna.Study, _: FrozenTrial) -> None:
            bar.n = min(settings.tune_seconds, round(tuning.seconds(study)))
            bar.refresh()

        if waiting:
            study.optimize(value, n_trials=waiting, callbacks=[show])
        if not _is_spent(settings, study, begins):
            left = settings.tune_seconds - tuning.seconds(study)
            enough = MaxTrialsCallback(settings.tune_trials, states=tuning.JUDGED)
            study.optimize(value, timeout=left, callbacks=[show, enough])


def _is_spent(settings: Settings, study: optuna.Study, begins: Sequence[Mapping[str, Any]]) -> bool:
    had = (
        len(tuning.judged(study)) >= settings.tune_trials
        or tuning.seconds(study) >= settings.tune_seconds
    )
    return had and not tuning.unjudged(study, begins)


def run(settings: Settings, run_id: str = "", worker: int = 0) -> SearchResult:
    """Rebuilds the retraining set and searches on it, until its trials have had `tune_seconds` or
    are `tune_trials`.

    Killed and run again, it goes on with the same study and what is left of its time. On the same
    set with no time left it does nothing. Several workers on one study share its time and its
    trials.

    Args:
        run_id: where one is named, the set is built once for it (`retrain_set.build_for`).
        worker: number among those that search side by side; each draws other parameters.

    Raises:
        NotEnoughData: there are too few days with truth for the folds.
    """
    built = retrain_set.build_for(settings, run_id) if run_id else retrain_set.build(settings)
    study = _study(settings, study_name(built.content_sha256, settings.target_recall), worker)
    begins = _begins_with(settings, study)
    if not (_is_spent(settings, study, begins) and tuning.complete(study)):
        _search(settings, study, begins)
    complete = len(tuning.complete(study))
    done = SearchResult(
        study_name=study.study_name,
        best_value=study.best_value,
        trials=complete,
        pruned=len(tuning.judged(study)) - complete,
        seconds=round(tuning.seconds(study), 1),
    )
    after_run.search(settings, done, tuning.told(study), built)
    return done


def save_best(settings: Settings) -> BestParameters:
    """Publishes the best trial of the present retraining set's study as `models/best_params.json`.

    Raises:
        NotEnoughData: no trial of it was scored on every fold.
    """
    content = retrain_set.read_meta(settings).content_sha256
    study = _study(settings, study_name(content, settings.target_recall))
    if not tuning.complete(study):
        raise NotEnoughData(
            f"study {study.study_name} has no complete trial: `raincast tune` searches"
        )
    best = BestParameters(
        study_name=study.study_name,
        best_value=study.best_value,
        best_params=study.best_params,
        objective=tuning.OBJECTIVE,
        figures=study.best_trial.user_attrs["figures"],
        trials=len(tuning.complete(study)),
        data_sha256=content,
    )
    best_parameters.write(settings.best_params, best)
    return best
