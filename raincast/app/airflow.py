"""The DAGs' runs, asked of Airflow's REST API (version 2, Airflow 3)."""

import ssl
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

import httpx

from raincast.errors import RaincastError

DAGS = ("weather_main_dag", "optuna_tuning_dag")
SECONDS = 2.0
NEWEST = 8
"""Runs that are shown of each DAG."""


class AirflowAway(RaincastError):
    """Airflow does not answer, or not with its runs; the message says which."""


class Run(NamedTuple):
    """One run of a DAG and the states of its tasks, in the order in which they began."""

    dag: str
    run: str
    state: str
    began: datetime | None
    ended: datetime | None
    tasks: dict[str, str]


def runs(url: str, username: str | None, password: str | None) -> list[Run]:
    """The newest runs of both DAGs, newest first; only the newest of each has its `tasks`.

    Args:
        username, password: of Airflow's login; None to ask without one.

    Raises:
        AirflowAway: no answer, a login that is refused, or an answer that is not Airflow's.
    """
    try:
        with httpx.Client(
            base_url=url, timeout=SECONDS, verify=_trusted(), trust_env=False
        ) as client:
            if username and password:
                login = {"username": username, "password": password}
                client.headers["Authorization"] = (
                    f"Bearer {_json(client.post('/auth/token', json=login))['access_token']}"
                )
            return [run for dag in DAGS for run in _runs(client, dag)]
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise AirflowAway(f"{url}: {error}") from error
    except (KeyError, TypeError, ValueError) as error:
        raise AirflowAway(f"{url}: the answer is not that of Airflow's API ({error!r})") from error


@cache
def _trusted() -> ssl.SSLContext:
    """Kept: to make one reads every certificate that is trusted."""
    return httpx.create_ssl_context(trust_env=False)


def _json(answer: httpx.Response) -> Any:
    return answer.raise_for_status().json()


def _runs(client: httpx.Client, dag: str) -> list[Run]:
    path = f"/api/v2/dags/{dag}/dagRuns"
    answer = client.get(path, params={"limit": NEWEST, "order_by": "-run_after"})
    if answer.status_code == httpx.codes.NOT_FOUND:
        return []
    found = _json(answer)["dag_runs"]
    return [_run(client, dag, run, path if i == 0 else None) for i, run in enumerate(found)]


def _run(client: httpx.Client, dag: str, run: dict[str, Any], path: str | None) -> Run:
    name = run["dag_run_id"]
    tasks = _json(client.get(f"{path}/{name}/taskInstances"))["task_instances"] if path else []
    in_order = sorted(tasks, key=lambda task: task["start_date"] or "9")
    states = {task["task_id"]: task["state"] or "none" for task in in_order}
    return Run(
        dag, name, run["state"], _moment(run["start_date"]), _moment(run["end_date"]), states
    )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
