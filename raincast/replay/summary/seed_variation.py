"""How far the luck of a single fit goes: the first model fitted again, with nothing changed but the
seed.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from raincast.features.surroundings import Rows
from raincast.learning import fitting
from raincast.loop import own_model
from raincast.observations.panel import Panel
from raincast.pieces import HERE, Workers
from raincast.replay.summary.records import SeedVariation
from raincast.store import scratch


class _Given(NamedTuple):
    """What every fit learns from, and is judged on."""

    known: Panel
    params: Mapping[str, Any]
    y: npt.NDArray[np.float64]
    X: Rows


def _brier(given: _Given, seed: int) -> float:
    """Of the fit with that seed."""
    known = given.known
    span = fitting.everything(known)
    with own_model.answered_for(given.params):
        made = fitting.fit(known, span, given.params, seed, scratch=scratch.folder)
        return float(np.mean((made.predict_proba(given.X)[:, 1] - given.y) ** 2))


def of_fits(
    known: Panel,
    params: Mapping[str, Any],
    rows: pd.DataFrame,
    X: Rows,
    fits: int,
    by: Workers = HERE,
) -> SeedVariation:
    """Brier scores of fits to all that is known, on the forecasts of a replay.

    Args:
        known: the history that the first model was fitted to.
        rows: as `scores.told` gives them, n rows.
        X: the inputs of the same rows.
        fits: how many, at least two.
        by: who fits them.
    """
    given = _Given(known, params, rows["y"].to_numpy(), X)
    found = list(by.each(_brier, given, range(1, fits + 1), "fits"))
    return SeedVariation(fits=fits, brier=found, brier_sd=float(np.std(found, ddof=1)))
