"""How a version is logged: the pipeline for `mlflow.sklearn`, and around it, for `mlflow.pyfunc`, a
model that takes observations.
"""

import re
from datetime import date
from importlib import metadata
from importlib.resources import files
from pathlib import Path

import mlflow
import pandas as pd
from mlflow.models import Model
from mlflow.models.model import MLMODEL_FILE_NAME

from raincast.learning.blend import Forecaster
from raincast.observations import stations
from raincast.observations.network import in_force
from raincast.observations.schema import FIELDS, KEY, OBSERVATIONS
from raincast.simulator import simulate
from raincast.store import files as written
from raincast.store import model_files
from raincast.tracking import observed

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
"""MLflow stores scikit-learn models in skops' form, which names every type that it will build on
loading. A pipeline with any other is refused when it is stored, not when somebody loads it.
"""

EXAMPLE_DAY, EXAMPLE_ROWS, EXAMPLE_SEED = date(2016, 4, 1), 5, 1
ABOUT_EXAMPLE = "simulated weather, since the Bureau's observations may not be passed on"


def requirements() -> list[str]:
    """The libraries that a pipeline needs, as they are installed here.

    The package itself is none of them: nobody owns its name on the index, so its code travels with
    the model.
    """
    needed = (line for line in metadata.requires("raincast") or () if "extra ==" not in line)
    names = {re.split(r"[^\w.-]", line, maxsplit=1)[0] for line in needed} | {"skops"}
    return [f"{name}=={metadata.version(name)}" for name in sorted(names)]


def example() -> pd.DataFrame:
    """Rows as they are known at 3 pm, at the network's first stations, of simulated weather."""
    later = [name for name in OBSERVATIONS if FIELDS[name].slot in ("midnight", "next9am")]
    rows = simulate(EXAMPLE_DAY, EXAMPLE_DAY, EXAMPLE_SEED).drop(columns=later)
    known = in_force().locations[:EXAMPLE_ROWS]
    rows = rows.head(len(known)).assign(Location=list(known))
    return rows.assign(Date=rows["Date"].dt.strftime("%Y-%m-%d"))[
        list(reversed(KEY)) + [name for name in OBSERVATIONS if name not in later]
    ]


def save_model(path: str, mlflow_model: Model, kept: Forecaster) -> None:
    """Fills the folder of a model, as `Model.log` asks of a flavour."""
    mlflow.sklearn.save_model(
        kept.pipeline,
        path,
        mlflow_model=mlflow_model,
        signature=observed.SIGNATURE,
        input_example=example(),
        metadata={"input_example": ABOUT_EXAMPLE, "version": kept.version},
        pip_requirements=requirements(),
        code_paths=[str(files("raincast"))],
        skops_trusted_types=TRUSTED,
    )
    folder = Path(path)
    written.write_json(folder / model_files.METADATA, kept.metadata.to_json())
    written.write_text(folder / observed.STATIONS, _table())
    mlflow_model.flavors[mlflow.pyfunc.FLAVOR_NAME][mlflow.pyfunc.MAIN] = observed.__name__
    mlflow_model.save(str(folder / MLMODEL_FILE_NAME))


def _table() -> str:
    network = in_force()
    return stations.with_event("\n".join(map(stations.entry_text, network.stations)), network.event)
