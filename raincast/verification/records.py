"""The documents of verification: scores, the live report, a comparison of two models."""

from typing import Literal

from pydantic import ConfigDict, Field

from raincast.documents import Document, Json

Interval = tuple[float, float]

TRUTH = ("observed_rainfall_mm", "truth_available", "y_true")
"""The columns that scoring adds to the journal's."""


class ContingencyTable(Document):
    """Counts of forecasts: warned and wet, not warned and wet, warned and dry, neither."""

    hits: int
    misses: int
    false_alarms: int
    correct_negatives: int


class Scores(Document):
    """The scores of some forecasts; None where one cannot be computed. `scoring` has the formulas.

    Attributes:
        n: forecasts with truth.
        positives: those of them on which it rained.
    """

    n: int
    positives: int
    accuracy: float | None
    precision: float | None
    recall: float | None
    f1: float | None
    roc_auc: float | None
    average_precision: float | None
    brier: float | None
    brier_skill: float | None
    table: ContingencyTable


class Intervals(Document):
    """The 95 % interval of each score; None where there are too few days."""

    accuracy: Interval | None
    precision: Interval | None
    recall: Interval | None
    f1: Interval | None
    roc_auc: Interval | None
    average_precision: Interval | None
    brier: Interval | None
    brier_skill: Interval | None


class ScoresOverDays(Scores):
    """Scores with their intervals over a number of days."""

    days: int
    intervals: Intervals


class ReliabilityBin(Document):
    """Forecasts whose chance lies between two bounds, and how often it rained then."""

    low: float
    high: float
    n: int
    mean_forecast: float | None
    observed: float | None


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
    repeated_rows: int
    unreadable_rows: int = 0
    event: str | None = None


class ComparedModel(Scores):
    """One side of a comparison.

    Attributes:
        precision_at_target_recall: precision where the threshold reaches the recall aimed at.
    """

    # Comparisons of older versions name the recall in the key.
    model_config = ConfigDict(extra="ignore")

    version: str
    precision_at_target_recall: float | None = None


class ComparedSpan(Document):
    """Feature dates, both inclusive, and how many of them have truth."""

    first: str
    last: str
    days: int


class ComparedOrigin(Document):
    """A past cut-off: the feature dates compared on, what both were fitted to, and the mean
    difference of the Brier score, one for each seed.
    """

    first: str
    last: str
    champion_fitted_to: str
    challenger_fitted_to: str
    brier_differences: list[float]


class Comparison(Document):
    """Champion and challenger on the same rows.

    Attributes:
        no_worse: whether the challenger's Brier score is not higher.
        brier_difference: the challenger's less the champion's.
        brier_difference_interval: its 95 % interval over days; None with too few. Over origins it
            allows for the seed-to-seed variation of a single fit too.
        origins, seed_sd: of a comparison over past cut-offs; `seed_sd` is the standard deviation of
            the difference between seeds.
    """

    no_worse: bool
    champion: ComparedModel
    challenger: ComparedModel
    brier_difference: float
    brier_difference_interval: Interval | None = Field(default=None)
    span: ComparedSpan
    origins: list[ComparedOrigin] | None = None
    seed_sd: float | None = None
    event: str | None = None


class Span(Document):
    """Feature dates, both inclusive."""

    first: str
    last: str


class EvaluatedScores(ScoresOverDays):
    """Scores of one forecaster on an evaluation's rows.

    Attributes:
        threshold: the chance from which it warns, 0 to 1.
        brier_skill_base_rate: Brier skill against the rows' own wet share.
        recall_at_precision: the highest recall at a precision of 0.72 or more.
    """

    threshold: float
    brier_skill_base_rate: float | None
    recall_at_precision: float | None = Field(alias="recall_at_precision_0.72")
    reliability: list[ReliabilityBin]


