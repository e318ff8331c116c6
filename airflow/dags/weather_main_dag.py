"""The loop, twice a day: forecast, score, decide; a search only where quality has fallen and there
is news to learn from.
"""

import logging
import os
import sys
from datetime import datetime, timedelta, timezone
from typing import Any

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.sdk import Asset, Param, dag, get_current_context, task
from airflow.sdk.exceptions import AirflowException, AirflowFailException

sys.path.append(os.path.dirname(__file__))  # noqa: PTH120 (not every command does)
from raincast_commands import OWNER, PARTLY, command, product, say_what_to_do

DOC = """
### The loop, twice a day

`ensure_latest_model` → `predict_all_and_push` → `compute_live_metrics` →
`read_quality_metrics` → `branch_on_recall` →
`trigger_optuna` or `skip_optuna` → `join_after_branch`

A search is triggered if and only if `recall_live < RECALL_THRESHOLD` and
`new_rows_for_retrain >= MIN_NEW_ROWS_FOR_RETRAIN`. New rows lie after
`max(last date of the history, watermark)`. `trigger_optuna` being green says that the run of
`optuna_tuning_dag` was created; how it went is said there.

A station that could not be had costs no other its forecast and fails no task; where none could be
had, `predict_all_and_push` fails, and the scores and the decision are made all the same.

Every task can be cleared and run again: stations that have their forecast for the slot (06:00 or
18:00 UTC) are not asked for twice, scoring looks at the whole journal, and a run triggers at most
one search.
"""

ADVICE = {
    "ensure_latest_model": (
        "`raincast models check` says which file is wrong; `raincast models list`, then"
        " `promote ID`"
    ),
    "predict_all_and_push": (
        "the log names the stations; is the API up (GET /health), can it reach BUREAU_URL? Then"
        " clear it"
    ),
    "compute_live_metrics": (
        "run `python -m src.live_monitoring` by hand; an unreadable journal names its line"
    ),
    "read_quality_metrics": (
        "run `raincast decide --json` by hand; the message names the file that is not as expected"
    ),
    "branch_on_recall": "look at the XCom of read_quality_metrics; clear that task",
    "trigger_optuna": "is optuna_tuning_dag there and unpaused? Then clear it",
    "skip_optuna": "clear it",
    "join_after_branch": "look at the tasks before it",
}

MODEL, JOURNAL, SCORED = map(Asset, ("raincast_model", "raincast_journal", "raincast_scored"))
FEWEST_GOOD = 14
"""So many runs that fail one after another, which is a week, and the DAG is paused."""
LATE = timedelta(days=1)
_log = logging.getLogger(__name__)


@task(inlets=[MODEL])
def ensure_latest_model() -> dict[str, Any]:
    """The model that serves: its path, its time, its metadata. Fails where its hash is not the
    recorded one.
    """
    return product("-m", "raincast", "models", "check", "--json")


@task(inlets=[MODEL], outlets=[JOURNAL])
def predict_all_and_push() -> dict[str, Any]:
    """Every station's forecast through the API, into the journal; with PUBLISH=true then pushed
    as a data version.
    """
    _require_present()
    words = ("-m", "raincast.cli.publishing", "ask", "--api", _api(), "--json")
    done = product(*words, fine=(0, PARTLY))
    for regime, stations in done["regimes"].items():
        _log.info("by their own clocks %s: %s", regime, ", ".join(stations))
    for line in done["causes"]:
        _log.warning("no newest row: %s", line)
    if os.environ.get("PUBLISH", "").lower() == "true":
        command("scripts/publish.sh")
    return done


# What was forecast before is scored and judged whether or not today's forecasts could be made.
@task(trigger_rule="all_done", inlets=[JOURNAL], outlets=[SCORED])
def compute_live_metrics() -> dict[str, Any]:
    """Joins the truth, fetching what is missing; scores the whole journal, so that a backlog is
    scored too.
    """
    return product("-m", "src.live_monitoring", "--fetch")


