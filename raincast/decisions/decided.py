"""The documents of a decision: the verdict, and every figure that it rests on."""

from datetime import date

from raincast.decisions.asked import Limits
from raincast.documents import Document
from raincast.verification.records import Interval

TRIGGER, SKIP = "trigger_optuna", "skip_optuna"


class RecallInterval(Document):
    """What the interval rule looks at: the recall over enough days, and where its interval lies."""

    interval: Interval | None
    band: str
    recall: float | None
    n: int | None
    days: int | None
    wet_station_days: int | None


class WatchLevel(Document):
    """What the watch's rule looks at."""

    alarm: bool
    level_days: float
    run_length_days: float
    last_day: str
    finding: str | None


class Evidence(Document):
    """Every figure that a decision rests on, or could have; None where there is no live report.

    Attributes:
        rules: what each rule would decide.
    """

    recall_live: float | None
    scored_rows: int | None
    positives_true: int | None
    recall_interval: RecallInterval
    new_rows: int
    late_rows: int | None
    cutoff: date | None
    days_since_retraining: float | None
    limits: Limits
    rules: dict[str, str]
    watch: WatchLevel | None = None


class Verdict(Document):
    """What to do and why.

    Attributes:
        decision: `trigger_optuna` or `skip_optuna`.
        case: A poor recall, too few rows; B enough rows, good recall; C poor recall and enough
            rows; "healthy" good recall, too few rows; "unknown" no recall.
        reason: one sentence.
    """

    decision: str
    case: str
    reason: str
    evidence: Evidence


class LiveScores(Document):
    """The keys of the live report that other systems read; None where there is no report."""

    status: str | None
    accuracy_live: float | None
    precision_live: float | None
    recall_live: float | None
    f1_live: float | None
    roc_auc_live: float | None
    scored_rows: int | None
    positives_true: int | None
    window: int | None


class Decision(Verdict):
    """A verdict with what was measured for it."""

    live: LiveScores
    new_rows_for_retrain: int
    retrain_cutoff_date: str | None
