"""Which model serves, which one served when, and the way back.

    models/pipeline.joblib, model_metadata.json     the active version
    models/versions/<id>/                           the same two files of every version, never
    changed
    models/history.jsonl                            one line per decision, written before it is
    carried out

A promotion writes its line, then the pipeline, then the metadata. Whoever comes after an
interrupted one sees that the active metadata still names the version before, and finishes it. A
file changed behind the registry's back is refused, not mended: its metadata names the right
version, its hash does not match.

The decisions make a pile: a promotion lays its version on top, a rollback takes the top one away.
So rollbacks one after the other walk back, and what was taken away comes back only by a promotion.
"""

import errno
import io
import os
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from raincast.documents import Json
from raincast.errors import BadInput, NoModel
from raincast.learning.metadata import ModelDescription, ModelMetadata
from raincast.store import model_checks, model_files, model_history, pickles
from raincast.store.files import stamp
from raincast.store.kept_versions import KeptVersions
from raincast.store.locks import PATIENCE_SECONDS, locked
from raincast.store.model_history import Action, ModelDecision

# A pickle needs boosting and scikit-learn; to look at versions nothing of them is loaded.
if TYPE_CHECKING:
    from sklearn.base import BaseEstimator

    from raincast.learning.blend import Forecaster


class Registry(KeptVersions):
    """The models of a folder, which is made by the first `save` where it is missing."""

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
        """
        import joblib

        pickled = io.BytesIO()
        joblib.dump(pipeline, pickled)
        sha256 = model_files.sha256(pickled.getvalue())
        self.require_writable()
        with locked(self.models, PATIENCE_SECONDS):
            metadata = _metadata(about, now, sha256)
            while self._is_anothers(metadata):
                now += timedelta(seconds=1)
                metadata = _metadata(about, now, sha256)
            model_files.keep(self._home(metadata.version), metadata, pickled.getvalue())
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

    def take(self, folder: Path, sha256: str, now: datetime, reason: str) -> str:
        """Keeps a version whose two files lie in a folder from elsewhere, and promotes it; its id.

        A pickle runs code when it is opened, so nothing is opened, and nothing written, before its
        hash is the one that its maker states.

        Args:
            sha256: of the pipeline, as its maker states it, not as the folder does.

        Raises:
            BadInput: the hash is another, or another model is kept under the version's name.
            NoModel: the folder does not hold a model that serves here.
        """
        metadata, data = model_files.read(folder)
        if metadata.sha256 != sha256.strip().lower():
            raise BadInput(
                f"{folder / model_files.PIPELINE}: found SHA-256 {metadata.sha256}, expected"
                f" {sha256}, as you stated; it is not opened, and nothing is taken"
            )
        version = metadata.version
        pickles.opened(metadata, data)
        self.models.mkdir(parents=True, exist_ok=True)
        with locked(self.models, PATIENCE_SECONDS):
            model_files.keep(self._home(version), metadata, data)
        if model_files.read(self._require(version))[0] != metadata:
            raise BadInput(
                f"version {version} is kept already, and is another; nothing is promoted"
            )
        self.promote(version, now, reason)
        return version

    def promote(self, version: str, now: datetime, reason: str) -> None:
        """Makes a kept version the active one. Where it is already, nothing is written unless its
        files were damaged.

        Raises:
            NoModel: no such version, or its kept pipeline does not match its hash; nothing has
                changed.
        """
        self._require(version)
        with self.decisions.alone():
            self._finish()
            if self._active() == version:
                self._restore(version, now)
            else:
                self._change("promote", version, now, reason)

    def promote_first(self, version: str, now: datetime, reason: str) -> bool:
        """Promotes a kept version where none has ever served; whether it did.

        Raises:
            NoModel: no such version, or its kept pipeline does not match its hash.
        """
        self._require(version)
        with self.decisions.alone():
            self._finish()
            if (
                model_history.changes(self.history())
                or (self.models / model_files.METADATA).exists()
            ):
                return False
            self._change("promote", version, now, reason)
            return True

    def rollback(self, now: datetime, reason: str) -> str:
        """Brings back the version that was active before the present one; its id.

        Raises:
            NoModel: nothing was active before.
        """
        self._require_folder()
        with self.decisions.alone():
            self._finish()
            before = self.before()
            if before is None:
                raise NoModel(
                    f"no version was active before the present one in {self.models};"
                    " `raincast models list` shows all"
                )
            self._change("rollback", before, now, reason)
        return before

    def before(self) -> str | None:
        """The version that a rollback would bring back; None if none was active before."""
        pile = model_history.pile(self.history(), self._active())
        return pile[-2] if len(pile) > 1 else None

    def refuse(
        self, version: str, now: datetime, reason: str, comparison: Json | None = None
    ) -> None:
        """Records that a kept version was not promoted, why, and how it compared.

        Raises:
            NoModel: no such version.
        """
        self._decided("refuse", version, now, reason, comparison)

    def put_in_the_shadow(self, version: str, now: datetime, reason: str) -> None:
        """Records that a kept version serves beside the active one, unseen, until the next
        decision.

        Raises:
            NoModel: no such version.
        """
        self._decided("shadow", version, now, reason)

    def _decided(
        self,
        action: Action,
        version: str,
        now: datetime,
        reason: str,
        comparison: Json | None = None,
    ) -> None:
        """Records a decision that changes nothing of what serves."""
        self._require(version)
        with self.decisions.alone():
            self._finish()
            self._record(action, version, now, reason, comparison)

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
        model_checks.require_fit(metadata, pickles.libraries())
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

    def _active_files(self) -> tuple[ModelMetadata, bytes]:
        """The active version's checked files; of a change that was cut short, those of its end."""
        with self._there():
            if os.access(self.models, os.W_OK):
                self._finish()
            pending = self._pending()
            return self._checked(self._home(pending) if pending else self.models)

    def _record(
        self,
        action: Action,
        version: str,
        now: datetime,
        reason: str,
        comparison: Json | None = None,
    ) -> None:
        decision = ModelDecision(
            at_utc=_text(now),
            action=action,
            version=version,
            previous=self._active(),
            reason=reason,
            metadata_sha256=model_checks.content_sha256(
                model_files.read_metadata(self._home(version))
            ),
        )
        if comparison:
            decision = decision.model_copy(update={"comparison": comparison})
        self.decisions.append(decision.to_json())

    def _change(self, action: Action, version: str, now: datetime, reason: str) -> None:
        wanted = model_files.read(self._home(version))
        self._require_unedited(wanted[0])
        # It may have been copied here from elsewhere, without its folder.
        if model_files.whole(self.models):
            active = model_files.read(self.models)
            model_files.keep(self._home(active[0].version), *active)
        self._record(action, version, now, reason)
        model_files.write(self.models, *wanted)

    def _restore(self, version: str, now: datetime) -> None:
        kept = model_files.read(self._home(version))
        self._require_unedited(kept[0])
        if not model_files.whole(self.models) or model_files.read_metadata(self.models) != kept[0]:
            self._record("restore", version, now, "the active files did not match their hash")
            model_files.write(self.models, *kept)

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


def _metadata(about: ModelDescription, now: datetime, sha256: str) -> ModelMetadata:
    return ModelMetadata(
        **about.given(),
        version=f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}-{sha256[:8]}",
        created_at_utc=_text(now),
        libraries=pickles.libraries(),
        sha256=sha256,
    )


def _text(now: datetime) -> str:
    return now.astimezone(UTC).isoformat(timespec="seconds")