@task(inlets=[SCORED])
def read_quality_metrics() -> dict[str, Any]:
    """What the decision rests on, and the verdict beside its evidence. Decides; only under the
    rule `watch` it looks first, and writes `metrics/watch.json`. Before that a challenger in
    the shadow is followed; where that fails, the decision is made all the same.
    """
    try:
        _log.info("shadow: %s", product("-m", "raincast", "shadow", "--json"))
    except AirflowException as error:
        _log.warning("the shadow failed: %s", error)
    asked = {
        name: value for name, value in get_current_context()["params"].items() if value is not None
    }
    found = product("-m", "raincast", "decide", "--json", **asked)
    verdict = {name: found[name] for name in ("decision", "case", "reason")}
    measured = {
        name: found[name] for name in ("live", "new_rows_for_retrain", "retrain_cutoff_date")
    }
    return measured | {"evidence": verdict | found["evidence"]}


@task.branch
def branch_on_recall(measured: dict[str, Any]) -> str:
    """The task that the verdict names."""
    _log.info("case %(case)s: %(reason)s", measured["evidence"])
    return measured["evidence"]["decision"]


def trigger_optuna() -> TriggerDagRunOperator:
    """One search for this run, however often the task is cleared."""
    return TriggerDagRunOperator(
        task_id="trigger_optuna",
        trigger_dag_id="optuna_tuning_dag",
        # A run triggers one search, however often it is cleared; by the cutoff a late one sees that
        # its rows are consumed.
        trigger_run_id="after__{{ run_id }}",
        conf={
            "retrain_cutoff_date": (
                "{{ ti.xcom_pull(task_ids='read_quality_metrics')['retrain_cutoff_date'] }}"
            )
        },
        skip_when_already_exists=True,
        # Else its run would wait for ever, and this task be green.
        fail_when_dag_is_paused=True,
        doc_md="Starts one search for this run. Fails while `optuna_tuning_dag` is paused.",
    )


@dag(
    dag_id="weather_main_dag",
    description="Forecasts, live scores and the decision to search, twice a day",
    schedule="0 6,18 * * *",
    start_date=datetime(2026, 1, 1, tzinfo=timezone.utc),  # noqa: UP017 (Airflow's own Python)
    catchup=False,
    max_active_runs=1,
    max_consecutive_failed_dag_runs=FEWEST_GOOD,
    # No back-fills: a forecast cannot be issued for a day that is over.
    allowed_run_types=["scheduled", "manual", "operator_triggered"],
    dagrun_timeout=timedelta(hours=5),
    doc_md=DOC,
    tags=["raincast"],
    params={
        "RECALL_THRESHOLD": Param(
            None,
            type=["null", "number"],
            minimum=0,
            maximum=1,
            description="for this run; empty: the setting",
        ),
        "MIN_NEW_ROWS_FOR_RETRAIN": Param(
            None,
            type=["null", "integer"],
            minimum=0,
            description="for this run; empty: the setting",
        ),
    },
    default_args={
        "owner": OWNER,
        "retries": 3,
        "retry_delay": timedelta(minutes=1),
        "retry_exponential_backoff": True,
        "max_retry_delay": timedelta(minutes=30),
        "execution_timeout": timedelta(minutes=30),
        "on_failure_callback": say_what_to_do(ADVICE),
    },
)
def weather_main_dag() -> None:
    trigger = trigger_optuna()
    skip = EmptyOperator(
        task_id="skip_optuna", doc_md="No search: the quality holds, or there is too little news."
    )
    join = EmptyOperator(
        task_id="join_after_branch",
        trigger_rule="none_failed",
        doc_md="The end of both branches.",
    )
    measured = read_quality_metrics()
    ensure_latest_model() >> predict_all_and_push() >> compute_live_metrics() >> measured
    branch_on_recall(measured) >> [trigger, skip] >> join


def _require_present() -> None:
    """Refuses a run of a day that is over: what it would make is today's forecast.

    Raises:
        AirflowFailException: says how a past day is forecast.
    """
    asked = get_current_context()["dag_run"].logical_date
    if asked is not None and datetime.now(timezone.utc) - asked > LATE:  # noqa: UP017
        raise AirflowFailException(
            f"a run of {asked:%Y-%m-%d %H:%M} UTC, but a forecast cannot be issued for a day that"
            " is over: `raincast hindcast` makes rows that say what they are"
        )


def _api() -> str:
    return os.environ.get("API_URL") or "http://127.0.0.1:8000"


weather_main_dag()
