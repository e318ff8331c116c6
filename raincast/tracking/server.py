"""An MLflow server, told of runs. What it has under a run's key whole is left alone, what it has
half is begun anew.
"""

import logging
import sys
from collections.abc import Mapping
from contextlib import redirect_stdout
from datetime import datetime
from typing import Any, Self

import mlflow
from mlflow import MlflowClient
from mlflow import environment_variables as mlflow_settings
from mlflow.entities import Dataset, DatasetInput, Metric, Param, RunTag
from mlflow.exceptions import MlflowException
from mlflow.utils.mlflow_tags import (
    MLFLOW_GIT_COMMIT,
    MLFLOW_PARENT_RUN_ID,
    MLFLOW_RUN_NAME,
    MLFLOW_USER,
)
from requests import RequestException

from raincast import __version__
from raincast.errors import NoModel, ServerUnavailable
from raincast.learning.studies import Trial
from raincast.settings import tracking_login
from raincast.store.registry import Registry
from raincast.tracking import models
from raincast.tracking.run import Run
from raincast.verification import plots

EXPERIMENT = "weather-ml"
SHOWN = {"commit": MLFLOW_GIT_COMMIT, "user": MLFLOW_USER}
"""Tags of ours that MLflow's pages show under names of its own."""
KEY, WHOLE = "raincast.key", "raincast.whole"
TIMEOUT_SECONDS, TRIES = 20, 2
MOST_AT_ONCE = 100

_log = logging.getLogger(__name__)


