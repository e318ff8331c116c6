"""The scores of some forecasts."""

from raincast.documents import Document

Interval = tuple[float, float]


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


class StationRecord(Scores):
    """A station's forecasts with truth."""

    reliability: list[ReliabilityBin]