class BrierParts(Document):
    """The Brier score is reliability - resolution + uncertainty + within_bins.

    Attributes:
        reliability: how far chances are from what came of them; 0 is perfect.
        resolution: how far apart what came is for different chances; more is better.
        uncertainty: of the event itself, whatever is forecast.
        within_bins: what ten bins do not tell apart.
        intervals: 95 %, by name; None where there are too few days.
    """

    reliability: float
    resolution: float
    uncertainty: float
    within_bins: float
    intervals: dict[str, Interval | None]


class AmountEvaluation(Document):
    """The chances of more than one amount, and those of the climatology; see `amounts`.

    Attributes:
        positives: days on which it rained more.
        mean_forecast, observed: how often it was forecast to, and did.
        brier_difference_interval: 95 % over days of our score less the climatology's; None with too
            few.
    """

    positives: int
    mean_forecast: float
    observed: float
    brier: float
    brier_climatology: float
    brier_skill: float | None
    brier_difference_interval: Interval | None
    reliability: list[ReliabilityBin]


class AmountsEvaluation(Document):
    """The chances of amounts, by amount in mm; the CRPS, in mm, is of all of them together.

    Attributes:
        n: forecasts whose amount is known.
        crps_difference_interval: 95 % over days of our score less the climatology's; None with too
            few.
    """

    n: int
    crps: float
    crps_climatology: float
    crps_skill: float | None
    crps_difference_interval: Interval | None
    amounts: dict[str, AmountEvaluation]


class RegimeEvaluation(EvaluatedScores):
    """The model in one regime, and what stands beside it.

    Attributes:
        baselines: by name.
        withheld: the model with less around it: by what it was given.
        roc: points of the curve, false alarm rate and hit rate.
        stations: the model by station.
        brier_parts: its Brier score taken apart; former evaluations have none.
        amounts: the chances of amounts; former models have none.
    """

    baselines: dict[str, EvaluatedScores] = Field(alias="opponents")
    withheld: dict[str, EvaluatedScores]
    roc: list[tuple[float, float]]
    stations: dict[str, EvaluatedScores]
    brier_parts: BrierParts | None = None
    amounts: AmountsEvaluation | None = None


HEADLINE = ("n", "roc_auc", "brier", "brier_skill", "recall", "precision", "f1")


class Evaluation(Document):
    """`metrics/eval.json`: the evaluation model on a span that it has not learned from; the five
    scores at the top are those of `headline_regime`.
    """

    accuracy: float | None
    precision: float | None
    recall: float | None
    f1: float | None
    roc_auc: float | None
    headline_regime: str
    span: Span
    model_version: str
    regimes: dict[str, RegimeEvaluation]
    evaluated_at_utc: str | None = None
    in_sample: bool = False
    event: str | None = None

    def headline(self) -> Json:
        """`metrics/headline.json`: a few scores by regime, for `dvc metrics diff`."""
        return {
            regime: {name: getattr(found, name) for name in HEADLINE}
            for regime, found in self.regimes.items()
        }


class SideScores(ScoresOverDays):
    """One model's scores beside others'.

    Attributes:
        brier_difference: its Brier score less the first model's, on the same rows.
        brier_difference_interval: its 95 % interval over days; None with too few.
    """

    brier_difference: float
    brier_difference_interval: Interval | None


class SideBySide(Document):
    """Models on the same rows, which none has seen: by regime and model."""

    span: Span
    regimes: dict[str, dict[str, SideScores]]
    event: str | None = None


class RollingYear(Document):
    """A year's scores by regime, by a model that knew only what lay before."""

    year: int
    fitted_to: str
    regimes: dict[str, Scores]


class RollingEvaluation(Document):
    """`metrics/rolling.json`: the same settings and rows, year by year."""

    params: dict[str, int | float | str | bool]
    rows_sha256: str
    years: list[RollingYear]
    event: str | None = None


class StationRecord(Scores):
    """A station's forecasts with truth."""

    reliability: list[ReliabilityBin]