class Server:
    """Open as long as the block lasts; every error of the server
    comes out as `ServerUnavailable`.
    """

    def __init__(self, uri: str, registry: Registry) -> None:
        self._uri, self._registry = uri, registry

    def __enter__(self) -> Self:
        self._silence = redirect_stdout(
            sys.stderr
        )  # MLflow prints addresses; standard output is for results
        self._silence.__enter__()
        _set_up(self._uri)
        self._client = MlflowClient(self._uri)
        self._experiment = _guarded(
            self._uri, lambda: mlflow.set_experiment(EXPERIMENT).experiment_id
        )
        return self

    def __exit__(self, *raised: Any) -> None:
        self._silence.__exit__(*raised)

    def take(self, run: Run) -> str:
        """The server's id of a run that it has whole afterwards.

        Raises:
            ServerUnavailable: it stopped answering, or refuses.
        """
        return str(_guarded(self._uri, lambda: self._take(run)))

    def align_aliases(self) -> dict[str, str]:
        """Puts `champion` and `challenger` where the models folder has them; the versions by alias,
        as set.
        """
        found = _guarded(self._uri, lambda: models.align(self._client, self._registry.standing()))
        return dict(found)

    def _take(self, run: Run) -> str:
        for there in self._client.search_runs([self._experiment], f"tags.`{KEY}` = '{run.key}'"):
            if there.data.tags.get(WHOLE) == "true":
                return str(there.info.run_id)
            self._delete_with_children(there.info.run_id)
        about = dict(run.tags) | {f"data.{name}": str(value) for name, value in run.data.items()}
        known_as = self._tell(
            run, about | {KEY: run.key, "kind": run.kind, "raincast": __version__}
        )
        self._data(known_as, run.data)
        self._course(known_as, run.curves, _milliseconds(run))
        for trial in run.children:
            self._end(trial, self._tell(trial, {MLFLOW_PARENT_RUN_ID: known_as, "kind": "trial"}))
        for name, figure in plots.figures(run.curves).items():
            self._client.log_figure(known_as, figure, f"plots/{name}.png")
        self._model(run, known_as)
        self._client.set_tag(known_as, WHOLE, "true")
        self._client.set_terminated(
            known_as, "FINISHED", _milliseconds(run) + round(1000 * run.seconds)
        )
        return known_as

    def _delete_with_children(self, run_id: str) -> None:
        for child in self._client.search_runs(
            [self._experiment], f"tags.`{MLFLOW_PARENT_RUN_ID}` = '{run_id}'"
        ):
            self._client.delete_run(child.info.run_id)
        self._client.delete_run(run_id)

    def _tell(self, run: Run | Trial, tags: Mapping[str, str]) -> str:
        """Params, metrics and tags of a run or a trial; its id."""
        begun = _milliseconds(run)
        told = {SHOWN.get(name, name): value for name, value in tags.items()}
        told |= {MLFLOW_RUN_NAME: run.name}
        known_as = str(self._client.create_run(self._experiment, begun).info.run_id)
        metrics = [Metric(name, value, begun, 0) for name, value in run.metrics.items()]
        params = [Param(name, str(value)) for name, value in run.params.items()]
        labels = [RunTag(name, str(value)) for name, value in told.items()]
        self._client.log_batch(known_as, params=params, tags=labels)
        self._measured(known_as, metrics)
        return known_as

    def _course(self, known_as: str, curves: Mapping[str, Any], at: int) -> None:
        """Losses by round and epoch, as metrics with steps."""
        course = curves.get("course", {}).items()
        metrics = [Metric(name, loss, at, step) for name, part in course for step, loss in part]
        self._measured(known_as, metrics)

    def _measured(self, known_as: str, metrics: list[Metric]) -> None:
        for start in range(0, len(metrics), MOST_AT_ONCE):
            self._client.log_batch(known_as, metrics=metrics[start : start + MOST_AT_ONCE])

    def _end(self, trial: Trial, known_as: str) -> None:
        ended = {"COMPLETE": "FINISHED", "PRUNED": "KILLED"}.get(trial.state, "FAILED")
        over = _milliseconds(trial) + round(1000 * trial.seconds)
        self._client.set_terminated(known_as, ended, over)

    def _data(self, known_as: str, data: Mapping[str, Any]) -> None:
        if data.get("raw_md5"):
            used = Dataset(
                str(data.get("raw_name", "history")),
                str(data["raw_md5"]),
                "local",
                str(data.get("raw_source", "")),
            )
            self._client.log_inputs(known_as, [DatasetInput(used)])

    def _model(self, run: Run, known_as: str) -> None:
        if run.model is None:
            return
        try:
            kept = self._registry.load(run.model)
        except NoModel as error:
            _log.warning("the model of %s is not sent: %s", run.key, error)
            return
        name = models.JUDGED_NAME if run.kind == "evaluation" else models.NAME
        models.register(self._client, kept, known_as, name)


def _milliseconds(run: Run | Trial) -> int:
    return round(1000 * datetime.fromisoformat(run.at_utc).timestamp())


def _set_up(uri: str) -> None:
    """Short time-outs, no telemetry, no progress bars; the login that belongs to this address."""
    chosen: dict[Any, Any] = {
        mlflow_settings.MLFLOW_HTTP_REQUEST_TIMEOUT: TIMEOUT_SECONDS,
        mlflow_settings.MLFLOW_HTTP_REQUEST_MAX_RETRIES: TRIES,
        mlflow_settings.MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR: False,
        mlflow_settings.MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT: True,
        mlflow_settings.MLFLOW_DISABLE_TELEMETRY: True,
    }
    login = tracking_login(uri)
    if login:
        chosen |= {mlflow_settings.MLFLOW_TRACKING_USERNAME: login[0]}
        chosen |= {mlflow_settings.MLFLOW_TRACKING_PASSWORD: login[1]}
    for variable, value in chosen.items():
        variable.set(value)
    logging.getLogger("mlflow").setLevel(logging.ERROR)
    mlflow.set_tracking_uri(uri)
    mlflow.set_registry_uri(uri)


def _guarded(uri: str, work: Any) -> Any:
    try:
        return work()
    except (MlflowException, RequestException) as error:
        told = str(error).splitlines()[0][:300]
        raise ServerUnavailable(
            f"{uri}: {told}; what is not sent is kept, `raincast track` sends it"
        ) from error
