"""A search on what is known by now, a retraining with what it found, and the watermark last."""

import logging
import os
import sys
from datetime import datetime, timedelta, timezone
from typing import Any

from airflow.sdk import Asset, AssetAlias, dag, get_current_context, task
from airflow.sdk.exceptions import AirflowSkipException

sys.path.append(os.path.dirname(__file__))  # noqa: PTH120 (not every command does)
from raincast_commands import OWNER, POOL, product, say_what_to_do

DOC = """
### Search, retrain, consume

`run_optuna` → `save_best_params` → `retrain_with_best` → `mark_retrain_consumed`

With `CHEAPEST_FIRST` new thresholds, then a recalibration, are tried on the journal first; where
one helps it serves, the run searches and retrains nothing, and its rows count as consumed.

The retraining set is built once for a run. The search lasts `TUNE_SECONDS`; killed and run again it
goes on with the same one.

With `OPTUNA_STORAGE` on PostgreSQL, `OPTUNA_WORKERS` tasks search it side by side and share its
time. The challenger replaces the champion only if it is no worse on the same recent rows; either
way the rows count as consumed, and the reason is kept (`raincast models history`). Every task can
be cleared and run again: what is decided stays decided.

A run that was triggered for rows which another run has consumed meanwhile is skipped.
"""

ADVICE = {
    "run_optuna": (
        "too few days, or a search database that does not answer (OPTUNA_STORAGE)? Clear it: the"
        " study goes on"
    ),
    "save_best_params": (
        "the study has no finished trial: clear run_optuna, with more TUNE_SECONDS if need be"
    ),
    "retrain_with_best": (
        "clear it: what was decided stays decided. `raincast models list` shows what is kept"
    ),
    "mark_retrain_consumed": "clear it: until then the same rows count as new",
}

TUNING_TIME = timedelta(hours=12)
FEWEST_GOOD = 3
"""So many searches that fail one after another, and the DAG is paused."""
MODEL, PROMOTED = Asset("raincast_model"), AssetAlias("raincast_promoted")
_log = logging.getLogger(__name__)


def workers() -> range:
    """The numbers of the tasks that search side by side; one unless
    OPTUNA_WORKERS says otherwise.
    """
    return range(int(os.environ.get("OPTUNA_WORKERS") or 1))


@dag(
    dag_id="optuna_tuning_dag",
    description="A search, a challenger beside the champion, and the watermark",
    schedule=None,
    start_date=datetime(2026, 1, 1, tzinfo=timezone.utc),  # noqa: UP017 (Airflow's own Python)
    catchup=False,
    max_active_runs=1,
    max_consecutive_failed_dag_runs=FEWEST_GOOD,
    allowed_run_types=["manual", "operator_triggered"],
    doc_md=DOC,
    tags=["raincast"],
    default_args={
        "owner": OWNER,
        "retries": 2,
        "retry_delay": timedelta(seconds=30),
        "retry_exponential_backoff": True,
        "max_retry_delay": timedelta(minutes=30),
        "execution_timeout": TUNING_TIME,
        "on_failure_callback": say_what_to_do(ADVICE),
    },
)
def optuna_tuning_dag() -> None:
    # A mapped task does not take its documentation from its function.
    @task(
        pool=POOL,
        doc_md="Builds the retraining set, once for the run, and searches on it, unless a cheaper"
        " remedy helps.",
    )
    def run_optuna(worker: int) -> dict[str, Any]:
        _require_news()
        treated = product(
            "-m", "raincast", "remedy", "--run-id", _run_id(), "--leave-watermark", "--json"
        )
        if treated["version"]:
            return treated
        script = "optimisations/prod/optuna_search_recall_small.py"
        return product(script, "--run-id", _run_id(), "--worker", str(worker))

    @task
    def save_best_params() -> dict[str, Any]:
        """The study's best parameters, into models/best_params.json; after a cheaper remedy there
        is no study.
        """
        return product("-m", "raincast", "best", "--run-id", _run_id(), "--json")

    @task(pool=POOL, outlets=[PROMOTED])
    def retrain_with_best(*, outlet_events: Any) -> dict[str, Any]:
        """Challenger against champion on the same recent rows: promoted, or refused with the
        reason.
        """
        done = product(
            "-m", "raincast", "retrain", "--run-id", _run_id(), "--leave-watermark", "--json"
        )
        if done["promoted"]:
            outlet_events[PROMOTED].add(MODEL, extra={"version": done["version"]})
        return {name: done[name] for name in ("promoted", "version", "reason")}

    @task
    def mark_retrain_consumed() -> dict[str, Any]:
        """Moves the watermark over the rows that the run has had."""
        return product("-m", "raincast", "consume", "--run-id", _run_id(), "--json")

    (
        run_optuna.expand(worker=list(workers()))
        >> save_best_params()
        >> retrain_with_best()
        >> mark_retrain_consumed()
    )


def _run_id() -> str:
    return get_current_context()["run_id"]


def _require_news() -> None:
    """Skips a run whose rows another has consumed since it was triggered; one that is started by
    hand is never skipped.
    """
    asked = (get_current_context()["dag_run"].conf or {}).get("retrain_cutoff_date")
    now = product("-m", "raincast", "decide", "--json")["retrain_cutoff_date"] if asked else None
    if asked and asked != str(now):
        raise AirflowSkipException(
            f"triggered when the cutoff was {asked}; it is {now} now: these rows are consumed"
        )


optuna_tuning_dag()
