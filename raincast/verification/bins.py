"""Forecasts by their chance: the bins of a reliability table, and their rows."""

from collections.abc import Sequence

import numpy as np

from raincast.verification.records import ReliabilityBin
from raincast.verification.sums import Codes, Floats

BINS = 10
"""Of the reliability table, of equal width."""


def bin_of(p: Floats, bins: int = BINS) -> Codes:
    """(n,) bin of equal width of each chance; it holds its lower edge, the last one also 1."""
    return np.minimum((p * bins).astype(np.intp), bins - 1)


def binned(wet: Floats, chance: Floats, code: Codes, bins: int) -> Floats:
    """(3, bins) how many forecasts, the sums of their chances, and how often it rained."""
    weights = (np.ones_like(wet), chance, wet)
    return np.stack([np.bincount(code, weights=w, minlength=bins) for w in weights])


def table(binned: Floats, edges: Sequence[float]) -> list[ReliabilityBin]:
    """The rows of a reliability table from `binned` between those edges; None in an empty bin."""
    n, forecast, observed = binned
    return [
        ReliabilityBin(
            low=edges[i],
            high=edges[i + 1],
            n=int(n[i]),
            mean_forecast=float(forecast[i] / n[i]) if n[i] else None,
            observed=float(observed[i] / n[i]) if n[i] else None,
        )
        for i in range(len(n))
    ]


def reliability_of(
    wet: Floats, chance: Floats, code: Codes, edges: Sequence[float]
) -> list[ReliabilityBin]:
    """The reliability table of forecasts that are in bins (n,) between those edges already."""
    return table(binned(wet, chance, code, len(edges) - 1), edges)
