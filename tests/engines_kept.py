"""What is put into either engine."""

from datetime import UTC, datetime

from raincast.learning.metadata import ModelDescription
from raincast.store.registry import Registry
from tests.journals import FORECAST
from tests.registries import climate

NOW = datetime(2026, 3, 3, 12, tzinfo=UTC)


def forecast(number: int):
    return FORECAST._replace(forecast_id=f"{number:032x}")


def about(chance: float) -> ModelDescription:
    return ModelDescription(threshold=chance, figures={}, params={}, stations=["Albury"])


def kept(registry: Registry, chance: float, minute: int) -> str:
    return registry.save(climate(chance), about(chance), NOW.replace(minute=minute))
