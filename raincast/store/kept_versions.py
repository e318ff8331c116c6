"""The versions of models that a folder keeps, and what their files hold, checked.

models/versions/<id>/        pipeline.joblib and model_metadata.json of every version
"""

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from raincast.errors import NoModel
from raincast.learning.metadata import KeptVersion, ModelMetadata
from raincast.store import model_checks, model_files, model_history, pickles
from raincast.store.ledger import Ledger
from raincast.store.model_history import ModelDecision

# A pickle needs boosting and scikit-learn; to look at versions nothing of them is loaded.
if TYPE_CHECKING:
    from raincast.learning.blend import Forecaster

_log = logging.getLogger(__name__)


class KeptVersions:
    """The versions of a folder.

    Args:
        models: the folder.
        decisions: the history; the folder's own if none.
    """

    def __init__(self, models: Path, decisions: Ledger | None = None):
        self.models = models
        self.decisions = decisions or Ledger(models / model_history.HISTORY)

    def history(self) -> list[ModelDecision]:
        """Every decision, oldest first; see `model_history.read`."""
        return model_history.read(self.decisions)

    def load(self, version: str) -> "Forecaster":
        """A kept version, active or not.

        Raises:
            NoModel: no such version, or it is not what its metadata says.
        """
        return pickles.opened(*self._checked(self._require(version)))

    def metadata(self, version: str) -> ModelMetadata:
        """A kept version's metadata; its pipeline is not opened.

        Raises:
            NoModel: no such version.
        """
        return model_files.read_metadata(self._require(version))

    def home(self, version: str) -> Path:
        """The folder of a kept version.

        Raises:
            NoModel: no such version.
        """
        return self._require(version)

    def versions(self) -> list[KeptVersion]:
        """Every kept version, oldest first. One that cannot be read is left out, and logged."""
        active = self._active()
        found = ((name, _metadata_or_none(self._home(name))) for name in self._kept())
        return [_summary(metadata, active) for _, metadata in found if metadata]

    def _checked(self, folder: Path) -> tuple[ModelMetadata, bytes]:
        """A version's metadata, which nobody edited, and the bytes whose hash it names."""
        metadata, data = model_files.read(folder)
        self._require_unedited(metadata)
        return metadata, data

    def _require_unedited(self, metadata: ModelMetadata) -> None:
        """Metadata must say what it said when the version was last decided on.

        Raises:
            NoModel: it was edited since.
        """
        version = metadata.version
        hashes = (d.metadata_sha256 for d in self.history() if d.version == version)
        recorded = [sha256 for sha256 in hashes if sha256]
        found = model_checks.content_sha256(metadata)
        if recorded and recorded[-1] != found:
            raise NoModel(
                f"the metadata of {version} was edited: expected content of SHA-256"
                f" {recorded[-1]}, found {found}; `raincast models"
                f" promote {version}` puts the kept copy back, `raincast models rollback` the"
                " version before"
            )

    def _active(self) -> str | None:
        """The version that the active metadata names; None where none can be read."""
        try:
            return model_files.read_metadata(self.models).version
        except NoModel:
            return None

    def _require_folder(self) -> None:
        if not self.models.is_dir():
            raise NoModel(
                f"there is no folder {self.models}: `raincast train` makes the first model,"
                " `raincast train --quick` a weaker one in minutes"
            )

    def _home(self, version: str) -> Path:
        return self.models / "versions" / version

    def _kept(self) -> list[str]:
        """The versions' names; what else lies in their folder is not ours."""
        there = self.models.glob(f"versions/[!.]*/{model_files.METADATA}")
        return sorted(p.parent.name for p in there if model_checks.is_version(p.parent.name))

    def _require(self, version: str) -> Path:
        kept = self._kept()
        if version not in kept:
            raise NoModel(
                f"no version {version!r} in {self.models}: the newest are"
                f" {', '.join(kept[-3:]) or 'none'}"
            )
        return self._home(version)


def _metadata_or_none(folder: Path) -> ModelMetadata | None:
    try:
        return model_files.read_metadata(folder)
    except NoModel as error:
        _log.warning("left out: %s", error)
        return None


def _summary(metadata: ModelMetadata, active: str | None) -> KeptVersion:
    maker = (metadata.params or {}).get("model")
    found = KeptVersion(
        version=metadata.version,
        created_at_utc=metadata.created_at_utc,
        rows=metadata.rows,
        figures=metadata.figures,
        threshold=metadata.threshold,
        run_id=metadata.run_id,
        active=metadata.version == active,
        purpose=metadata.purpose,
    )
    return found.model_copy(update={"model": str(maker)}) if maker else found
