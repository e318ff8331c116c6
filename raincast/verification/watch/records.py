"""The documents of the watch."""

from pydantic import Field

from raincast.documents import Document
from raincast.verification.records import Interval

NO_ACTION, REPAIR, THRESHOLD, RECALIBRATION, RETRAINING = (
    "", "repair", "threshold", "recalibration", "retraining",
)  # fmt: skip
"""What a finding asks for: nothing yet, or data mended, thresholds chosen anew, the chances
recalibrated, a model fitted anew.
"""


class Finding(Document):
    """Something that has changed.

    Attributes:
        kind: of `detection.SHARES`, or `gap` for what has not come for long.
        where: `network`, a regime or a station.
        what: the field or the figure.
        since: the first day of the change, as the evidence has it.
        level_days: such evidence comes by chance once in that many days at most; None of a gap.
        stations: where it shows most; none where it shows everywhere or where nobody can say.
        sentence, remedy: for people.
        action: what the remedy is, for programs; older reports do not say.
    """

    kind: str
    where: str
    what: str
    since: str
    level_days: float | None
    stations: list[str] = Field(default_factory=list)
    sentence: str
    remedy: str
    action: str = NO_ACTION


class ExpectedFigure(Document):
    """What the chances expect of a figure, its 95 % interval, and what came; None where unknown."""

    expected: float | None
    interval: Interval | None
    came: float | None


class ExpectedQuality(Document):
    """Forecasts of one regime, in sum.

    Attributes:
        n: forecasts; days: target dates; with_truth: those whose truth has come.
    """

    n: int
    days: int
    with_truth: int
    recall: ExpectedFigure
    precision: ExpectedFigure
    brier: ExpectedFigure


class WatchReport(Document):
    """`metrics/watch.json`.

    Attributes:
        first_day, last_day: feature dates looked at; the watch begins anew after a retraining.
        run_length_days: bound that was asked for: where nothing changes, the first false alarm
            comes after that many days or more on average.
        level_days: of all detectors together; an alarm at the run length or above.
        alarm: whether it is reached.
        findings: what changed, the surest first, then the gaps.
        late_rows: by station, rows that came more than two days late, of the days looked at.
        verified: forecasts of the newest days with truth; `open`: those whose truth is to come.
        record: whether the model has a record of forecasts that it had not learned from.
        known_changes: what has changed for good, and is looked past.
        uncharted: stations whose values are compared with nothing, for want of a past, their own or
            that of those around them.
    """

    made_at_utc: str
    model_version: str
    first_day: str
    last_day: str
    run_length_days: float
    level_days: float
    alarm: bool
    findings: list[Finding]
    late_rows: dict[str, int]
    verified: dict[str, ExpectedQuality]
    open: dict[str, ExpectedQuality]
    record: bool
    known_changes: list[str] = Field(default_factory=list)
    uncharted: list[str] = Field(default_factory=list)
