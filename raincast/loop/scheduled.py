"""The rows that the scheduled runs would have written to the journal, given the observations."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from raincast.features import block
from raincast.forecasts import basis
from raincast.learning.blend import Forecaster
from raincast.learning.examples import SCHEDULED_UTC
from raincast.observations import event
from raincast.observations.availability import instant, regimes
from raincast.observations.panel import Panel

_CHUNK_DAYS = 200


def rows(by: Forecaster, observed: Panel, days: Sequence[date]) -> pd.DataFrame:
    """The rows of the days' scheduled issue times, in their order; each knows only what was due."""
    parts: list[dict[str, npt.NDArray[Any]]] = []
    for start in range(0, len(days), _CHUNK_DAYS):
        chunk = days[start : start + _CHUNK_DAYS]
        chances = {clock: _chances(by, observed, chunk, clock) for clock in SCHEDULED_UTC}
        parts += [
            _rows(by, observed, day, clock, chances[clock][i])
            for i, day in enumerate(chunk)
            for clock in SCHEDULED_UTC
        ]
    return pd.DataFrame({name: np.concatenate([part[name] for part in parts]) for name in parts[0]})


def _chances(
    by: Forecaster, observed: Panel, days: Sequence[date], clock: time
) -> npt.NDArray[np.float64]:
    """(days, stations)."""
    at = np.array([instant(datetime.combine(day, clock, UTC)) for day in days])
    X = block.surrounded(observed, days, at)
    every = np.ones(X.table.shape[:2], dtype=bool)
    return np.asarray(by.probabilities(X[every]).reshape(every.shape))


def _rows(
    by: Forecaster, observed: Panel, day: date, clock: time, p: npt.NDArray[np.float64]
) -> dict[str, npt.NDArray[Any]]:
    now = datetime.combine(day, clock, UTC)
    there = np.flatnonzero(observed.seen[observed.position(day)])
    regime = np.array(regimes(day, instant(now)), dtype=object)[there]
    threshold = np.array([by.threshold_of(name) for name in regime])
    issued = np.full(len(there), now, dtype=object)
    return {
        "logged_at_utc": issued,
        "feature_date": np.full(len(there), np.datetime64(day, "s")),
        "target_date": np.full(len(there), np.datetime64(event.target_date(day), "s")),
        "location": np.array(observed.network.locations, dtype=object)[there],
        "rain_probability": p[there],
        "predicted_rain": (p[there] >= threshold).astype(int),
        "issued_at_utc": issued,
        "regime": regime,
        "basis": np.full(len(there), basis.TODAY, dtype=object),
    }
