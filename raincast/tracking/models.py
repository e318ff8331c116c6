"""The server's model registry: `weather-ml`, with the aliases `champion` and `challenger`."""

from collections.abc import Mapping

import mlflow
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException
from mlflow.models import Model

from raincast.learning.blend import Forecaster
from raincast.tracking import card, flavour

NAME = "weather-ml"
VERSION = "raincast.version"
MOST_LETTERS = 5000
"""As long may a description be (MLflow's own database)."""


def register(client: MlflowClient, kept: Forecaster, run_id: str) -> None:
    """Logs a version's pipeline under a run, with signature and input example, and registers it
    unless it is there.
    """
    if kept.version in versions(client):
        return
    with mlflow.start_run(run_id=run_id):
        logged = Model.log(None, flavour, name="model", kept=kept)
    told = {
        VERSION: kept.version,
        "purpose": str(kept.metadata.purpose),
        "sha256": kept.metadata.sha256,
    }
    made = mlflow.register_model(logged.model_uri, NAME, tags=told)
    client.update_model_version(NAME, made.version, card.of(kept.metadata)[:MOST_LETTERS])


def versions(client: MlflowClient) -> dict[str, str]:
    """The server's number of each version of ours that it has."""
    found = client.search_model_versions(f"name = '{NAME}'", max_results=10_000)
    return {entry.tags[VERSION]: str(entry.version) for entry in found if VERSION in entry.tags}


def align(client: MlflowClient, standing: Mapping[str, str | None]) -> dict[str, str]:
    """Puts each alias on its version, takes away the alias of none; versions by alias, as they are
    set now.
    """
    there, now = versions(client), _aliases(client)
    set_: dict[str, str] = {}
    for alias, version in standing.items():
        if version in there:
            if now.get(alias) != there[version]:
                client.set_registered_model_alias(NAME, alias, there[version])
            set_[alias] = version
        elif alias in now:
            client.delete_registered_model_alias(NAME, alias)
    return set_


def _aliases(client: MlflowClient) -> dict[str, str]:
    """`search_model_versions` leaves aliases out, so the registered model is asked."""
    try:
        return {
            alias: str(number)
            for alias, number in client.get_registered_model(NAME).aliases.items()
        }
    except MlflowException as error:
        if error.error_code == "RESOURCE_DOES_NOT_EXIST":
            return {}
        raise
