"""A registry of models that always say the same."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
from sklearn.dummy import DummyClassifier

from raincast.learning.metadata import FittedRows, ModelDescription
from raincast.store.registry import Registry

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)
X = np.zeros((2, 3), dtype=np.float32)


def at(minutes: int) -> datetime:
    return NOON + timedelta(minutes=minutes)


def climate(chance: float) -> DummyClassifier:
    """A forecaster that always says the same."""
    wet = np.arange(100) < round(100 * chance)
    return DummyClassifier().fit(np.zeros((100, 3)), wet)


def keep(models: Path, chance: float, minutes: int) -> str:
    about = ModelDescription(
        threshold=chance,
        rows=FittedRows(count=100, first=date(2024, 1, 1), last=date(2024, 3, 1), sha256="0"),
        figures={"9am": {"brier": 0.1}},
        params={},
        stations=["Albury"],
    )
    return Registry(models).save(climate(chance), about, at(minutes))


def ids(models: Path) -> list[str]:
    return [v.version for v in Registry(models).versions()]
