"""The model that serves: loaded once, and exchanged when another is
promoted, while requests go on.
"""

import logging
from pathlib import Path

from raincast.errors import NoModel
from raincast.features import block
from raincast.learning.blend import Forecaster
from raincast.store.registry import Registry

_FILES = ("pipeline.joblib", "model_metadata.json")
_log = logging.getLogger(__name__)

Stamp = tuple[tuple[int, int, int] | None, ...]


class ModelExchange:
    """Holds the model that serves. `look` follows the registry's folder; a bad file leaves the
    model in place.

    Attributes:
        problem: why the newest files are not in use; None where they are.
    """

    def __init__(self, models: Path) -> None:
        self._models = models
        self._seen: Stamp | None = None
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
        stamp = tuple(_stamp(self._models / name) for name in _FILES)
        if stamp == self._seen:
            return
        self._seen = stamp
        try:
            self._serving, self.problem = _loaded(self._models), None
        except Exception as error:  # unpickling a file made by other libraries can raise anything
            self.problem = (
                f"{type(error).__name__}: {error}" if not isinstance(error, NoModel) else str(error)
            )
            _log.error("the model in %s is not taken: %s", self._models, self.problem)
        else:
            _log.info("model %s serves", self._serving.version)


def _stamp(path: Path) -> tuple[int, int, int] | None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _loaded(models: Path) -> Forecaster:
    """The active model, after it has answered for rows in which nothing is known."""
    forecaster = Registry(models).load_active()
    chances = forecaster.probabilities(block.unknown(2))
    if not ((chances >= 0) & (chances <= 1)).all():
        raise NoModel(
            f"model {forecaster.version}: expected chances from 0 to 1, found {chances}; promote"
            " another"
        )
    return forecaster
