"""Unfitted and fitted pipelines from the parameters of a model."""

from collections.abc import Mapping
from typing import Any

import numpy.typing as npt
from imblearn.pipeline import Pipeline
from imblearn.under_sampling import RandomUnderSampler

from raincast.errors import BadInput
from raincast.learning.blend import DEFAULT_PARAMS, Blend
from raincast.learning.classifier import Array
from raincast.observations.network import Network

RESAMPLING = ("none", "under")
_BESIDE_TREES = (
    "perceptrons", "epochs", "networks", "network_epochs", "resampling", "fit_rows", "model",
)  # fmt: skip


def pipeline(params: Mapping[str, Any], seed: int = 0) -> Pipeline:
    """An unfitted pipeline from `DEFAULT_PARAMS`' names.

    Raises:
        BadInput: the resampling is not one of `RESAMPLING`.
    """
    if params["resampling"] not in RESAMPLING:
        raise BadInput(
            f"resampling: found {params['resampling']!r}, expected one of {', '.join(RESAMPLING)}"
        )
    sampler = (
        RandomUnderSampler(random_state=seed) if params["resampling"] == "under" else "passthrough"
    )
    trees = {name: value for name, value in params.items() if name not in _BESIDE_TREES}
    beside = (params["perceptrons"], params["epochs"])
    blend = Blend(trees, *beside, seed, params["networks"], params["network_epochs"])
    return Pipeline([("resampling", sampler), ("blend", blend)])


def train(
    X: Array,
    y: npt.NDArray[Any],
    params: Mapping[str, Any],
    seed: int = 0,
    stations: Network | None = None,
) -> Pipeline:
    """A pipeline fitted to (n, K) features and (n,) labels, without networks; `params` fill up from
    `DEFAULT_PARAMS`. `stations` are those whose numbers are among the features; see `Blend.fit`.
    """
    return pipeline(DEFAULT_PARAMS | dict(params), seed).fit(X, y, blend__stations=stations)
