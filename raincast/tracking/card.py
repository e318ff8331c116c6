"""A model's card: what its metadata says, for people who look at it in the registry."""

from collections.abc import Iterator
from typing import Any

from raincast.learning.metadata import ModelMetadata
from raincast.observations.availability import REGIMES
from raincast.observations.event import named

SCORES = ("roc_auc", "brier", "recall", "precision", "f1")


def of(metadata: ModelMetadata) -> str:
    """The card, in Markdown."""
    return "\n".join(_lines(metadata)) + "\n"


def _lines(m: ModelMetadata) -> Iterator[str]:
    yield f"# {m.version}"
    yield f"\nThe chance of rain tomorrow: {named(m.event)}."
    if m.rows:
        days = f"{m.rows.first} to {m.rows.last}"
        yield f"\n- fitted to {m.rows.count} station-days of {len(m.stations)} stations, {days}"
        yield f"- SHA-256 of these rows: `{m.rows.sha256}`"
    yield f"- SHA-256 of the pipeline: `{m.sha256}`"
    about = {"made": m.created_at_utc, "purpose": m.purpose, "run": m.run_id, "study": m.study}
    yield from (f"- {name}: {value}" for name, value in about.items() if value)
    yield from _scores(m)
    yield from _table("Parameters", m.params or {})
    yield from _table("Libraries", dict(m.libraries or {}))
    yield "\n## Limits"
    yield "\nBy `mlflow.pyfunc` it takes observations, and knows other days and stations only as"
    yield "far as they are among the rows; by `mlflow.sklearn` it takes features. It says nothing"
    yield "of amounts. The input example is simulated. What serves is loaded by the program, which"
    yield "checks the hash first."


def _scores(m: ModelMetadata) -> Iterator[str]:
    figures: dict[str, Any] = dict(m.figures or {})
    found = {regime: figures.get(regime) for regime in REGIMES}
    if not any(found.values()):
        return
    span = " to ".join(str(figures[end]) for end in ("first", "last") if end in figures)
    yield f"\n## Scores on the tuning span{', ' + span if span else ''}"
    yield f"\n| known | threshold | {' | '.join(SCORES)} |"
    yield f"| --- | --- |{' --- |' * len(SCORES)}"
    for regime, scores in found.items():
        if scores:
            threshold = _shown((m.thresholds or {}).get(regime))
            cells = " | ".join(_shown(scores.get(name)) for name in SCORES)
            yield f"| {regime} | {threshold} | {cells} |"


def _shown(value: Any) -> str:
    return f"{value:.3f}" if isinstance(value, int | float) else "not known"


def _table(title: str, values: dict[str, Any]) -> Iterator[str]:
    if values:
        yield f"\n## {title}\n"
        yield from (f"- {name}: {value}" for name, value in sorted(values.items()))
