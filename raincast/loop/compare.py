"""Models beside each other on days that none of them has seen."""

from collections.abc import Sequence
from datetime import date

from raincast.learning import fitting, knowledge
from raincast.learning.blend import Forecaster
from raincast.learning.fitting import Span
from raincast.loop import evaluate, history, train
from raincast.settings import Settings
from raincast.store import stores
from raincast.verification import beside
from raincast.verification.records import SideBySide


def compare(
    settings: Settings, versions: Sequence[str], span: tuple[date, date] | None = None
) -> SideBySide:
    """The judged models of some versions, on the prepared history.

    Args:
        versions: ids; a judged model's own id means itself.
        span: feature dates, both inclusive; of the last eighteen months with truth, what none has
            seen, without.

    Raises:
        InSample: one of them has seen days of the span.
        NoModel: no such version, or it has no judged model.
    """
    whole = history.prepared_panel(settings)
    models = {version: _judged(settings, version) for version in versions}
    newest = fitting.test_span(fitting.last_with_truth(whole))
    asked = Span(*span) if span else knowledge.unseen(newest, *models.values())
    for model in models.values():
        knowledge.has_seen(model, asked.first)
    return beside.side_by_side(models, whole, asked)


def _judged(settings: Settings, version: str) -> Forecaster:
    metadata = stores.of(settings).registry().metadata(version)
    if metadata.purpose == train.JUDGED:
        return stores.of(settings).registry().load(version)
    return evaluate.judged(settings, version)
