"""Which model serves, which one served when, and the way back.

    models/pipeline.joblib, model_metadata.json     the active version
    models/versions/<id>/                           the same two files of every version, never
    changed
    models/history.jsonl                            one line per decision, written before it is
    carried out

A promotion writes its line, then the pipeline, then the metadata. Whoever comes after an
interrupted one sees that the active metadata still names the version before, and finishes it. A
file changed behind the registry's back is
refused, not mended: its metadata names the right version, its hash does not match.

The decisions make a pile: a promotion lays its version on top, a rollback takes the top one away.
So rollbacks one after the other walk back, and what was taken away comes back only by a promotion.
"""

import io
import logging
import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version as installed
from pathlib import Path
from typing import TYPE_CHECKING, Any

from raincast.errors import BadInput, NoModel
from raincast.store import ledger, model_checks, model_files
from raincast.store.locks import PATIENCE_SECONDS, locked

# A pickle needs boosting and scikit-learn; to look at versions nothing of them is loaded.
if TYPE_CHECKING:
    from sklearn.base import BaseEstimator

    from raincast.learning.blend import Forecaster

HISTORY = "history.jsonl"
_ENTRY = ("at_utc", "action", "version", "previous", "reason")
_LIBRARIES = {
    "imblearn": "imbalanced-learn",
    "joblib": "joblib",
    "numpy": "numpy",
    "pandas": "pandas",
    "sklearn": "scikit-learn",
    "xgboost": "xgboost-cpu",
}
"""What a pickled pipeline depends on: the name that is imported, and the package that has it."""
_log = logging.getLogger(__name__)


def save(models: Path, pipeline: "BaseEstimator", metadata: dict[str, Any], now: datetime) -> str:
    """Keeps a fitted pipeline as a new version, which does not serve yet.

    Args:
        models: the registry's folder; made where it is missing.
        pipeline: has `predict_proba`; pickled.
        metadata: at least `threshold`; `rows` (count, first, last, sha256), `params` and `figures`
            (by regime) are expected. Added here: `version`, `created_at_utc`, `libraries` and the
            pipeline's `sha256`.
        now: aware moment.

    Returns:
        The version's id: its moment, which sorts, and the beginning of its hash.
    """
    import joblib

    pickled = io.BytesIO()
    joblib.dump(pipeline, pickled)
    sha256 = model_files.sha256(pickled.getvalue())
    version = f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}-{sha256[:8]}"
    added = {
        "version": version,
        "created_at_utc": _text(now),
        "libraries": libraries(),
        "sha256": sha256,
    }
    models.mkdir(parents=True, exist_ok=True)
    with locked(models, PATIENCE_SECONDS):
        model_files.keep(_home(models, version), metadata | added, pickled.getvalue())
    return version


def promote(models: Path, version: str, now: datetime, reason: str) -> None:
    """Makes a kept version the active one. Where it is already, nothing is written unless its files
    were damaged.

    Raises:
        NoModel: no such version, or its kept pipeline does not match its hash; nothing has changed.
    """
    _require(models, version)
    with locked(models, PATIENCE_SECONDS):
        _finish(models)
        if _active(models) == version:
            _restore(models, version, now)
        else:
            _change(models, "promote", version, now, reason)


def promote_first(models: Path, version: str, now: datetime, reason: str) -> bool:
    """Promotes a kept version where none has ever served; whether it did.

    Raises:
        NoModel: no such version, or its kept pipeline does not match its hash.
    """
    _require(models, version)
    with locked(models, PATIENCE_SECONDS):
        _finish(models)
        if _changes(models) or (models / model_files.METADATA).exists():
            return False
        _change(models, "promote", version, now, reason)
        return True


def rollback(models: Path, now: datetime, reason: str) -> str:
    """Brings back the version that was active before the present one; its id.

    Raises:
        NoModel: nothing was active before.
    """
    with _there(models):
        _finish(models)
        pile = _pile([*history(models), {"action": "look", "previous": _active(models)}])
        if len(pile) < 2:
            raise NoModel(
                f"no version was active before the present one in {models}; `raincast models list`"
                " shows all"
            )
        _change(models, "rollback", pile[-2], now, reason)
    return pile[-2]


