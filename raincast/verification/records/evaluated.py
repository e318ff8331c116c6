"""An evaluation of a model, of one span or year by year."""

from pydantic import Field

from raincast.documents import Document, Json
from raincast.verification.records.scores import Interval, ReliabilityBin, Scores, ScoresOverDays


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
