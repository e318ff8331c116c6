"""What every run of the loop ends with: it is kept in the ledger, and sent where a tracking server
is set.

A server that is not there, or refuses, never fails the run: that is said, and `raincast track`
sends it later.
"""

import getpass
import hashlib
import logging
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from raincast import tracking
from raincast.decisions.retraining import Outcome, SearchResult
from raincast.decisions.watermark import RetrainingSet
from raincast.documents import Json
from raincast.errors import RaincastError
from raincast.learning.studies import Trial
from raincast.settings import REPOSITORY, Settings
from raincast.sources import web
from raincast.store import prepared, stores
from raincast.tracking import ledger
from raincast.tracking import run as tracked
from raincast.tracking.run import Run

_log = logging.getLogger(__name__)


def origin(repository: Path = REPOSITORY) -> dict[str, str]:
    """Who runs it, and the commit of the code, `-dirty` where the tree differs from it; what is not
    known is left out.
    """
    told = {}
    with suppress(OSError, KeyError):  # a container's user need not have a name
        told["user"] = getpass.getuser()
    if (repository / ".git").exists():
        words = ["git", "-C", str(repository), "describe", "--always", "--dirty", "--abbrev=40"]
        words += ["--exclude", "*"]
        with suppress(OSError, subprocess.SubprocessError):
            done = subprocess.run(words, capture_output=True, text=True, check=True, timeout=20)  # noqa: S603
            told["commit"] = done.stdout.strip()
    return told


def data_version(settings: Settings) -> Json:
    """The version of the raw file: MD5, by which DVC knows it, SHA-256 as it was prepared, and
    where it comes from.
    """
    raw = settings.raw_history
    told: Json = {
        "raw_name": raw.name,
        "raw_source": web.without_login(settings.history_url)[0],
    }
    if raw.exists():
        told["raw_md5"] = hashlib.md5(raw.read_bytes(), usedforsecurity=False).hexdigest()
    found = prepared.read(settings.prepared_meta)
    held = found.to_json(include={"sha256", "rows"}) if found else {}
    return told | {f"prepared_{name}": value for name, value in held.items()}


def training(settings: Settings, version: str, seconds: float) -> None:
    _end(
        settings,
        tracked.training(
            stores.of(settings).registry().metadata(version), data_version(settings), seconds
        ),
    )


def evaluation(settings: Settings, found: Mapping[str, Any], now: datetime, seconds: float) -> None:
    judged = stores.of(settings).registry().metadata(found["model_version"])
    _end(settings, tracked.evaluation(found, judged, data_version(settings), now, seconds))


def retraining(settings: Settings, done: Outcome, seconds: float) -> None:
    judged = stores.of(settings).registry().metadata(done.version)
    _end(settings, tracked.retraining(done, judged, data_version(settings), seconds))


def search(
    settings: Settings, done: SearchResult, trials: Sequence[Trial], built: RetrainingSet
) -> None:
    """Of a study's trials, those that no kept run of it has."""
    of_study = [
        run
        for run in ledger.read(stores.of(settings).runs())
        if run.tags.get("study") == done.study_name
    ]
    told = {trial.name for run in of_study for trial in run.children}
    new = [trial for trial in trials if trial.name not in told]
    if new:
        asked = {"target_recall": settings.target_recall, "tune_seconds": settings.tune_seconds}
        data = data_version(settings) | {
            "content_sha256": built.content_sha256,
            "rows": built.total_rows,
        }
        _end(settings, tracked.search(done, new, asked, data))


def keep_missed(settings: Settings) -> None:
    """Keeps a run of training for every version that was ever decided on and has none, from its
    metadata.
    """
    told = {run.model for run in ledger.read(stores.of(settings).runs())}
    for decision in stores.of(settings).registry().history():
        if decision.version not in told and decision.action in ("promote", "refuse"):
            metadata = stores.of(settings).registry().metadata(decision.version)
            ledger.keep(stores.of(settings).runs(), tracked.training(metadata, {}))


def _end(settings: Settings, run: Run) -> None:
    whose = run.model_copy(update={"tags": {**run.tags, **origin()}})
    if ledger.keep(stores.of(settings).runs(), whose):
        follow(settings)


def follow(settings: Settings) -> None:
    """Sends what is kept and moves the aliases, where a server is set; says so where that cannot
    be.
    """
    if settings.tracking_uri:
        kept = stores.of(settings).runs().name
        try:
            tracking.send(settings, settings.tracking_uri)
        except RaincastError as error:
            _log.warning(
                "not tracked: %s; it is kept in %s, `raincast track` sends it", error, kept
            )
        except Exception as error:  # a third party's fault must not cost a training
            _log.warning(
                "not tracked: %r; it is kept in %s, `raincast track` sends it", error, kept
            )
