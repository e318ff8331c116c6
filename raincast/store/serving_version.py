"""Which version of a folder serves, and which one did when.

A change is recorded before it is carried out. Whoever comes after an interrupted one sees that the
active metadata still names the version before, and finishes it.
"""

import os
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

from raincast.learning.metadata import ModelMetadata
from raincast.store import model_files, model_history, pickles
from raincast.store.files import stamp
from raincast.store.locks import PATIENCE_SECONDS, locked
from raincast.store.model_history import ModelDecision
from raincast.store.new_versions import NewVersions

if TYPE_CHECKING:
    from raincast.learning.blend import Forecaster


class ServingVersion(NewVersions):
    """The version that serves among those that a folder keeps."""

    def recover(self) -> str | None:
        """Finishes a promotion or rollback that was cut short; the version put in place, or None.
        Repeatable.
        """
        with self._there():
            return self._finish()

    def load_active(self) -> "Forecaster":
        """The model that serves. Its hash is checked over the very bytes that are then unpickled.

        Raises:
            NoModel: there is none, or it is not what its metadata says; the message names the
                command that helps.
        """
        return pickles.opened(*self._active_files())

    def active_metadata(self) -> ModelMetadata:
        """The metadata of the model that serves, whose pipeline has the hash that it names; nothing
        is unpickled.

        Raises:
            NoModel: as `load_active`.
        """
        metadata, _ = self._active_files()
        pickles.require_fit(metadata)
        return metadata

    def served_at(self, moment: datetime) -> str:
        """The version that was active at an aware moment. A journal row's `model_version` says what
        answered that row.

        Raises:
            NoModel: the history begins later.
        """
        return self.served_until(moment)[-1]

    def served_until(self, moment: datetime) -> list[str]:
        """Every version that was active up to an aware moment, in order; at least one.

        Raises:
            NoModel: the history begins later.
        """
        return model_history.served_until(self.history(), moment)

    def state(self) -> Hashable:
        """What tells the model that serves from another, without opening it."""
        return tuple(
            stamp(self.models / name) for name in (model_files.PIPELINE, model_files.METADATA)
        )

    def standing(self) -> dict[str, str | None]:
        """Who stands where; see `model_history.standing`."""
        return model_history.standing(self.history(), self._active())

    def in_the_shadow(self) -> ModelDecision | None:
        """The decision that put a challenger into the shadow, if it is still there."""
        return model_history.in_the_shadow(self.history())

    def _active_files(self) -> tuple[ModelMetadata, bytes]:
        """The active version's checked files; of a change that was cut short, those of its end."""
        with self._there():
            if os.access(self.models, os.W_OK):
                self._finish()
            pending = self._pending()
            return self._checked(self._home(pending) if pending else self.models)

    def _pending(self) -> str | None:
        """The version of a change that was recorded and not carried out."""
        changes = model_history.changes(self.history())
        if not changes or self._active() != changes[-1].previous:
            return None
        version = changes[-1].version
        return version if version in self._kept() else None

    def _finish(self) -> str | None:
        version = self._pending()
        if version:
            model_files.write(self.models, *model_files.read(self._home(version)))
        return version

    @contextmanager
    def _there(self) -> Iterator[None]:
        self._require_folder()
        with locked(self.models, PATIENCE_SECONDS):
            yield
