"""The settings of champion and challenger on past cut-offs, both fitted anew, so that there are
months to compare them on.

The search for the challenger's ended before the first of them; the champion's may have seen them.
At each cut-off the champion's learn from as many days less as the champion has not learned from by
now: its age is a part of what serves. A recalibration of the champion is not repeated.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from raincast.cluster import workers
from raincast.errors import InSample, NotEnoughData
from raincast.learning import examples, fitting, knowledge
from raincast.learning.blend import Forecaster
from raincast.learning.fitting import WHOLE_YEAR_DAYS, Span
from raincast.learning.thresholds import precision_at_recall
from raincast.loop import own_model
from raincast.observations.panel import Panel
from raincast.settings import Settings
from raincast.store import scratch
from raincast.store.best_parameters import BestParameters
from raincast.verification import comparison, scoring
from raincast.verification.comparison import COMPARED_DAYS
from raincast.verification.records import (
    ComparedModel,
    ComparedOrigin,
    ComparedSpan,
    Comparison,
    Interval,
)

SEEDS = (0, 1)
"""Each cut-off is fitted with, so that the seed-to-seed variation is known: the fewest that say
anything, for each costs two fits.
"""

Floats = npt.NDArray[np.float64]


class Cutoff(NamedTuple):
    """The feature dates compared on, and the last days that the two are fitted to."""

    compared: Span
    old_last: date
    new_last: date


class _Forecasts(NamedTuple):
    """(n,) each: what happened, when, the regime, both chances averaged over the seeds, and the
    difference of the squared errors likewise; and its mean by seed.
    """

    y: Floats
    day: npt.NDArray[np.datetime64]
    regime: npt.NDArray[np.str_]
    old: Floats
    new: Floats
    difference: Floats
    by_seed: Floats


def cutoffs(panel: Panel, learned_to: date, origins: int) -> list[Cutoff]:
    """The newest blocks of `COMPARED_DAYS` days with truth, and what comes before each.

    Args:
        learned_to: the champion's last feature date.

    Raises:
        NotEnoughData: less than a year lies before one of them.
    """
    days = panel.days_with_truth()
    age = max(0, (days[-1] - learned_to).days)
    found = list(_cutoffs(days, age, origins))
    first = panel.first + timedelta(days=WHOLE_YEAR_DAYS)
    if len(found) < origins or any(one.old_last < first for one in found):
        raise NotEnoughData(
            f"GATE_ORIGINS={origins}: observations run from {days[0]} to {days[-1]}, expected"
            f" {WHOLE_YEAR_DAYS} days before the first of {origins} blocks of {COMPARED_DAYS} days,"
            f" less the champion's age of {age} days; set fewer origins"
        )
    return found


def _cutoffs(days: Sequence[date], age: int, origins: int) -> Iterator[Cutoff]:
    for i in range(origins):
        block = days[len(days) - (i + 1) * COMPARED_DAYS : len(days) - i * COMPARED_DAYS]
        if block and len(days) >= (i + 1) * COMPARED_DAYS:
            # The day before is left out: its truth is the comparison's first reading.
            new_last = block[0] - timedelta(days=2)
            yield Cutoff(Span(block[0], block[-1]), new_last - timedelta(days=age), new_last)


def require_unsearched(
    settings: Settings, panel: Panel, champion: Forecaster, best: BestParameters | None
) -> None:
    """Refuses parameters whose search has seen a day after the first cut-off.

    Raises:
        InSample: it has.
        NotEnoughData: there are too few days for so many cut-offs.
    """
    learned_to = knowledge.fitted(champion.metadata).last
    first = cutoffs(panel, learned_to, settings.gate_origins)[-1].compared.first
    if best and best.searched_to and best.searched_to >= first:
        raise InSample(
            f"{settings.best_params}: its search has seen days up to {best.searched_to}, expected"
            f" none from {first} on, where GATE_ORIGINS={settings.gate_origins} begins to compare;"
            " `raincast tune` searches on the days before"
        )


def compare(
    settings: Settings, panel: Panel, champion: Forecaster, challenger: Forecaster
) -> Comparison:
    """Both on every station-day with truth after each cut-off, in every regime.

    Raises:
        NotEnoughData: there are too few days for so many cut-offs.
    """
    learned_to = knowledge.fitted(champion.metadata).last
    asked = cutoffs(panel, learned_to, settings.gate_origins)
    given = _Given(panel, _params(champion), _params(challenger))
    found = list(workers.of(settings).each(_forecasts, given, asked, "origins"))
    difference = np.concatenate([one.difference for one in found])
    days = np.concatenate([one.day for one in found])
    seed_sd = seed_deviation([one.by_seed for one in found])
    over_days = comparison.mean_interval(difference, days)
    mean = float(difference.mean())
    return Comparison(
        event=panel.network.event.statement,
        no_worse=mean <= 0,
        champion=_scores(champion, found, "old", settings.target_recall),
        challenger=_scores(challenger, found, "new", settings.target_recall),
        brier_difference=mean,
        brier_difference_interval=widened(mean, over_days, seed_sd),
        span=ComparedSpan(first=str(days.min()), last=str(days.max()), days=len(np.unique(days))),
        origins=[
            ComparedOrigin(
                first=str(one.compared.first),
                last=str(one.compared.last),
                champion_fitted_to=str(one.old_last),
                challenger_fitted_to=str(one.new_last),
                brier_differences=told.by_seed.tolist(),
            )
            for one, told in zip(asked, found, strict=True)
        ],
        seed_sd=seed_sd,
    )


def seed_deviation(by_seed: Sequence[Floats]) -> float:
    """The standard deviation between seeds, pooled over the cut-offs."""
    return float(np.sqrt(np.mean([np.var(one, ddof=1) for one in by_seed])))


def widened(mean: float, over_days: Interval | None, seed_sd: float) -> Interval | None:
    """An interval over days, and the variation of the single fit that would serve: independent, so
    their squares add up.
    """
    if over_days is None:
        return None
    low, high = over_days
    seeds = 1.96 * seed_sd
    return mean - float(np.hypot(mean - low, seeds)), mean + float(np.hypot(high - mean, seeds))


class _Given(NamedTuple):
    """What the models of every cut-off are fitted from."""

    panel: Panel
    old: Mapping[str, Any]
    new: Mapping[str, Any]


def _params(model: Forecaster) -> Mapping[str, Any]:
    """What it was made with; one from before there were networks has none."""
    return {"networks": 0} | (model.metadata.params or {})


def _forecasts(given: _Given, one: Cutoff) -> _Forecasts:
    panel = given.panel
    rows = examples.by_regime(panel, *one.compared)
    y, day = (
        np.concatenate([getattr(part, name) for part in rows.values()]) for name in ("y", "day")
    )
    old, new = (
        np.stack([_chances(panel, Span(panel.first, last), params, seed, rows) for seed in SEEDS])
        for params, last in ((given.old, one.old_last), (given.new, one.new_last))
    )
    each = (new - y) ** 2 - (old - y) ** 2
    regime = np.concatenate([np.full(len(part), name) for name, part in rows.items()])
    return _Forecasts(
        y, day, regime, old.mean(axis=0), new.mean(axis=0), each.mean(axis=0), each.mean(axis=1)
    )


def _chances(
    panel: Panel,
    span: Span,
    params: Mapping[str, Any],
    seed: int,
    rows: dict[str, examples.Examples],
) -> Floats:
    with own_model.answered_for(params):
        pipeline = fitting.fit(panel, span, params, seed, scratch=scratch.folder)
        found = [pipeline.predict_proba(part.given)[:, 1] for part in rows.values()]
    return np.concatenate(found)


def _scores(
    model: Forecaster, found: Sequence[_Forecasts], side: str, recall: float
) -> ComparedModel:
    """Of the chances averaged over the seeds, by the version's own thresholds; no climatology of
    each cut-off is at hand, so there is no skill.
    """
    y, p = (np.concatenate([getattr(one, name) for one in found]) for name in ("y", side))
    regime = np.concatenate([one.regime for one in found])
    threshold = np.array([model.threshold_of(str(name)) for name in regime])
    scores = scoring.summary(y, p, p >= threshold, np.full(len(y), np.nan))
    precision = precision_at_recall(y, p, recall) if scores.positives else None
    return ComparedModel(
        version=model.version, **dict(scores), precision_at_target_recall=precision
    )
