"""The server's model registry: `weather-ml`, with the aliases `champion` and `challenger`, and what
was judged apart from it.
"""

from collections.abc import Mapping

import mlflow
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException
from mlflow.models import Model

from raincast.learning.blend import Forecaster
from raincast.tracking import card, flavour

NAME = "weather-ml"
JUDGED_NAME = "weather-ml-judged"
"""Of evaluations: so the newest version under `NAME` is never one that was made to be judged."""
VERSION = "raincast.version"
MOST_LETTERS = 5000
"""As long may a description be (MLflow's own database)."""


def register(client: MlflowClient, kept: Forecaster, run_id: str, name: str = NAME) -> None:
    """Logs a version's pipeline under a run, with signature and input example, and registers it
    under the name unless it is there.
    """
    if kept.version in versions(client, name):
        return
    with mlflow.start_run(run_id=run_id):
        logged = Model.log(None, flavour, name="model", kept=kept)
    told = {
        VERSION: kept.version,
        "purpose": str(kept.metadata.purpose),
        "sha256": kept.metadata.sha256,
    }
    made = mlflow.register_model(logged.model_uri, name, tags=told)
    client.update_model_version(name, made.version, card.of(kept.metadata)[:MOST_LETTERS])


def versions(client: MlflowClient, name: str = NAME) -> dict[str, str]:
    """The server's number of each version of ours that it has under the name."""
    found = client.search_model_versions(f"name = '{name}'", max_results=10_000)
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
