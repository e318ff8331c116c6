"""A study of parameters: what it maximises, how it draws, and which of its trials count.

Nothing here fits or scores, so that what only looks at a study starts quickly.
"""

from collections.abc import Mapping
from datetime import UTC, timedelta

import optuna
from optuna.trial import FrozenTrial, TrialState
from pydantic import Field, JsonValue

from raincast.documents import Document

OBJECTIVE = "average precision"
"""Precision averaged over recall, then over the regimes: what a trial's value is;
docs/decisions/0003 says why.
"""

BLOCKS, BLOCK_DAYS, FEWEST_BLOCK_DAYS = 3, 182, 30
FIT_ROWS = 20_000
"""Rows drawn from what lies before a block: with them a trial takes about fifteen seconds of one
core.
"""

SEED = 49

JUDGED = (TrialState.COMPLETE, TrialState.PRUNED)


def sampler(study_trials: int, worker: int = 0) -> optuna.samplers.BaseSampler:
    """The sampler of a study with that number of trials. Another seed each time it goes on, or it
    would repeat itself.

    Args:
        worker: number among those that search side by side, each with a seed of its own.
    """
    return optuna.samplers.TPESampler(seed=SEED + study_trials + 10_000 * worker)


def pruner() -> optuna.pruners.BasePruner:
    return optuna.pruners.MedianPruner(n_startup_trials=5)


def of_state(study: optuna.Study, *states: TrialState) -> list[FrozenTrial]:
    return study.get_trials(deepcopy=False, states=states)


def judged(study: optuna.Study) -> list[FrozenTrial]:
    """The trials that came to their end or were poor enough to be cut short."""
    return of_state(study, *JUDGED)


def complete(study: optuna.Study) -> list[FrozenTrial]:
    """The trials that were scored on every fold."""
    return of_state(study, TrialState.COMPLETE)


def seconds(study: optuna.Study) -> float:
    """How long its judged trials took; a killed one's time is not known and does not count."""
    return sum((t.duration or timedelta(0) for t in judged(study)), timedelta(0)).total_seconds()


class Trial(Document):
    """A judged trial of a search.

    Attributes:
        name: `trial-` and its number in the study.
        at_utc: when it began, ISO 8601.
        seconds: how long it took.
        state: Optuna's name of how it ended.
        params: what was tried, by name.
        metrics: its `value` and the figures beside it; empty where it has no value.
    """

    name: str
    at_utc: str
    seconds: float
    state: str
    params: Mapping[str, JsonValue]
    metrics: Mapping[str, float] = Field(default_factory=dict)


def trials(study: optuna.Study) -> list[Trial]:
    """Every judged trial."""
    return [
        Trial(
            name=f"trial-{trial.number}",
            at_utc=trial.datetime_start.astimezone(UTC).isoformat(timespec="seconds"),
            seconds=trial.duration.total_seconds(),
            state=trial.state.name,
            params=trial.params,
            metrics={"value": trial.value} | trial.user_attrs.get("figures", {})
            if trial.value is not None
            else {},
        )
        for trial in judged(study)
        if trial.datetime_start and trial.duration
    ]
