"""Decision thresholds that reach a recall."""

from typing import Any

import numpy as np
import numpy.typing as npt

from raincast.errors import BadInput


def threshold_for_recall(y: npt.NDArray[Any], p: npt.NDArray[Any], recall: float) -> float:
    """The highest threshold at which at least that share of wet days is forecast, saying rain where
    p ≥ threshold.

    Raises:
        BadInput: there is no wet day among `y`.
    """
    wet = np.sort(p[y == 1])[::-1]
    if not len(wet):
        raise BadInput("a decision threshold needs wet days to reach a recall on: found none")
    return float(wet[min(int(np.ceil(recall * len(wet))), len(wet)) - 1])


def precision_at_recall(y: npt.NDArray[Any], p: npt.NDArray[Any], recall: float) -> float:
    """Share of warnings that were right, 0 to 1, at the highest threshold that reaches the recall.

    Raises:
        BadInput: there is no wet day among `y`.
    """
    return float(y[p >= threshold_for_recall(y, p, recall)].mean())
