"""What a model's metadata says: where it comes from, how its thresholds were chosen, what was
decided about it.
"""

from datetime import date

from pydantic import ConfigDict

from raincast.documents import Document, Json
from raincast.errors import BadInput


class Calibration(Document):
    """Log-odds become `slope` times themselves plus `offset`; a slope below 1 tones down."""

    slope: float = 1.0
    offset: float = 0.0


class AmountRatio(Document):
    """The log-odds of a continuation ratio, by the event's log-odds, their square, and the
    climatology's; see `amounts`.
    """

    intercept: float
    odds: float
    odds_squared: float
    climate: float


class AmountStep(Document):
    """How the chance of more than `mm` follows from that of more than `beyond_mm`, by regime."""

    mm: float
    beyond_mm: float
    regimes: dict[str, AmountRatio]


class FittedRows(Document):
    """The station-days that a model was fitted to; `first` and `last` are feature dates."""

    count: int
    first: date
    last: date
    sha256: str


class Features(Document):
    """How many features a model knows, and the hash of their names."""

    count: int
    sha256: str


class Cure(Document):
    """What was changed on a model without fitting it again, and how both did.

    Attributes:
        slope, offset: of the log-odds; 1 and 0 leave them.
        before, after: recall, f1 and brier on the rows that tried it.
        uncured_thresholds: by regime, those that the model's tuning chose.
        last_feature_date: of the rows that chose and tried it.
    """

    name: str
    thresholds: dict[str, float] | None = None
    slope: float = 1.0
    offset: float = 0.0
    before: dict[str, float] | None = None
    after: dict[str, float] | None = None
    helps: bool | None = None
    uncured_thresholds: dict[str, float] | None = None
    last_feature_date: date | None = None


class Origin(Document):
    """Where a model comes from.

    Attributes:
        event: in words.
        params: see `blend.DEFAULT_PARAMS`.
        stations: those that it was fitted to.
        network: name, latitude and longitude of each, in the order of their numbers; former models
            do not have it.
        climatology: by station, the wet frequency of each month.
        amounts: by amount (mm) the same of more than that; former models do not have it.
    """

    event: str | None = None
    rows: FittedRows | None = None
    params: Json | None = None
    stations: list[str]
    network: list[tuple[str, float, float]] | None = None
    features: Features | None = None
    climatology: dict[str, list[float]] | None = None
    amounts: dict[str, dict[str, list[float]]] | None = None

    @property
    def climate(self) -> dict[str, list[float]]:
        """The climatology, which whatever scores the model needs.

        Raises:
            BadInput: there is none.
        """
        if self.climatology is None:
            raise BadInput("the model's metadata has no climatology, expected one by station")
        return self.climatology


class Tuning(Document):
    """What is known of a model's parameters from the model that was evaluated.

    Attributes:
        thresholds: by regime; `threshold` is that of 3 pm.
        calibration: of the log-odds.
        exceedance: how the chances of amounts follow from the event's; former models have none.
        target_recall: what they were chosen for.
        figures: by regime the scores on the tuning year, with its `first` and `last` day.
        curves: what its plots are drawn from.
        tuned_version: the model that was fitted before that year.
        judged_version: the evaluation model, fitted with that year.
        searched_to: the last feature date of the search that found the parameters; None where none
            did.
    """

    thresholds: dict[str, float] | None = None
    threshold: float | None = None
    calibration: Calibration | None = None
    exceedance: list[AmountStep] | None = None
    target_recall: float | None = None
    figures: Json | None = None
    curves: Json | None = None
    tuned_version: str | None = None
    judged_version: str | None = None
    searched_to: date | None = None


class Occasion(Document):
    """What a model was made for.

    Attributes:
        purpose: in words; `judged` for the evaluation model.
        run_id, study, retraining_set, comparison: of the retraining that made it.
    """

    purpose: str | None = None
    run_id: str | None = None
    study: str | None = None
    retraining_set: Json | None = None
    comparison: Json | None = None


class ModelDescription(Origin, Tuning, Occasion):
    """What the maker of a model says of it; what others add is kept.

    Attributes:
        cure: what was changed without fitting it again.
    """

    model_config = ConfigDict(extra="allow")

    cure: Cure | None = None


class ModelMetadata(ModelDescription):
    """`model_metadata.json`: a description with what the registry adds.

    Attributes:
        version: the model's name in the registry.
        created_at_utc: ISO 8601.
        libraries: versions of what the pickled pipeline depends on, by the name that is imported.
        sha256: of the pickled pipeline.
    """

    version: str
    created_at_utc: str | None = None
    libraries: dict[str, str] | None = None
    sha256: str
    threshold: float


class KeptVersion(Document):
    """One version in the registry's list; `active` if it serves. `model` is what made it, as
    `module:function`; None of the built-in.
    """

    version: str
    created_at_utc: str | None
    rows: FittedRows | None
    figures: Json | None
    threshold: float
    run_id: str | None
    active: bool
    purpose: str | None = None
    model: str | None = None
