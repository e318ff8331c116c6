"""The summary of a replay, as `metrics/replay/*.json` holds it."""

from pydantic import Field

from raincast.documents import Document, Json
from raincast.learning.metadata import FittedRows
from raincast.verification.records import ReliabilityBin, Scores, ScoresOverDays

Difference = tuple[float, float | None, float | None]
"""A mean difference with its 95 % interval; no interval where there are too few days."""


class ReplaySpan(Document):
    """Days of the issue times, both inclusive."""

    first: str
    last: str


class BegunWith(Document):
    """The model that every policy began with."""

    rows: FittedRows
    params: Json


class ValueAt(Document):
    """Relative economic value for users of one cost-loss ratio."""

    ratio: float
    value: float | None


class ReplayScores(ScoresOverDays):
    """Scores with their intervals, the reliability table, and the value by cost-loss ratio."""

    reliability: list[ReliabilityBin]
    value: list[ValueAt]


class MonthScores(Document):
    """A month of feature dates; `interval` is of the Brier skill."""

    month: str
    interval: tuple[float, float] | None
    n: int
    brier_skill: float | None
    recall: float | None
    precision: float | None


class Action(Document):
    """What a policy did, and when."""

    issued_at: str
    action: str


class PolicySummary(ReplayScores):
    """A policy over all its forecasts with truth, and what it did.

    Attributes:
        actions: how many of each kind.
        trials: of its searches.
        triggers: how often its rule triggered; `poor_share` of the decisions were case C.
        action_seconds: that its actions took.
        models: versions that served, in order.
    """

    by_month: list[MonthScores]
    acted: list[Action] = Field(default_factory=list)
    actions: dict[str, int]
    searches: int = 0
    trials: int = 0
    triggers: int
    poor_share: float | None = None
    action_seconds: float
    models: list[str]


class AgainstFirst(Document):
    """What a policy has more of than the first on the forecasts that both have."""

    n: int
    brier: Difference
    recall: Difference | tuple[None, None, None]


class GroupScores(Scores):
    """The scores of a group, with what it is grouped by."""

    month: str | None = None
    location: str | None = None
    issue_hour_utc: str | None = None
    regime: str | None = None


class SeedVariation(Document):
    """The Brier scores of fits that differ in the seed alone, and their standard deviation."""

    fits: int
    brier: list[float]
    brier_sd: float


class MissingShares(Document):
    """The share of some forecasts in which each observation was absent."""

    issue_hour_utc: str
    regime: str
    n: int
    absent: dict[str, float]


class Match(Document):
    """A journal against direct forecasts of the same rows.

    Attributes:
        rows: compared.
        equal: of them with the very same chance of rain.
        largest: largest difference.
        rebuilt: of those that differ, with the very same chance from the observations as they were
            known then.
    """

    rows: int
    equal: int
    largest: float
    rebuilt: int


class SetScores(Document):
    """Scores on a test set."""

    n: int
    roc_auc: float | None
    brier: float | None


class BesideTestSet(Document):
    """The replay's forecasts of the test span beside the direct test set.

    Attributes:
        only_direct: station-days of which the replay has no scored forecast.
    """

    direct: SetScores
    replayed: SetScores
    only_direct: list[str]


class ReplaySummary(Document):
    """Every policy's scores and actions; what stands beside the first alone comes after them.

    Attributes:
        opponents: by regime, the baselines on the same rows.
        luck: seed-to-seed variability of the first model; None if it was not asked for.
        test_set: by regime, if it was asked for.
    """

    span: ReplaySpan
    model: BegunWith | None = None
    issue_times_utc: list[str]
    policies: dict[str, PolicySummary]
    against_first: dict[str, AgainstFirst] = Field(default_factory=dict)
    by_month: list[GroupScores]
    by_station: list[GroupScores]
    by_regime: dict[str, ReplayScores]
    by_issue_hour_utc: list[GroupScores]
    opponents: dict[str, dict[str, Scores]]
    luck: SeedVariation | None = None
    missing: list[MissingShares]
    match: Match
    test_set: dict[str, BesideTestSet] | None = None
    event: str | None = None
