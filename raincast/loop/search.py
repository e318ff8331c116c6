"""The step that searches: one study for each state of
the data.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import optuna
from optuna.study import MaxTrialsCallback
from optuna.trial import FrozenTrial
from tqdm import tqdm

from raincast.decisions.retraining import SearchResult
from raincast.documents import Json
from raincast.errors import NoModel
from raincast.learning import blend, studies, tuning
from raincast.loop import history, retrain_set, set_apart, study_store
from raincast.settings import Settings
from raincast.store import stores
from raincast.tracking import after_run

_BEGINS = "begins_with"


def _present(settings: Settings) -> list[Json]:
    """The parameters that a search has to beat: those of the model that serves, and the
    defaults.
    """
    try:
        serving = stores.of(settings).registry().load_active().metadata.params
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


def _search(
    settings: Settings,
    last: date | None,
    study: optuna.Study,
    begins: Sequence[Mapping[str, Any]],
) -> None:
    """The present parameters first, whatever the time; then others, as long as there is time; on
    days to the last, inclusive.
    """
    through = tuning.folds(history.retraining_panel(settings), last)
    value = tuning.objective(through, tuning.scorer(settings.target_recall))
    waiting = tuning.begin_with(study, begins)
    with tqdm(
        total=settings.tune_seconds, desc="search", unit="s", leave=False, disable=None
    ) as bar:

        def show(study: optuna.Study, _: FrozenTrial) -> None:
            bar.n = min(settings.tune_seconds, round(studies.seconds(study)))
            bar.refresh()

        if waiting:
            study.optimize(value, n_trials=waiting, callbacks=[show])
        if not _is_spent(settings, study, begins):
            left = settings.tune_seconds - studies.seconds(study)
            enough = MaxTrialsCallback(settings.tune_trials, states=studies.JUDGED)
            study.optimize(value, timeout=left, callbacks=[show, enough])


def _is_spent(settings: Settings, study: optuna.Study, begins: Sequence[Mapping[str, Any]]) -> bool:
    had = (
        len(studies.judged(study)) >= settings.tune_trials
        or studies.seconds(study) >= settings.tune_seconds
    )
    return had and not tuning.unjudged(study, begins)


def run(settings: Settings, run_id: str = "", worker: int = 0) -> SearchResult:
    """Rebuilds the retraining set and searches on it, until its trials have had `tune_seconds` or
    are `tune_trials`. The days on which `retrain` compares models are left out (`set_apart`).

    Killed and run again, it goes on with the same study and what is left of its time. On the same
    set with no time left it does nothing. Several workers on one study share its time and its
    trials.

    Args:
        run_id: where one is named, the set is built once for it (`retrain_set.build_for`).
        worker: number among those that search side by side; each draws other parameters.

    Raises:
        NotEnoughData: there are too few days with truth for the folds.
    """
    built = (
        retrain_set.build_for(settings, run_id, set_apart.searched_to)
        if run_id
        else retrain_set.build(settings, searched_to=set_apart.searched_to)
    )
    name = study_store.study_name(built, settings.target_recall)
    study = study_store.open_study(settings, name, worker)
    begins = _begins_with(settings, study)
    if not (_is_spent(settings, study, begins) and studies.complete(study)):
        _search(settings, built.searched_to, study, begins)
    complete = len(studies.complete(study))
    done = SearchResult(
        study_name=study.study_name,
        best_value=study.best_value,
        trials=complete,
        pruned=len(studies.judged(study)) - complete,
        seconds=round(studies.seconds(study), 1),
    )
    after_run.search(settings, done, studies.trials(study), built)
    return done
