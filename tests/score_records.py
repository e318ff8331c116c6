"""Scores in hand-made documents: what a test names, and nothing else."""

from typing import Any

from raincast.verification.records import (
    ComparedModel,
    ContingencyTable,
    Interval,
    Intervals,
    LiveQuality,
    SpanScores,
)
from raincast.verification.sums import FIGURES

UNKNOWN: dict[str, Any] = dict.fromkeys(FIGURES)
TABLE = ContingencyTable(hits=0, misses=0, false_alarms=0, correct_negatives=0)


def compared(version: str, brier: float, n: int = 0) -> ComparedModel:
    return ComparedModel(
        version=version, n=n, positives=0, table=TABLE, **UNKNOWN | {"brier": brier}
    )


def live_quality(
    recall: float | None, interval: Interval | None = None, wet: int = 78, days: int = 20
) -> LiveQuality:
    """A live report of 138 rows, 40 of them wet, with evidence of 900 rows."""
    intervals = Intervals(**UNKNOWN | {"recall": interval})
    covered: dict[str, Any] = {
        "table": TABLE,
        "days": days,
        "intervals": intervals,
        "first_target_date": None,
        "last_target_date": None,
        "wet_station_days": wet,
    }
    evidence = SpanScores(n=900, positives=wet, **UNKNOWN | {"recall": recall}, **covered)
    live = {f"{name}_live": None for name in FIGURES} | {"recall_live": recall}
    return LiveQuality(
        status="ok",
        scored_rows=138,
        positives_true=40,
        window=200,
        evidence=evidence,
        **live,
        **covered,
    )
