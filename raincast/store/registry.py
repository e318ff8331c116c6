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
import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from fcntl import LOCK_EX, flock
from importlib import import_module
from pathlib import Path
from typing import Any

import joblib
from sklearn.base import BaseEstimator

from raincast.errors import NoModel
from raincast.learning.blend import Forecaster
from raincast.store import ledger, model_files

HISTORY = "history.jsonl"
_LIBRARIES = ("imblearn", "joblib", "numpy", "pandas", "sklearn", "xgboost")


def save(models: Path, pipeline: BaseEstimator, metadata: dict[str, Any], now: datetime) -> str:
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
    with _alone(models):
        model_files.keep(_home(models, version), metadata | added, pickled.getvalue())
    return version


def promote(models: Path, version: str, now: datetime, reason: str) -> None:
    """Makes a kept version the active one. Where it is already, nothing is written unless its files
    were damaged.

    Raises:
        NoModel: no such version, or its kept pipeline does not match its hash; nothing has changed.
    """
    _require(models, version)
    with _alone(models):
        _finish(models)
        if _active(models) == version:
            _restore(models, version, now)
        else:
            _change(models, "promote", version, now, reason)


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
    with _alone(models):
        _finish(models)
        _record(models, "refuse", version, now, reason)


def recover(models: Path) -> str | None:
    """Finishes a promotion or rollback that was cut short; the version put in place, or None.
    Repeatable.
    """
    with _there(models):
        return _finish(models)


def load_active(models: Path) -> Forecaster:
    """The model that serves. Its hash is checked over the very bytes that are then unpickled.

    Raises:
        NoModel: there is none, or it is not what its metadata says; the message names the command
            that helps.
    """
    with _there(models):
        if os.access(models, os.W_OK):
            _finish(models)
        pending = _pending(models)
        return _read(_home(models, pending) if pending else models)


def load(models: Path, version: str) -> Forecaster:
    """A kept version, active or not.

    Raises:
        NoModel: no such version, or it is not what its metadata says.
    """
    return _read(_require(models, version))


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


def take(models: Path, folder: Path, now: datetime, reason: str) -> str:
    """Keeps a version whose two files lie in a folder from elsewhere, and promotes it; its id.

    Raises:
        NoModel: the folder does not hold a model, or one whose hash does not match.
    """
    metadata, data = model_files.read(folder)
    models.mkdir(parents=True, exist_ok=True)
    with _alone(models):
        model_files.keep(_home(models, metadata["version"]), metadata, data)
    promote(models, str(metadata["version"]), now, reason)
    return str(metadata["version"])


def versions(models: Path) -> list[dict[str, Any]]:
    """Every kept version, oldest first: `version, created_at_utc, rows, figures, threshold, run_id,
    active`.
    """
    active = _active(models)
    return [
        _summary(model_files.read_metadata(_home(models, version)), active)
        for version in _kept(models)
    ]


def history(models: Path) -> list[dict[str, Any]]:
    """Every decision, oldest first: `at_utc, action, version, previous, reason`.

    `action` is promote, rollback, refuse, or restore (damaged files of the active version were
    written again).
    """
    return ledger.read(models / HISTORY)


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
    """The version of Python and of every library that a pickled pipeline depends on."""
    return {
        "python": platform.python_version(),
        **{name: import_module(name).__version__ for name in _LIBRARIES},
    }


def _text(now: datetime) -> str:
    return now.astimezone(UTC).isoformat(timespec="seconds")


@contextmanager
def _alone(models: Path) -> Iterator[None]:
    """One process at a time. The lock is on the folder itself: it asks for no right to write."""
    handle = os.open(models, os.O_RDONLY)
    try:
        flock(handle, LOCK_EX)
        yield
    finally:
        os.close(handle)


@contextmanager
def _there(models: Path) -> Iterator[None]:
    if not models.is_dir():
        raise NoModel(f"there is no folder {models}: `raincast train` makes the first model")
    with _alone(models):
        yield


def _home(models: Path, version: str) -> Path:
    return models / "versions" / version


def _kept(models: Path) -> list[str]:
    return sorted(p.name for p in models.glob("versions/[!.]*"))


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


def _read(folder: Path) -> Forecaster:
    metadata, data = model_files.read(folder)
    return Forecaster(
        joblib.load(io.BytesIO(data)), metadata["threshold"], metadata["version"], metadata
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
    }
    ledger.append(models / HISTORY, entry)


def _change(models: Path, action: str, version: str, now: datetime, reason: str) -> None:
    wanted = model_files.read(_home(models, version))
    if model_files.whole(models):  # it may have been copied here from elsewhere, without its folder
        active = model_files.read(models)
        model_files.keep(_home(models, active[0]["version"]), *active)
    _record(models, action, version, now, reason)
    model_files.write(models, *wanted)


def _restore(models: Path, version: str, now: datetime) -> None:
    if not model_files.whole(models):
        kept = model_files.read(_home(models, version))
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
