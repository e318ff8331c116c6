"""What a search and a retraining came to."""

from raincast.documents import Document
from raincast.verification.records import Comparison


class SearchResult(Document):
    """What a search has come to.

    Attributes:
        trials: scored on every fold; `pruned` were cut short.
        seconds: of all trials.
    """

    study_name: str
    best_value: float
    trials: int
    pruned: int
    seconds: float


class Outcome(Document):
    """How a retraining ended: promoted or not, which version, and why.

    Attributes:
        promoted: whether it serves; one that serves in the shadow does not, yet.
    """

    promoted: bool
    version: str
    reason: str


class Treatment(Document):
    """What came of trying the cheaper remedies.

    Attributes:
        remedy: the one that was applied; None where none was.
        version: the model with it, which serves.
        reason: one sentence.
    """

    remedy: str | None
    version: str | None
    reason: str


class Retrained(Outcome):
    """What a retraining came to; `comparison` is of the call that made it."""

    comparison: Comparison | None = None
