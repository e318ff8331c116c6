"""What `mlflow.pyfunc` makes of a model that is logged: observations in, chances of rain out.

MLflow imports this module by its name, from the code that travels with the model.
"""

from pathlib import Path
from threading import Lock
from typing import Any

import mlflow
import pandas as pd
from mlflow.models import ModelSignature
from mlflow.types.schema import AnyType, ColSpec, Schema

from raincast.errors import BadInput
from raincast.forecasts import frame as forecasts
from raincast.learning.blend import Forecaster
from raincast.observations.availability import instant
from raincast.observations.frame import conform
from raincast.observations.network import Network, find, within
from raincast.observations.schema import NUMERIC, OBSERVATIONS
from raincast.store import model_checks, model_files, network

STATIONS = "stations.toml"
ISSUED = "issued_at_utc"

# Dates come as text or as times, and a column of calms and gaps has no type.
_ANY: Any = AnyType()  # type: ignore[no-untyped-call]
_OUTPUT = dict(zip(forecasts.COLUMNS, ("double", "long", "string", "string"), strict=True))

SIGNATURE = ModelSignature(
    Schema(
        [
            ColSpec(_ANY, "Date"),
            ColSpec("string", "Location"),
            *(ColSpec("double" if n in NUMERIC else _ANY, n, required=False) for n in OBSERVATIONS),
            ColSpec(_ANY, ISSUED, required=False),
        ]
    ),
    Schema([ColSpec(kind, name) for name, kind in _OUTPUT.items()]),
)


class Observed:
    """A model as MLflow asks it: `predict` on a frame of observations."""

    def __init__(self, forecaster: Forecaster, stations: Network) -> None:
        self._forecaster, self._stations, self._turn = forecaster, stations, Lock()

    def predict(self, given: pd.DataFrame) -> pd.DataFrame:
        """`frame.COLUMNS` of each row. Other days and stations count as far as they are among the
        rows; nothing else is known of them.

        Raises:
            BadInput: a station, date or value cannot be, or a station-day is there twice.
        """
        with self._turn, within(self._stations):
            found = forecasts.forecasts(self._forecaster, _observations(given), _issued(given))
        return found.set_axis(given.index)


def _observations(given: pd.DataFrame) -> pd.DataFrame:
    names = {name: find(str(name)).location for name in given["Location"].unique()}
    days = _times(given["Date"], "Date").dt.tz_localize(None).dt.normalize()
    return conform(given.assign(Location=given["Location"].map(names), Date=days))


def _issued(given: pd.DataFrame) -> list[int | None]:
    if ISSUED not in given:
        return [None] * len(given)
    return [None if pd.isna(at) else instant(at) for at in _times(given[ISSUED], ISSUED)]


def _times(given: "pd.Series[Any]", name: str) -> "pd.Series[pd.Timestamp]":
    try:
        return pd.to_datetime(given, utc=True)
    except ValueError as error:
        raise BadInput(f"{name}: {error}; expected ISO 8601, such as 2024-05-19") from error


def _load_pyfunc(path: str) -> Observed:
    """MLflow's door; the folder is the logged model's.

    Raises:
        NoModel: a raincast that is imported already has other features.
    """
    folder = Path(path)
    stations = network.read(folder / STATIONS)
    with within(stations):
        about = model_files.read_metadata(folder)
        model_checks.require_fit(about, {})
    pipeline = mlflow.sklearn.load_model(path)
    return Observed(Forecaster(pipeline, about.threshold, about.version, about), stations)
