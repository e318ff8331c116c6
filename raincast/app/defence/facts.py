"""What the slides tell of the project: figures of its replays, and its DAGs.

`scripts/defence_facts.py` writes the file from `metrics/` and the DAG files.
"""

import json
from functools import cache
from importlib.resources import files

from raincast.documents import Document
from raincast.verification.records import Span

NAME = "facts.json"


class Match(Document):
    """Forecasts of a replay, those that have the same bits when computed at once, and those that
    have them once the values corrected since are put back.
    """

    rows: int
    equal: int
    rebuilt: int = 0


class Offline(Document):
    """A test set computed at once, and replayed: ROC AUC of both by regime."""

    match: Match
    roc_auc: dict[str, tuple[float, float]]


class Real(Document):
    """The Bureau's own files, replayed; the ROC AUC is that of 3 pm."""

    span: Span
    match: Match
    roc_auc: float
    n: int


class Policy(Document):
    """What a policy did; its Brier score less that of leaving the model alone, with the 95 %
    interval.
    """

    triggers: int
    promoted: int
    refused: int
    brier: tuple[float, float, float]


class Retraining(Document):
    """Policies side by side; `seed_sd` is the standard deviation of the Brier score between
    seeds.
    """

    span: Span
    policies: dict[str, Policy]
    seed_sd: float


class Dag(Document):
    """The tasks of a DAG, and which leads to which."""

    schedule: str | None
    tasks: list[str]
    edges: list[tuple[str, str]]


class Facts(Document):
    """The whole file."""

    offline: Offline
    real: Real
    retraining: dict[str, Retraining]
    reliability_gap: float
    dags: dict[str, Dag]


@cache
def facts() -> Facts:
    """What the package carries."""
    text = files("raincast.app.defence").joinpath(NAME).read_text("utf-8")
    return Facts.from_json(json.loads(text), NAME)
