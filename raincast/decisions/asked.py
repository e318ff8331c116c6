"""What a decision rests on beside the reports: what is asked for, and what has come since."""

from dataclasses import dataclass
from datetime import date

from raincast.errors import BadInput

RULES = ("specification", "interval", "watch")


@dataclass(frozen=True)
class Limits:
    """What is asked for before a search is started.

    Attributes:
        recall: the live recall below which the model is poor, 0 to 1.
        new_rows: fewest new station-days with truth.
        rule: which of `RULES` decides.
        wet_days: fewest wet station-days behind the recall's interval.
        rest_days: fewest days between two retrainings under the other two rules.
        run_length: days between two false alarms of the watch, at the least and on average.
        cheapest_first: whether the watch's finding chooses the remedy; data that are to be repaired
            then hold up every retraining.
    """

    recall: float
    new_rows: int
    rule: str
    wet_days: int
    rest_days: float
    run_length: float = 730.0
    cheapest_first: bool = False

    def __post_init__(self) -> None:
        if self.rule not in RULES:
            raise BadInput(
                f"setting DECISION_RULE: found {self.rule!r}, expected {', '.join(RULES[:-1])} or"
                f" {RULES[-1]}"
            )


@dataclass(frozen=True)
class News:
    """What has come since the last retraining.

    Attributes:
        new_rows: station-days with truth after the cutoff.
        late_rows: station-days whose truth came after their date had been consumed, and which are
            not in `new_rows`; None when that cannot be told.
        cutoff: the last feature date that is history or consumed; None when there is neither.
        days_since_retraining: None when there was none.
        in_the_shadow: whether a challenger is; there is one at a time.
    """

    new_rows: int
    late_rows: int | None
    cutoff: date | None
    days_since_retraining: float | None
    in_the_shadow: bool = False
