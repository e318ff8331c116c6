"""What a tracking server has of a run afterwards, whole or not at all: MLflow's own store, in a
file.
"""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from raincast.errors import ServerUnavailable
from raincast.learning.studies import Trial
from raincast.store.registry import Registry
from raincast.tracking.run import Run

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:.*noload"),  # of MLflow's own tables, with SQLAlchemy 2.1
]
NOW = datetime(2026, 3, 3, 12, tzinfo=UTC)
STATES = {"COMPLETE": "FINISHED", "PRUNED": "KILLED", "FAIL": "FAILED"}
METRICS = {f"m{i:03}": i / 8 for i in range(250)}
"""More than the server takes in one call."""
VARIABLES = (
    "MLFLOW_HTTP_REQUEST_TIMEOUT",
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES",
    "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR",
    "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT",
    "MLFLOW_DISABLE_TELEMETRY",
)


def trial(state: str, seconds: float) -> Trial:
    begun = (NOW + timedelta(minutes=1)).isoformat()
    return Trial(
        name=f"trial-{state}", at_utc=begun, seconds=seconds, state=state, params={"max_depth": 3}
    )


RUN = Run(
    key="search-s-3",
    kind="search",
    name="search s, 3 trials",
    at_utc=NOW.isoformat(),
    seconds=2.5,
    params={"tune_seconds": 9, "model": None},
    metrics=METRICS,
    tags={"study": "s", "user": "somebody"},
    data={"raw_md5": "ef", "raw_name": "weatherAUS.csv", "rows": 13},
    curves={"course": {"loss": [[0, 0.75], [1, 0.5], [2, 0.25]]}},
    children=[trial(state, seconds) for seconds, state in enumerate(STATES)],
)


@pytest.fixture
def uri(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Where MLflow lays what it lays is below the test's folder, and what is set for it ends."""
    for name in VARIABLES:
        monkeypatch.setenv(name, "")
    monkeypatch.chdir(tmp_path)
    yield f"sqlite:///{tmp_path / 'mlflow.db'}"
    import mlflow

    mlflow.set_tracking_uri("")
    mlflow.set_registry_uri("")


def test_a_run_is_there_once_whole_with_all_its_figures_and_trials_as_they_ended(
    uri: str, tmp_path: Path
) -> None:
    from mlflow import MlflowClient

    from raincast.tracking.server import Server

    with Server(uri, Registry(tmp_path / "models")) as server:
        known_as = server.take(RUN)
        assert server.take(RUN) == known_as
        client = MlflowClient(uri)
        told = client.get_run(known_as)
        assert {name: told.data.metrics[name] for name in METRICS} == METRICS
        assert told.data.params == {"tune_seconds": "9", "model": "None"}
        assert told.data.tags["mlflow.user"] == "somebody"
        assert told.data.tags["data.rows"] == "13"
        assert told.inputs.dataset_inputs[0].dataset.digest == "ef"
        course = client.get_metric_history(known_as, "loss")
        assert [(one.step, one.value) for one in course] == [(0, 0.75), (1, 0.5), (2, 0.25)]
        assert told.info.end_time - told.info.start_time == 2500
        experiment = told.info.experiment_id
        there = client.search_runs([experiment], f"tags.`mlflow.parentRunId` = '{known_as}'")
        assert {one.info.run_name: one.info.status for one in there} == {
            f"trial-{state}": status for state, status in STATES.items()
        }
        assert {one.info.end_time - one.info.start_time for one in there} == {0, 1000, 2000}

        client.delete_tag(known_as, "raincast.whole")  # as if the sending had been cut short
        again = server.take(RUN)
        assert again != known_as
        whole = [one.info.run_id for one in client.search_runs([experiment])]
        assert again in whole
        assert len(whole) == 1 + len(STATES), "what was there by half is gone with its trials"
        assert known_as not in whole


def test_what_the_registry_lacks_is_said_and_the_run_is_told_all_the_same(
    uri: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    from mlflow import MlflowClient
    from mlflow.exceptions import MlflowException

    from raincast.tracking import server as servers

    run = RUN.model_copy(update={"key": "training-v1", "model": "v1", "children": []})
    with servers.Server(uri, Registry(tmp_path / "models")) as server:
        with caplog.at_level(logging.WARNING, servers.__name__):
            known_as = server.take(run)
        assert "the model of training-v1 is not sent: no version 'v1'" in caplog.text
        assert MlflowClient(uri).get_run(known_as).data.tags["raincast.whole"] == "true"
        assert server.align_aliases() == {}, "nobody serves, and nothing is registered"

    def refuse() -> None:
        raise MlflowException("x" * 400 + "\nits traceback")

    with pytest.raises(ServerUnavailable) as caught:
        servers._guarded(uri, refuse)
    said = f"{uri}: {'x' * 300}; what is not sent is kept, `raincast track` sends it"
    assert str(caught.value) == said
