"""Champion against challenger on the same recent rows, which neither has learned from."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from raincast.errors import NotEnoughData
from raincast.learning import climatology, examples
from raincast.learning.blend import Forecaster
from raincast.learning.examples import Examples
from raincast.learning.fitting import Span
from raincast.learning.thresholds import precision_at_recall
from raincast.observations.panel import Panel
from raincast.verification import resampling, scoring
from raincast.verification.records import ComparedModel, ComparedSpan, Comparison, Interval

COMPARED_DAYS = 90
"""Most days with truth that the two are compared on; of what is older the challenger learns."""

SEED = 49

Floats = npt.NDArray[np.float64]


class Plan(NamedTuple):
    """What the compared challenger learns from, and on what both are then scored."""

    fit: Span
    compare: Span


def plan(days: Sequence[date], learned_to: date) -> Plan:
    """The newest days with truth that neither has learned from, and all before them.

    A cure of the champion does not count: the few figures that it changed were chosen in the
    champion's favour.

    Args:
        days: feature dates with truth, in order.
        learned_to: the last that the champion was fitted to, or that the search for the
            challenger's parameters has seen.

    Raises:
        NotEnoughData: no day has come since.
    """
    new = [day for day in days if day > learned_to][-COMPARED_DAYS:]
    if not new:
        raise NotEnoughData(
            "nothing to compare models on: the one that serves, or the search for the other's"
            f" parameters, has learned from all days to {learned_to}, and no later day has its"
            " truth; score the journal first"
        )
    # The day before is left out: its truth is the comparison's first reading. The champion may have
    # had it.
    last = max(learned_to, new[0] - timedelta(days=2))
    return Plan(Span(days[0], last), Span(new[0], new[-1]))


def compare(
    champion: Forecaster, challenger: Forecaster, panel: Panel, span: Span, recall: float
) -> Comparison:
    """Both on every station-day with truth of the span, in every regime.

    The challenger is no worse where its Brier score is not higher: the probability is what is
    served, and the Brier
    score is proper, so that nobody gains by bending it (Gneiting and Raftery 2007).

    Args:
        recall: at which the precision of both is stated.

    Returns:
        `no_worse`, each one's figures under `champion` and `challenger`, the `brier_difference`
        (challenger's less
        champion's) with its 95 % interval over days or None for few, and the `span`.
    """
    rows = examples.by_regime(panel, *span)
    y, day = (
        np.concatenate([getattr(part, name) for part in rows.values()]) for name in ("y", "day")
    )
    old, new = (_chances(forecaster, rows) for forecaster in (champion, challenger))
    difference = (new - y) ** 2 - (old - y) ** 2
    return Comparison(
        no_worse=bool(difference.mean() <= 0),
        champion=_scores(champion, rows, old, recall),
        challenger=_scores(challenger, rows, new, recall),
        brier_difference=float(difference.mean()),
        brier_difference_interval=mean_interval(difference, day),
        span=ComparedSpan(first=str(span.first), last=str(span.last), days=len(np.unique(day))),
        event=panel.network.event.statement,
    )


def _chances(forecaster: Forecaster, rows: Mapping[str, Examples]) -> Floats:
    return np.concatenate([forecaster.probabilities(part.given) for part in rows.values()])


def _scores(
    forecaster: Forecaster, rows: Mapping[str, Examples], p: Floats, recall: float
) -> ComparedModel:
    y, day, station = (
        np.concatenate([getattr(part, n) for part in rows.values()])
        for n in ("y", "day", "station")
    )
    threshold = np.concatenate(
        [np.full(len(part), forecaster.threshold_of(r)) for r, part in rows.items()]
    )
    table = climatology.from_mapping(forecaster.metadata.climate)
    scores = scoring.summary(y, p, p >= threshold, climatology.chance(table, day, station))
    precision = precision_at_recall(y, p, recall) if scores.positives else None
    return ComparedModel(
        version=forecaster.version, **dict(scores), precision_at_target_recall=precision
    )


def mean_interval(values: Floats, day: npt.NDArray[np.datetime64]) -> Interval | None:
    """The 95 % interval of a mean (n,) whose values of one day (n,) belong together; None with too
    few days.
    """
    names, code = np.unique(day, return_inverse=True)
    sums, counts = np.bincount(code, weights=values), np.bincount(code)
    rng = np.random.default_rng(SEED)
    drawn = resampling.drawn_days(rng, len(names))
    return scoring.interval((drawn @ sums) / (drawn @ counts), len(names))
