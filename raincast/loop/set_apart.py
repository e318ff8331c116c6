"""The newest days of a retraining set, which no search may judge parameters by: the models are
compared on them.
"""

from datetime import date

from raincast.errors import NoModel, NotEnoughData
from raincast.learning import knowledge
from raincast.loop import history, origins
from raincast.settings import Settings
from raincast.store import stores
from raincast.verification import comparison


def searched_to(settings: Settings) -> date | None:
    """The last feature date of the retraining set before those on which a challenger of today's
    champion would be compared; None where there is nothing to compare yet.
    """
    try:
        champion = stores.of(settings).registry().active_metadata()
        learned_to = knowledge.fitted(champion).last
        panel = history.labelled(settings.retrain_dataset)
        if settings.gate_origins:
            return origins.cutoffs(panel, learned_to, settings.gate_origins)[-1].new_last
        return comparison.plan(panel.days_with_truth(), learned_to).fit.last
    except (NoModel, NotEnoughData):
        return None
