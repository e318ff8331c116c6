"""The live report."""

from typing import Literal

from pydantic import Field

from raincast.documents import Document
from raincast.verification.records.scores import (
    ContingencyTable,
    Interval,
    Intervals,
    ReliabilityBin,
    Scores,
    ScoresOverDays,
)

TRUTH = ("observed_rainfall_mm", "truth_available", "y_true")
"""The columns that scoring adds to the journal's."""


class SpanScores(ScoresOverDays):
    """Scores of forecasts between two target dates; None where there is no forecast."""

    first_target_date: str | None
    last_target_date: str | None
    wet_station_days: int


class OverallScores(SpanScores):
    """Scores of every forecast with truth."""

    reliability: list[ReliabilityBin]


class CallerScores(SpanScores):
    """Scores of what callers asked with observations of their own; `rows` with or without truth."""

    rows: int


class OpponentScores(Scores):
    """What a forecast without a model is worth on the rows of the evidence.

    Attributes:
        skill: the Brier skill of our forecasts against it, below 1; above 0 ours are better.
        skill_interval: 95 % over days; None with too few.
    """

    skill: float | None
    skill_interval: Interval | None


class LiveQuality(Document):
    """What a decision looks at: the newest scored rows, and the evidence behind them.

    Attributes:
        status: `ok` once a row has its truth.
        scored_rows, positives_true: rows behind the `_live` scores, and those that were wet.
        window: how many of the newest rows were asked for.
        evidence: the scores over as many days as an interval of the recall needs.
    """

    status: Literal["ok", "no_ground_truth_available"]
    accuracy_live: float | None
    precision_live: float | None
    recall_live: float | None
    f1_live: float | None
    roc_auc_live: float | None
    average_precision_live: float | None
    brier_live: float | None
    brier_skill_live: float | None
    scored_rows: int
    positives_true: int
    window: int
    table: ContingencyTable
    days: int
    intervals: Intervals
    first_target_date: str | None
    last_target_date: str | None
    wet_station_days: int
    evidence: SpanScores


class LiveReport(LiveQuality):
    """`metrics/live_eval.json`.

    Attributes:
        open_rows: rows whose reading has not come.
        accumulated_rows: rows whose reading may hold several days' rain.
        by_basis: by what the forecast rests on; climatology, which rests on nothing, counts in no
            other score.
        climatology_rows: forecasts that rest on the climate alone, in no score and not open.
        opponents: `persistence` and `climatology`; none where nothing is scored.
        repeated_rows: rows of the loop beside the one that counts for their slot.
        unreadable_rows: lines of the journal that could not be read.
        event: in words.
    """

    overall: OverallScores
    by_regime: dict[str, Scores]
    by_issue_hour_utc: dict[str, Scores]
    by_station: dict[str, Scores]
    open_rows: int
    accumulated_rows: int
    callers: CallerScores
    by_basis: dict[str, Scores] = Field(default_factory=dict)
    climatology_rows: int = 0
    opponents: dict[str, OpponentScores] = Field(default_factory=dict)
    repeated_rows: int
    unreadable_rows: int = 0
    event: str | None = None
