"""New versions of models: how a fitted pipeline comes to be kept."""

import errno
import os
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from raincast.errors import NoModel
from raincast.learning.metadata import ModelDescription, ModelMetadata
from raincast.store import model_files, pickles
from raincast.store.kept_versions import KeptVersions
from raincast.store.locks import PATIENCE_SECONDS, locked

if TYPE_CHECKING:
    from sklearn.base import BaseEstimator


class NewVersions(KeptVersions):
    """The versions of a folder, to which others come; the first `save` makes it if missing."""

    def save(self, pipeline: "BaseEstimator", about: ModelDescription, now: datetime) -> str:
        """Keeps a fitted pipeline as a new version, which does not serve yet.

        Args:
            pipeline: has `predict_proba`; pickled.
            about: what its maker says of it, with a `threshold`.
            now: aware moment.

        Returns:
            The version's id: its moment, which sorts, and the beginning of its hash. Where another
            of the same moment has the same bits, as the judged one has where no day came after it,
            the moment is a second later.

        Raises:
            BadInput: the pipeline cannot be pickled.
        """
        pickled, modules = pickles.dumped(pipeline)
        sha256 = model_files.sha256(pickled)
        self.require_writable()
        with locked(self.models, PATIENCE_SECONDS):
            metadata = _metadata(about, now, sha256, modules)
            while self._is_anothers(metadata):
                now += timedelta(seconds=1)
                metadata = _metadata(about, now, sha256, modules)
            model_files.keep(self._home(metadata.version), metadata, pickled)
        return metadata.version

    def require_writable(self) -> None:
        """Makes the folder, and refuses one that cannot be written to, before a fit is for nothing.

        Raises:
            OSError: says which.
        """
        self.models.mkdir(parents=True, exist_ok=True)
        if not os.access(self.models, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(self.models))

    def _is_anothers(self, metadata: ModelMetadata) -> bool:
        """Whether a model that is said to be something else is kept under that version."""
        if metadata.version not in self._kept():
            return False
        try:
            kept = model_files.read_metadata(self._home(metadata.version))
        except NoModel:  # damaged: it is written anew
            return False
        return kept.purpose != metadata.purpose


def _metadata(
    about: ModelDescription, now: datetime, sha256: str, modules: Mapping[str, str]
) -> ModelMetadata:
    return ModelMetadata(
        **about.given(),
        version=f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}-{sha256[:8]}",
        created_at_utc=in_utc(now),
        libraries=pickles.libraries() | dict(modules),
        sha256=sha256,
    )


def in_utc(now: datetime) -> str:
    """An aware moment as documents have it, to the second."""
    return now.astimezone(UTC).isoformat(timespec="seconds")
