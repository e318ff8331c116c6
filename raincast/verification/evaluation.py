"""A model and its baselines on the same rows: every figure by regime and station, with intervals
over days.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from sklearn.metrics import precision_recall_curve

from raincast.features import block
from raincast.learning import baselines, climatology, examples
from raincast.learning.blend import Forecaster
from raincast.learning.examples import Examples
from raincast.learning.fitting import Span
from raincast.learning.thresholds import threshold_for_recall
from raincast.observations.availability import REGIMES
from raincast.observations.network import in_force
from raincast.observations.panel import Panel
from raincast.verification import amounts, curves, decomposition, records, scoring
from raincast.verification.records import EvaluatedScores, Evaluation, RegimeEvaluation, Scores

SEED = 49
STATED_PRECISION = 0.72
"""Precision at which recall is stated, for comparison with other systems."""
HEADLINE = "3pm"
"""The regime of the five figures at top level: what most stations have when the scheduled runs
issue.
"""
FIVE = ("accuracy", "precision", "recall", "f1", "roc_auc")


class TunedBaseline(NamedTuple):
    """A baseline with the chance from which on it says rain."""

    baseline: baselines.Baseline
    threshold: float


def tuned_baselines(
    panel: Panel, fitted_on: Span, tuned_on: Span, regime: str, recall: float
) -> list[TunedBaseline]:
    """The baselines fitted to a span as in that regime; thresholds reach the recall on another, of
    which those that choose them have seen nothing.
    """
    rows, tuning = (examples.of_regime(panel, regime, *span) for span in (fitted_on, tuned_on))
    before = rows.at(rows.day < np.datetime64(tuned_on.first))
    found = [TunedBaseline(baselines.persistence(rows), baselines.PERSISTENCE_THRESHOLD)]
    for make in (baselines.frequency, baselines.logistic):
        choosing = make(before)
        threshold = threshold_for_recall(tuning.y, choosing.chances(tuning), recall)
        found.append(TunedBaseline(make(rows) if len(before) < len(rows) else choosing, threshold))
    return found


def recall_at_precision(
    y: npt.NDArray[Any], p: npt.NDArray[Any], precision: float = STATED_PRECISION
) -> float | None:
    """The highest recall at which precision is at least so high; None where no threshold reaches
    it, or no day was wet.
    """
    if not np.any(y == 1):
        return None
    precisions, recalls, _ = precision_recall_curve(y, p)
    reached = recalls[:-1][precisions[:-1] >= precision]
    return float(reached.max()) if len(reached) else None


def _scores(
    rows: Examples, p: npt.NDArray[Any], threshold: float, reference: npt.NDArray[Any]
) -> EvaluatedScores:
    rng = np.random.default_rng(SEED)
    warned = (p >= threshold).astype(float)
    scores = scoring.with_intervals(rows.y, p, warned, reference, rows.day, rng)
    base = float(np.mean((rows.y - rows.y.mean()) ** 2))
    return EvaluatedScores(
        **dict(scores),
        threshold=threshold,
        brier_skill_base_rate=1 - scores.brier / base if base and scores.brier else None,
        recall_at_precision=recall_at_precision(rows.y, p),
        reliability=scoring.reliability(rows.y, p),
    )


def _stations(
    rows: Examples, p: npt.NDArray[Any], threshold: float, reference: npt.NDArray[Any]
) -> dict[str, EvaluatedScores]:
    found = {}
    for i in np.unique(rows.station):
        here = rows.station == i
        part = Examples(rows.X[here], rows.y[here], rows.day[here], rows.station[here])
        found[in_force().locations[i]] = _scores(part, p[here], threshold, reference[here])
    return found


def _reference(forecaster: Forecaster, rows: Examples) -> npt.NDArray[Any]:
    """(n,) the chance that the model has to beat: the climatology of what it was fitted to."""
    table = climatology.from_mapping(forecaster.metadata.climate)
    return climatology.chance(table, rows.day, rows.station)


def regime(
    forecaster: Forecaster,
    rows: Examples,
    name: str,
    against: Sequence[TunedBaseline],
    mm: npt.NDArray[np.float64],
) -> RegimeEvaluation:
    """The scores of one regime: the model's, its stations', the baselines', the model's with less
    around it, and those of its chances of amounts.

    Args:
        mm: (n,) the rain of the target dates, NaN where only the event is known.
    """
    reference = _reference(forecaster, rows)
    threshold, p = forecaster.threshold_of(name), forecaster.probabilities(rows.given)
    withheld = {"without_other_stations": block.without_others, "own_row_only": block.by_themselves}
    return RegimeEvaluation(
        **dict(_scores(rows, p, threshold, reference)),
        baselines={
            b.baseline.name: _scores(rows, b.baseline.chances(rows), b.threshold, reference)
            for b in against
        },
        withheld={
            how: _scores(rows, forecaster.probabilities(less(rows.given)), threshold, reference)
            for how, less in withheld.items()
        },
        roc=curves.roc(rows.y, p),
        stations=_stations(rows, p, threshold, reference),
        brier_parts=decomposition.parts(rows.y, p, rows.day, np.random.default_rng(SEED)),
        amounts=amounts.evaluate(forecaster.amounts, rows, p, name, mm),
    )


def evaluate(
    forecaster: Forecaster, panel: Panel, span: Span, against: Mapping[str, Sequence[TunedBaseline]]
) -> Evaluation:
    """Every regime's scores on a span that the forecaster was neither fitted to nor tuned on.

    Args:
        against: the baselines of each regime; may be empty.

    Raises:
        NotEnoughData: no station-day of the span has a known truth.
    """
    regimes, fell = {}, panel.next_day()
    for name in REGIMES:
        rows = examples.of_regime(panel, name, *span)
        mm = panel.at(fell, rows.day, rows.station)
        regimes[name] = regime(forecaster, rows, name, against.get(name, ()), mm)
    return Evaluation(
        **{name: getattr(regimes[HEADLINE], name) for name in FIVE},
        headline_regime=HEADLINE,
        span=records.Span(first=str(span.first), last=str(span.last)),
        model_version=forecaster.version,
        regimes=regimes,
        event=panel.network.event.statement,
    )


def summaries(forecaster: Forecaster, panel: Panel, span: Span) -> dict[str, Scores]:
    """By regime the scores alone, without intervals, stations or baselines: in seconds."""
    found = {}
    for name in REGIMES:
        rows = examples.of_regime(panel, name, *span)
        reference = _reference(forecaster, rows)
        p = forecaster.probabilities(rows.given)
        found[name] = scoring.summary(rows.y, p, p >= forecaster.threshold_of(name), reference)
    return found


def with_baselines(found: Evaluation) -> dict[str, dict[str, Scores]]:
    """By regime, the scores of the model and of each baseline, for a table."""
    return {name: {"raincast": part, **part.baselines} for name, part in found.regimes.items()}
