"""Which model serves, which one served when, and the way back.

    models/pipeline.joblib     the active version, beside it model_metadata.json
    models/versions/<id>/      the same two files of every version, never changed
    models/history.jsonl       one line per decision, written before it is carried out

A promotion writes its line, then the pipeline, then the metadata. Whoever comes after an
interrupted one sees that the active metadata still names the version before, and finishes it. A
file changed behind the registry's back is refused, not mended: its metadata names the right
version, its hash does not match.

The decisions make a pile: a promotion lays its version on top, a rollback takes the top one away.
So rollbacks one after the other walk back, and what was taken away comes back only by a promotion.
"""

from datetime import datetime
from pathlib import Path

from raincast.documents import Json
from raincast.errors import BadFile, BadInput, NoModel
from raincast.learning.metadata import ModelMetadata
from raincast.store import model_checks, model_files, model_history, pickles
from raincast.store.locks import PATIENCE_SECONDS, locked
from raincast.store.model_history import Action, ModelDecision
from raincast.store.new_versions import in_utc
from raincast.store.serving_version import ServingVersion


class Registry(ServingVersion):
    """The models of a folder, and the decisions on which of them serves."""

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
            NoModel: no such version, its kept pipeline does not match its hash, or it cannot serve
                here; nothing has changed.
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

    def _record(
        self,
        action: Action,
        version: str,
        now: datetime,
        reason: str,
        comparison: Json | None = None,
    ) -> None:
        decision = ModelDecision(
            at_utc=in_utc(now),
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
        wanted = self._sound(version)
        # It may have been copied here from elsewhere, without its folder.
        if model_files.whole(self.models):
            active = model_files.read(self.models)
            model_files.keep(self._home(active[0].version), *active)
        self._record(action, version, now, reason)
        try:
            model_files.write(self.models, *wanted)
        except OSError as error:
            raise BadFile(
                str(self.models),
                str(error),
                f"room and rights for a model; '{action}' of {version} is recorded, and is carried"
                " out with the next look at the models",
            ) from error

    def _sound(self, version: str) -> tuple[ModelMetadata, bytes]:
        """A kept version's files, with which it can serve here."""
        found = self._checked(self._home(version))
        pickles.require_fit(found[0])
        return found

    def _restore(self, version: str, now: datetime) -> None:
        kept = self._sound(version)
        if not model_files.whole(self.models) or model_files.read_metadata(self.models) != kept[0]:
            self._record("restore", version, now, "the active files did not match their hash")
            model_files.write(self.models, *kept)