def refuse(models: Path, version: str, now: datetime, reason: str) -> None:
    """Records that a kept version was not promoted, and why.

    Raises:
        NoModel: no such version.
    """
    _require(models, version)
    with locked(models, PATIENCE_SECONDS):
        _finish(models)
        _record(models, "refuse", version, now, reason)


def recover(models: Path) -> str | None:
    """Finishes a promotion or rollback that was cut short; the version put in place, or None.
    Repeatable.
    """
    with _there(models):
        return _finish(models)


def load_active(models: Path) -> "Forecaster":
    """The model that serves. Its hash is checked over the very bytes that are then unpickled.

    Raises:
        NoModel: there is none, or it is not what its metadata says; the message names the command
            that helps.
    """
    return _opened(*_active_files(models))


def active_metadata(models: Path) -> model_files.Metadata:
    """The metadata of the model that serves, whose pipeline has the hash that it names; nothing is
    unpickled.

    Raises:
        NoModel: as `load_active`.
    """
    metadata, _ = _active_files(models)
    model_checks.require_fit(metadata, libraries())
    return metadata


def _active_files(models: Path) -> tuple[model_files.Metadata, bytes]:
    """The active version's checked files; of a change that was cut short, those of its end."""
    with _there(models):
        if os.access(models, os.W_OK):
            _finish(models)
        pending = _pending(models)
        return _checked(models, _home(models, pending) if pending else models)


def load(models: Path, version: str) -> "Forecaster":
    """A kept version, active or not.

    Raises:
        NoModel: no such version, or it is not what its metadata says.
    """
    return _opened(*_checked(models, _require(models, version)))


def metadata(models: Path, version: str) -> dict[str, Any]:
    """A kept version's metadata; its pipeline is not opened.

    Raises:
        NoModel: no such version.
    """
    return model_files.read_metadata(_require(models, version))


def home(models: Path, version: str) -> Path:
    """The folder of a kept version.

    Raises:
        NoModel: no such version.
    """
    return _require(models, version)


def take(models: Path, folder: Path, sha256: str, now: datetime, reason: str) -> str:
    """Keeps a version whose two files lie in a folder from elsewhere, and promotes it; its id.

    A pickle runs code when it is opened, so nothing is opened, and nothing written, before its hash
    is the one that its maker states.

    Args:
        sha256: of the pipeline, as its maker states it, not as the folder does.

    Raises:
        BadInput: the hash is another, or another model is kept under the version's name.
        NoModel: the folder does not hold a model that serves here.
    """
    metadata, data = model_files.read(folder)
    if metadata["sha256"] != sha256.strip().lower():
        raise BadInput(
            f"{folder / model_files.PIPELINE}: found SHA-256 {metadata['sha256']}, expected"
            f" {sha256}, as you stated; it is not opened, and nothing is taken"
        )
    version = str(metadata["version"])
    _opened(metadata, data)
    models.mkdir(parents=True, exist_ok=True)
    with locked(models, PATIENCE_SECONDS):
        model_files.keep(_home(models, version), metadata, data)
    if model_files.read(_require(models, version))[0] != metadata:
        raise BadInput(f"version {version} is kept already, and is another; nothing is promoted")
    promote(models, version, now, reason)
    return version


def versions(models: Path) -> list[dict[str, Any]]:
    """Every kept version, oldest first: `version, created_at_utc, rows, figures, threshold, run_id,
    active`. One that cannot be read is left out, and logged.
    """
    active = _active(models)
    found = ((name, _metadata_or_none(_home(models, name))) for name in _kept(models))
    return [_summary(metadata, active) for _, metadata in found if metadata]


