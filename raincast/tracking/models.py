"""The server's model registry: `weather-ml`, with the aliases `champion` and `challenger`.

MLflow stores scikit-learn models in skops' form, which names every type that it will build on
loading. Those of our pipeline are stated here; a pipeline with any other is refused by skops when
it is stored, not when somebody loads it.
"""

import re
from collections.abc import Mapping
from importlib import metadata
from importlib.resources import files

import mlflow
import numpy as np
import pandas as pd
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException
from mlflow.models import infer_signature

from raincast.features import block
from raincast.learning.blend import Forecaster
from raincast.tracking import card

NAME = "weather-ml"
VERSION = "raincast.version"
MOST_LETTERS = 5000
"""As long may a description be (MLflow's own database)."""
TRUSTED = [
    "imblearn.pipeline.Pipeline",
    "imblearn.under_sampling._prototype_selection._random_under_sampler.RandomUnderSampler",
    "raincast.learning.attention.network.Network",
    "raincast.learning.blend.Blend",
    "raincast.learning.blend.Recalibrated",
    "raincast.learning.perceptron.Perceptron",
    "xgboost.core.Booster",
    "xgboost.sklearn.XGBClassifier",
]


def requirements() -> list[str]:
    """The libraries that a pipeline needs, as they are installed here.

    The package itself is none of them: nobody owns its name on the index, so its code travels with
    the model.
    """
    needed = (line for line in metadata.requires("raincast") or () if "extra ==" not in line)
    names = {re.split(r"[^\w.-]", line, maxsplit=1)[0] for line in needed} | {"skops"}
    return [f"{name}=={metadata.version(name)}" for name in sorted(names)]


def register(client: MlflowClient, kept: Forecaster, run_id: str) -> None:
    """Logs a version's pipeline under a run, with signature and input example, and registers it
    unless it is there.
    """
    if kept.version in versions(client):
        return
    X = pd.DataFrame(np.zeros((2, len(block.NAMES)), np.float32), columns=list(block.NAMES))
    with mlflow.start_run(run_id=run_id):
        logged = mlflow.sklearn.log_model(
            kept.pipeline,
            name="model",
            signature=infer_signature(X, kept.pipeline.predict_proba(X)),
            input_example=X,
            pip_requirements=requirements(),
            code_paths=[str(files("raincast"))],
            pyfunc_predict_fn="predict_proba",
            skops_trusted_types=TRUSTED,
        )
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
