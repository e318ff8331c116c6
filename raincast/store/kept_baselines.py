"""Baselines that were fitted for a model, kept beside it as numbers: models/baselines/ID.json."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from raincast.documents import Document
from raincast.errors import BadFile
from raincast.learning.baselines import KINDS, Baseline
from raincast.observations.network import in_force
from raincast.store import files
from raincast.verification.evaluation import TunedBaseline

Tuned = Mapping[str, Sequence[TunedBaseline]]


class KeptBaseline(Document):
    """One baseline with its threshold; `arrays` are nested lists by name."""

    name: str
    threshold: float
    arrays: dict[str, list[float] | list[list[float]]]


class KeptBaselines(Document):
    """By regime; `key` says what they were fitted and tuned to."""

    key: str
    event: str | None = None
    regimes: dict[str, list[KeptBaseline]]


def key(**fitted_to: Any) -> str:
    """A digest of what baselines depend on: whatever else, they are fitted anew."""
    return hashlib.sha256(json.dumps(fitted_to, sort_keys=True, default=str).encode()).hexdigest()


def read(path: Path, expected_key: str) -> dict[str, list[TunedBaseline]] | None:
    """The kept ones; None where there are none, or they were fitted to something else."""
    try:
        kept = KeptBaselines.from_json(files.read_json(path), str(path))
    except BadFile:
        return None
    if kept.key != expected_key:
        return None
    return {
        regime: [_fitted(one) for one in several if one.name in KINDS]
        for regime, several in kept.regimes.items()
    }


def _fitted(kept: KeptBaseline) -> TunedBaseline:
    arrays = {name: np.array(values, dtype=np.float64) for name, values in kept.arrays.items()}
    return TunedBaseline(Baseline(kept.name, arrays), kept.threshold)


def write(path: Path, made_key: str, regimes: Tuned) -> None:
    """Keeps them, whole."""
    kept = {
        regime: [
            KeptBaseline(
                name=one.baseline.name,
                threshold=one.threshold,
                arrays={name: a.tolist() for name, a in one.baseline.arrays.items()},
            )
            for one in several
        ]
        for regime, several in regimes.items()
    }
    files.write_json(
        path, KeptBaselines(key=made_key, event=in_force().event.statement, regimes=kept).to_json()
    )