def history(models: Path) -> list[dict[str, Any]]:
    """Every decision, oldest first: `at_utc, action, version, previous, reason`.

    `action` is promote, rollback, refuse, or restore (damaged files of the active version were
    written again). `metadata_sha256`, which older entries do not have, is of what the version's
    metadata said then. A line that is no decision is passed over, and logged.
    """
    entries = ledger.read(models / HISTORY)
    whole = [entry for entry in entries if _is_decision(entry)]
    if len(whole) < len(entries):
        _log.warning(
            "%s: %d lines are no decisions; take them out",
            models / HISTORY,
            len(entries) - len(whole),
        )
    return whole


def _is_decision(entry: dict[str, Any]) -> bool:
    try:
        at = datetime.fromisoformat(entry["at_utc"])
    except (KeyError, TypeError, ValueError):
        return False
    names = (entry.get("version"), entry.get("previous") or "", entry.get("action"))
    texts = all(isinstance(name, str) for name in names)
    return bool(at.tzinfo) and set(_ENTRY) <= set(entry) and texts


def served_at(models: Path, moment: datetime) -> str:
    """The version that was active at an aware moment. A journal row's `model_version` says what
    answered that row.

    Raises:
        NoModel: the history begins later.
    """
    return served_until(models, moment)[-1]


def served_until(models: Path, moment: datetime) -> list[str]:
    """Every version that was active up to an aware moment, in order; at least one.

    Raises:
        NoModel: the history begins later.
    """
    changes = _changes(models)
    until = [str(e["version"]) for e in changes if datetime.fromisoformat(e["at_utc"]) <= moment]
    if not until:
        begins = changes[0]["at_utc"] if changes else "with the first promotion"
        raise NoModel(
            f"no version is known to have served at {moment.isoformat()}: the history begins"
            f" {begins}"
        )
    return until


def standing(models: Path) -> dict[str, str | None]:
    """Who stands where: `champion` serves; `challenger` is the other version of the newest
    decision.

    After a promotion that is the version that served before, after a refusal the one refused, after
    a rollback the one
    taken away.
    """
    champion = _active(models)
    for entry in reversed(history(models)):
        others = [
            version
            for version in (entry["version"], entry["previous"])
            if version and version != champion
        ]
        if entry["action"] != "restore":
            return {"champion": champion, "challenger": others[0] if others else None}
    return {"champion": champion, "challenger": None}


def libraries() -> dict[str, str]:
    """The version of Python and of every library that a pickled pipeline depends on; nothing of
    them is loaded.
    """
    packages = {name: installed(package) for name, package in _LIBRARIES.items()}
    return {"python": platform.python_version()} | packages


def _text(now: datetime) -> str:
    return now.astimezone(UTC).isoformat(timespec="seconds")


@contextmanager
def _there(models: Path) -> Iterator[None]:
    if not models.is_dir():
        raise NoModel(f"there is no folder {models}: `raincast train` makes the first model")
    with locked(models, PATIENCE_SECONDS):
        yield


def _home(models: Path, version: str) -> Path:
    return models / "versions" / version


def _kept(models: Path) -> list[str]:
    """The versions' names; what else lies in their folder is not ours."""
    there = models.glob(f"versions/[!.]*/{model_files.METADATA}")
    return sorted(p.parent.name for p in there if model_checks.is_version(p.parent.name))


def _metadata_or_none(folder: Path) -> model_files.Metadata | None:
    try:
        return model_files.read_metadata(folder)
    except NoModel as error:
        _log.warning("left out: %s", error)
        return None


def _require(models: Path, version: str) -> Path:
    kept = _kept(models)
    if version not in kept:
        raise NoModel(
            f"no version {version!r} in {models}: the newest are {', '.join(kept[-3:]) or 'none'}"
        )
    return _home(models, version)


def _summary(metadata: model_files.Metadata, active: str | None) -> dict[str, Any]:
    shown = ("version", "created_at_utc", "rows", "figures", "threshold", "run_id")
    return {name: metadata.get(name) for name in shown} | {"active": metadata["version"] == active}


