"""The model that serves: loaded once, and exchanged when another is
promoted, while requests go on.
"""

import logging
from collections.abc import Hashable

from raincast.errors import NoModel
from raincast.features import block
from raincast.learning.blend import Forecaster
from raincast.store.registry import Registry

_log = logging.getLogger(__name__)


class ModelExchange:
    """Holds the model that serves. `look` follows the registry's folder; a bad file leaves the
    model in place.

    Attributes:
        problem: why the newest files are not in use; None where they are.
    """

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._seen: Hashable = None
        self._serving: Forecaster | None = None
        self.problem: str | None = None

    def serving(self) -> Forecaster:
        """The model that serves.

        Raises:
            NoModel: there is none; says why.
        """
        if self._serving is None:
            raise NoModel(self.problem or "the model is being loaded; try again in a few seconds")
        return self._serving

    def look(self) -> None:
        """Takes the registry's active model where its files are others than when last looked at."""
        state = self._registry.state()
        if state == self._seen:
            return
        self._seen = state
        try:
            self._serving, self.problem = _loaded(self._registry), None
        except Exception as error:  # unpickling a file made by other libraries can raise anything
            self.problem = (
                f"{type(error).__name__}: {error}" if not isinstance(error, NoModel) else str(error)
            )
            _log.error("the model in %s is not taken: %s", self._registry.models, self.problem)
        else:
            _log.info("model %s serves", self._serving.version)


def _loaded(registry: Registry) -> Forecaster:
    """The active model, after it has answered for rows in which nothing is known."""
    forecaster = registry.load_active()
    chances = forecaster.probabilities(block.unknown(2))
    if not ((chances >= 0) & (chances <= 1)).all():
        raise NoModel(
            f"model {forecaster.version}: expected chances from 0 to 1, found {chances}; promote"
            " another"
        )
    return forecaster
