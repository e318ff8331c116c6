"""Scores as a table for people: a line per group and forecaster, intervals beneath. Pure."""

import re
from collections.abc import Iterator, Mapping

from raincast.verification.records import Interval, Scores, ScoresOverDays

_SHOWN = {
    "roc_auc": "ROC AUC",
    "brier_skill": "Brier skill",
    "recall": "recall",
    "precision": "precision",
    "brier": "Brier",
}
_LINE = "{:<13} {:<20} {:>6}" + len(_SHOWN) * " {:>13}"


def of_scores(groups: Mapping[str, Mapping[str, Scores]]) -> str:
    """By group and forecaster; scores over days have their 95 % intervals on a second line."""
    lines = [_LINE.format("regime", "forecast", "n", *_SHOWN.values())]
    for name, forecasts in groups.items():
        for who, scores in forecasts.items():
            lines += _of_one(name, who, scores)
    return "\n".join(lines)


def _of_one(name: str, who: str, scores: Scores) -> Iterator[str]:
    yield _LINE.format(name, who, scores.n, *(three(getattr(scores, s)) for s in _SHOWN))
    if isinstance(scores, ScoresOverDays):
        ends = (between(getattr(scores.intervals, s)) for s in _SHOWN)
        yield _LINE.format("", "95 % of days", scores.days, *ends)


def three(value: float | None) -> str:
    """Three digits, and no sign before a nought; a dash if missing."""
    return "-" if value is None else f"{value:z.3f}"


def between(interval: Interval | None) -> str:
    """Both ends; a dash if missing."""
    if interval is None:
        return "-"
    low, high = (re.sub(r"^(-?)0\.", r"\1.", f"{end:z.3f}") for end in interval)
    return f"{low} to {high}"
