"""The record of a pipeline run, independent of any tracking server: a training, an evaluation, a
search, a retraining.
"""

import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Literal

from pydantic import Field, JsonValue

from raincast.decisions.retraining import Outcome, SearchResult
from raincast.documents import Document, Json
from raincast.learning.metadata import ModelMetadata
from raincast.learning.studies import Trial
from raincast.observations.availability import REGIMES
from raincast.verification.records import Comparison


class Run(Document):
    """A run, as the ledger keeps it and a server is told of it.

    Attributes:
        key: names it for ever: the same run has the same key, so it is kept and sent once.
        kind: what it was.
        name: what people call it.
        at_utc, seconds: when it began, ISO 8601, and how long it took.
        params: what it was made with, by name.
        metrics: figures, by name: `3pm/roc_auc`, a baseline's as `3pm/persistence/roc_auc`.
        tags: what is neither.
        data: the version of the data: MD5 and SHA-256 of the raw file; hash, count and span of the
            rows.
        curves: what its plots are drawn from: `regimes` (reliability, roc, stations of each) and
            `importance`; of a training `course` too, by name the loss at each round or epoch.
        model: the version that it made or judged; None where there is none.
        children: of a search, its trials.
    """

    key: str
    kind: Literal["training", "evaluation", "search", "retraining"]
    name: str
    at_utc: str
    seconds: float = 0.0
    params: Mapping[str, JsonValue] = Field(default_factory=dict)
    metrics: Mapping[str, float] = Field(default_factory=dict)
    tags: Mapping[str, str] = Field(default_factory=dict)
    data: Mapping[str, JsonValue] = Field(default_factory=dict)
    curves: Mapping[str, JsonValue] = Field(default_factory=dict)
    model: str | None = None
    children: list[Trial] = Field(default_factory=list)


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def numbers(figures: Mapping[str, Any], prefix: str = "") -> dict[str, float]:
    """The figures that are numbers, by name; what is unknown or nested is left out."""
    plain = {name: value for name, value in figures.items() if isinstance(value, int | float)}
    return {prefix + name: float(value) for name, value in plain.items() if math.isfinite(value)}


def by_regime(found: Mapping[str, Any]) -> dict[str, float]:
    """The figures of every regime, and of the baselines where they stand beside them."""
    told: dict[str, float] = {}
    for regime in REGIMES:
        figures = found.get(regime, {})
        told |= numbers(figures, f"{regime}/")
        for name, theirs in figures.get("opponents", {}).items():
            told |= numbers(theirs, f"{regime}/{name}/")
    return told


def _of_model(metadata: ModelMetadata) -> dict[str, Any]:
    shown = ("event", "purpose", "judged_version", "run_id", "study")
    about = {name: getattr(metadata, name) for name in shown}
    thresholds = {f"threshold/{name}": v for name, v in (metadata.thresholds or {}).items()}
    return {
        "params": (metadata.params or {}) | {"target_recall": metadata.target_recall},
        "metrics": by_regime(metadata.figures or {}) | numbers(thresholds),
        "tags": {name: str(value) for name, value in about.items() if value is not None},
        "curves": dict(metadata.curves or {}),
        "model": metadata.version,
    }


def _rows(data: Mapping[str, Any], metadata: ModelMetadata) -> Json:
    rows = metadata.rows.to_json() if metadata.rows else {}
    return dict(data) | {f"rows_{name}": value for name, value in rows.items()}


def training(metadata: ModelMetadata, data: Mapping[str, Any], seconds: float = 0.0) -> Run:
    """The run that made a serving model, from that version's metadata and the version of the
    data.
    """
    told = _of_model(metadata)
    told |= {"data": _rows(data, metadata), "seconds": seconds}
    until = f", to {metadata.rows.last}" if metadata.rows else ""
    told |= {"name": f"train {metadata.version}{until}", "at_utc": metadata.created_at_utc or ""}
    return Run(kind="training", key=f"training-{metadata.version}", **told)


def evaluation(
    found: Mapping[str, Any],
    metadata: ModelMetadata,
    data: Mapping[str, Any],
    now: datetime,
    seconds: float = 0.0,
) -> Run:
    """A judgement (see `judging.judge`) of a version on a span."""
    span, regimes = found["span"], found["regimes"]
    kept = {
        name: {part: figures.get(part, []) for part in ("reliability", "roc")}
        for name, figures in regimes.items()
    }
    for name, figures in regimes.items():
        skills = {
            place: theirs["brier_skill"] for place, theirs in figures.get("stations", {}).items()
        }
        kept[name]["stations"] = {
            place: skill for place, skill in skills.items() if skill is not None
        }
    judged = f"{found['model_version']}-{span['first']}-{span['last']}"
    return Run(
        kind="evaluation",
        key=f"evaluation-{judged}-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        at_utc=_text(now),
        name=f"evaluate {found['model_version']}, {span['first']} to {span['last']}",
        params=_of_model(metadata)["params"] | {"first": span["first"], "last": span["last"]},
        metrics=numbers({name: found[name] for name in found if name not in ("span", "regimes")})
        | by_regime(regimes),
        tags=_of_model(metadata)["tags"] | {"headline_regime": found["headline_regime"]},
        data=_rows(data, metadata),
        curves={"regimes": kept, "importance": (metadata.curves or {}).get("importance", {})},
        model=found["model_version"],
        seconds=seconds,
    )


def retraining(
    done: Outcome, metadata: ModelMetadata, data: Mapping[str, Any], seconds: float
) -> Run:
    """A challenger's run: how it ended, and the metadata of the version that was promoted or
    refused.
    """
    told = _of_model(metadata)
    if metadata.comparison:
        told["metrics"] |= _compared(metadata.comparison, metadata.version)
    told["tags"] |= {"promoted": str(done.promoted).lower(), "reason": done.reason}
    set_ = {
        f"retraining_set_{n}": v
        for n, v in (metadata.retraining_set or {}).items()
        if isinstance(v, str | int)
    }
    outcome = "promoted" if done.promoted else "refused"
    told |= {"data": _rows(data, metadata) | set_, "seconds": seconds}
    told |= {"name": f"retrain {metadata.version}, {outcome}"}
    told |= {"at_utc": metadata.created_at_utc or ""}
    return Run(kind="retraining", key=f"retraining-{metadata.run_id}", **told)


def _compared(comparison: Json, version: str) -> dict[str, float]:
    found = Comparison.from_json(comparison, f"comparison of {version}")
    return (
        numbers(found.champion.to_json(), "compared/champion/")
        | numbers(found.challenger.to_json(), "compared/challenger/")
        | numbers({"compared/brier_difference": found.brier_difference})
    )


def search(
    done: SearchResult,
    trials: Sequence[Trial],
    asked: Mapping[str, Any],
    data: Mapping[str, Any],
) -> Run:
    """What a search found, with the trials since the last run of its study beneath it, one at
    least.
    """
    return Run(
        kind="search",
        key=f"search-{done.study_name}-{done.trials + done.pruned}",
        at_utc=trials[0].at_utc,
        name=f"search {done.study_name}, {len(trials)} trials",
        params=dict(asked),
        metrics=numbers({name: getattr(done, name) for name in ("best_value", "trials", "pruned")}),
        tags={"study": done.study_name},
        data=dict(data),
        seconds=sum(trial.seconds for trial in trials),
        children=list(trials),
    )
