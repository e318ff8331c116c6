"""A replay beside the direct test set: the same model on the prepared history, one row for each
station-day.
"""

from pathlib import Path

import pandas as pd

from raincast.learning import examples, fitting
from raincast.learning.fitting import Span
from raincast.loop import history
from raincast.observations.availability import REGIMES
from raincast.observations.network import in_force
from raincast.observations.panel import Panel
from raincast.replay.summary import scores, summary
from raincast.replay.summary.records import BesideTestSet, SetScores
from raincast.replay.walk import setting
from raincast.replay.walk.policy import Policy
from raincast.settings import Settings
from raincast.verification import evaluation


def beside(base: Settings, out: Path, policy: Policy) -> dict[str, BesideTestSet]:
    """By regime, ROC AUC of the replay's forecasts of the test span and of the direct test set: the
    same model on the prepared history, one row for each station-day.
    """
    settings = setting.own(base, out, policy)
    whole = history.prepared_panel(base)
    span = fitting.test_span(fitting.last_with_truth(whole))
    rows = summary.told_rows(settings, span.first)
    straight = evaluation.summaries(summary.first_model(settings), whole, span)
    inside = rows["feature_date"].between(pd.Timestamp(span.first), pd.Timestamp(span.last))
    once = rows[inside].drop_duplicates(["location", "feature_date", "regime"])
    found = {}
    for regime in REGIMES:
        replayed = scores.summary(once[once["regime"] == regime])
        found[regime] = BesideTestSet(
            direct=straight[regime].part(SetScores),
            replayed=replayed.part(SetScores),
            only_direct=_without(whole, span, regime, once),
        )
    return found


def _without(whole: Panel, span: Span, regime: str, replayed: pd.DataFrame) -> list[str]:
    """The station-days of the direct test set that the replay has no scored forecast of."""
    rows = examples.of_regime(whole, regime, *span)
    here = replayed[replayed["regime"] == regime]
    have = set(zip(here["location"], here["feature_date"].dt.strftime("%Y-%m-%d"), strict=True))
    all_days = zip((in_force().locations[i] for i in rows.station), map(str, rows.day), strict=True)
    return [f"{location} {day}" for location, day in all_days if (location, day) not in have]