def _checked(models: Path, folder: Path) -> tuple[model_files.Metadata, bytes]:
    """A version's metadata, which nobody edited, and the bytes whose hash it names."""
    metadata, data = model_files.read(folder)
    _require_unedited(models, metadata)
    return metadata, data


def _opened(metadata: model_files.Metadata, data: bytes) -> "Forecaster":
    """The model in bytes whose hash was checked.

    Raises:
        NoModel: it is of another program, or cannot be opened by these libraries.
    """
    import joblib

    from raincast.learning.blend import Forecaster

    model_checks.require_fit(metadata, libraries())
    version = metadata["version"]
    try:
        pipeline = joblib.load(io.BytesIO(data))
    except Exception as error:  # a pickle of other libraries can raise anything
        raise NoModel(
            f"model {version} cannot be opened: {type(error).__name__}: {error}; it was made with"
            f" {metadata.get('libraries')}, here are {libraries()}"
        ) from error
    return Forecaster(pipeline, metadata["threshold"], version, metadata)


def _require_unedited(models: Path, metadata: model_files.Metadata) -> None:
    """Metadata must say what it said when the version was last decided on.

    Raises:
        NoModel: it was edited since.
    """
    version = metadata["version"]
    recorded = [e for e in history(models) if e["version"] == version and "metadata_sha256" in e]
    found = model_checks.content_sha256(metadata)
    if recorded and recorded[-1]["metadata_sha256"] != found:
        raise NoModel(
            f"the metadata of {version} was edited: expected content of SHA-256"
            f" {recorded[-1]['metadata_sha256']}, found {found}; `raincast models promote"
            f" {version}` puts the kept copy back, `raincast models rollback` the version before"
        )


def _active(models: Path) -> str | None:
    """The version that the active metadata names; None where none can be read."""
    try:
        return str(model_files.read_metadata(models)["version"])
    except NoModel:
        return None


def _changes(models: Path) -> list[dict[str, Any]]:
    return [e for e in history(models) if e["action"] in ("promote", "rollback")]


def _record(models: Path, action: str, version: str, now: datetime, reason: str) -> None:
    entry = {
        "at_utc": _text(now),
        "action": action,
        "version": version,
        "previous": _active(models),
        "reason": reason,
        "metadata_sha256": model_checks.content_sha256(
            model_files.read_metadata(_home(models, version))
        ),
    }
    ledger.append(models / HISTORY, entry)


def _change(models: Path, action: str, version: str, now: datetime, reason: str) -> None:
    wanted = model_files.read(_home(models, version))
    _require_unedited(models, wanted[0])
    if model_files.whole(models):  # it may have been copied here from elsewhere, without its folder
        active = model_files.read(models)
        model_files.keep(_home(models, active[0]["version"]), *active)
    _record(models, action, version, now, reason)
    model_files.write(models, *wanted)


def _restore(models: Path, version: str, now: datetime) -> None:
    kept = model_files.read(_home(models, version))
    _require_unedited(models, kept[0])
    if not model_files.whole(models) or model_files.read_metadata(models) != kept[0]:
        _record(models, "restore", version, now, "the active files did not match their hash")
        model_files.write(models, *kept)


def _pending(models: Path) -> str | None:
    """The version of a change that was recorded and not carried out."""
    changes = _changes(models)
    if not changes or _active(models) != changes[-1]["previous"]:
        return None
    version = str(changes[-1]["version"])
    return version if version in _kept(models) else None


def _finish(models: Path) -> str | None:
    version = _pending(models)
    if version:
        model_files.write(models, *model_files.read(_home(models, version)))
    return version


def _pile(entries: list[dict[str, Any]]) -> list[str]:
    """The versions through which rollbacks walk back, the active one last."""
    pile: list[str] = []
    for entry in entries:
        if entry["previous"] and pile[-1:] != [entry["previous"]]:
            pile.append(entry["previous"])
        if entry["action"] == "promote" and pile[-1:] != [entry["version"]]:
            pile.append(entry["version"])
        elif entry["action"] == "rollback":
            pile.pop()
    return pile
