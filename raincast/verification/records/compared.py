"""A comparison of two models, and models side by side."""

from pydantic import ConfigDict, Field

from raincast.documents import Document
from raincast.verification.records.evaluated import Span
from raincast.verification.records.scores import Interval, Scores, ScoresOverDays


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
