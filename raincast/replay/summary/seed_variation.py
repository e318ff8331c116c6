"""How far the luck of a single fit goes: the first model fitted again, with nothing changed but the
seed.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from tqdm import tqdm

from raincast.features.surroundings import Rows
from raincast.learning import fitting
from raincast.observations.panel import Panel
from raincast.replay.summary.records import SeedVariation


def of_fits(
    known: Panel,
    params: Mapping[str, Any],
    rows: pd.DataFrame,
    X: Rows,
    fits: int,
) -> SeedVariation:
    """Brier scores of fits to all that is known, on the forecasts of a replay.

    Args:
        known: the history that the first model was fitted to.
        rows: as `figures.told` gives them, n rows.
        X: the inputs of the same rows.
        fits: how many, at least two.
    """
    y, found = rows["y"].to_numpy(), []
    for seed in tqdm(range(1, fits + 1), "fits", leave=False, disable=None):
        p = fitting.fit(known, fitting.everything(known), params, seed).predict_proba(X)[:, 1]
        found.append(float(np.mean((p - y) ** 2)))
    return SeedVariation(fits=fits, brier=found, brier_sd=float(np.std(found, ddof=1)))
