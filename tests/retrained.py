"""Folders before a retraining."""

import json
import shutil
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from raincast.loop import retrain_set
from raincast.settings import Settings
from raincast.store.registry import Registry
from tests import learned, worlds

LAST = date(2016, 4, 10)
NOW = datetime(2016, 4, 14, 6, tzinfo=UTC)
GOOD, BAD = learned.TINY, learned.TINY | {"n_estimators": 1}


def better(root: Path) -> Settings:
    """A folder in which the challenger will be better than the champion."""
    worlds.copied("better", lambda made: _build(made, BAD, GOOD), root)
    return Settings(root=root)


def worse(root: Path) -> Settings:
    """One in which it will be worse."""
    worlds.copied("worse", lambda made: _build(made, GOOD, BAD), root)
    return Settings(root=root)


def _build(root: Path, champion: dict[str, object], best: dict[str, object]) -> None:
    """A champion that serves, live rows since, the set with them, and the parameters that a search
    has found.
    """
    settings = Settings(root=root)
    learned.with_history(settings)
    learned.with_model(settings, champion)
    learned.with_live(settings, LAST)
    retrain_set.build(settings)
    settings.best_params.write_text(
        json.dumps({"study_name": "a study", "best_value": 0.5, "best_params": best})
    )


def copied(settings: Settings, root: Path) -> Settings:
    return replace(settings, root=shutil.copytree(settings.root, root))


def decisions(settings: Settings) -> list[tuple[str, str]]:
    return [(entry.action, entry.version) for entry in Registry(settings.models).history()][1:]
