"""A folder to search in."""

import json
from pathlib import Path

import optuna

from raincast.decisions.retraining import SearchResult
from raincast.loop import retrain_set, search, study_store
from raincast.settings import Settings
from tests import learned, worlds

ROOT = Path(__file__).resolve().parents[1]
SCRIPT = ROOT / "optimisations/prod/optuna_search_recall_small.py"
NO_TIME = {"tune_seconds": 0}
ANSWER = "answer.json"


def folder(root: Path) -> tuple[Settings, SearchResult]:
    """A folder in which a search had no time but for the present parameters, and what it
    answered.
    """
    worlds.copied("searched", _build, root)
    answer = SearchResult.from_json(json.loads((root / ANSWER).read_text()), ANSWER)
    return Settings(root=root, **NO_TIME), answer


def _build(root: Path) -> None:
    settings = Settings(root=root, **NO_TIME)
    learned.with_history(settings)
    (root / ANSWER).write_text(json.dumps(search.run(settings).to_json()))


def study(settings: Settings) -> optuna.Study:
    built = retrain_set.read_meta(settings)
    return optuna.load_study(
        study_name=study_store.study_name(built, settings.target_recall), storage=settings.studies
    )
