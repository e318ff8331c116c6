"""Fitted networks as they are kept, and what they say together."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from raincast.features.surroundings import Rows
from raincast.learning.attention.arithmetic import Weights
from raincast.learning.attention.ensemble import Ensemble
from raincast.learning.attention.recipe import Recipe
from raincast.learning.attention.tokens import Scale

MOST_ENSEMBLES = 8
"""How many models' networks are kept as ensembles: those that serve, are compared or replayed."""


class Network:
    """Weights by name, and the scale of what they are given.

    Args:
        recipe: its sizes.
        scale: of the tokens.
        weights: float32 arrays by name; `fit` gives them.
        seed: that it was fitted with.
        losses: of its epochs; former networks have none.
    """

    def __init__(
        self,
        recipe: Recipe,
        scale: Scale,
        weights: Weights,
        seed: int = 0,
        losses: Sequence[float] = (),
    ) -> None:
        self.recipe, self.scale, self.weights, self.seed = recipe, scale, dict(weights), seed
        self.losses_ = list(losses)

    def __getstate__(self) -> dict[str, Any]:
        return vars(self) | {
            "recipe": dict(self.recipe._asdict()),
            "scale": dict(vars(self.scale)),
        }

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        self.weights, self.seed = state["weights"], state["seed"]
        self.losses_ = state.get("losses_", [])
        self.recipe, self.scale = Recipe(**state["recipe"]), Scale(**state["scale"])

    def log_odds(self, rows: Rows) -> npt.NDArray[np.float64]:
        """(n,) log-odds of rain of n rows."""
        return mean_log_odds([self], rows)


@lru_cache(MOST_ENSEMBLES)
def _together(*networks: Network) -> Ensemble:
    """Networks side by side; they are kept with the states of the days that they were asked for."""
    first = networks[0]
    weights = {name: np.stack([one.weights[name] for one in networks]) for name in first.weights}
    return Ensemble(first.recipe, first.scale, weights)


def ensemble(networks: Sequence[Network]) -> Ensemble:
    """Networks of one recipe that were fitted to the same days, as one."""
    return _together(*networks)


def mean_log_odds(networks: Sequence[Network], rows: Rows) -> npt.NDArray[np.float64]:
    """(n,) mean log-odds of rain of n rows, by networks that were fitted to the same days."""
    total = np.zeros(len(rows))
    for one in ensemble(networks).log_odds(rows):
        total += one
    return total / len(networks)
