"""What event the rows of a journal are about: that of the models that they name."""

from collections.abc import Iterable

from raincast.errors import NoModel
from raincast.observations.network import require_event
from raincast.settings import Settings
from raincast.store import stores
from raincast.store.registry import Registry


def require_one(settings: Settings, versions: Iterable[object], where: str) -> None:
    """Refuses a journal in which any row is about another event than the network's. A row without a
    model, or of one that is not kept here, is about the default event.

    Args:
        versions: the rows' `model_version`.

    Raises:
        BadInput: names the model and its event.
    """
    registry = stores.of(settings).registry()
    for version in dict.fromkeys(v if isinstance(v, str) and v else None for v in versions):
        whose = f"rows of model {version}" if version else "rows that name no model"
        remedy = "keep the journal of each event in a root of its own"
        require_event(_event(registry, version), f"{where}, {whose}", remedy)


def _event(registry: Registry, version: str | None) -> str | None:
    try:
        return registry.metadata(version).event if version else None
    except NoModel:
        return None
