"""Several models side by side on the same rows, which none of them has seen."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt

from raincast.learning import climatology, examples
from raincast.learning.blend import Forecaster
from raincast.learning.examples import Examples
from raincast.learning.fitting import Span
from raincast.observations.availability import REGIMES
from raincast.observations.panel import Panel
from raincast.verification import records, scoring
from raincast.verification.comparison import SEED, mean_interval
from raincast.verification.records import SideBySide, SideScores
from raincast.verification.tables import three

Floats = npt.NDArray[np.float64]


def side_by_side(models: Mapping[str, Forecaster], panel: Panel, span: Span) -> SideBySide:
    """By regime, each model's scores with intervals, and its Brier score less the first model's
    with the 95 % interval of the paired difference over days.

    Args:
        models: by the name to show; the first is what the others are compared with. The climatology
            that skill is against is the first's for all.

    Raises:
        NotEnoughData: no station-day of the span has a known truth.
    """
    regimes = {}
    for regime in REGIMES:
        rows = examples.of_regime(panel, regime, *span)
        regimes[regime] = _of_regime(models, rows, regime)
    return SideBySide(
        span=records.Span(first=str(span.first), last=str(span.last)),
        regimes=regimes,
        event=panel.network.event.statement,
    )


def _of_regime(
    models: Mapping[str, Forecaster], rows: Examples, regime: str
) -> dict[str, SideScores]:
    chances = {name: model.probabilities(rows.given) for name, model in models.items()}
    thresholds = {name: model.threshold_of(regime) for name, model in models.items()}
    first = next(iter(models.values()))
    return scored(rows, chances, climatology.from_mapping(first.metadata.climate), thresholds)


def scored(
    rows: Examples,
    chances: Mapping[str, Floats],
    climate: climatology.Table,
    thresholds: Mapping[str, float] = MappingProxyType({}),
) -> dict[str, SideScores]:
    """The scores of each model's chances on the same rows.

    Args:
        chances: (n,) by name; the first is what the others are compared with.
        climate: that skill is against.
        thresholds: from which chance on a model warns; the warnings of one without are not scored.
    """
    reference = climatology.chance(climate, rows.day, rows.station)
    squared = {name: (p - rows.y) ** 2 for name, p in chances.items()}
    first, found = next(iter(chances)), {}
    for name, p in chances.items():
        warned = _warned(p, thresholds.get(name))
        rng = np.random.default_rng(SEED)
        scores = scoring.with_intervals(rows.y, p, warned, reference, rows.day, rng)
        gap = squared[name] - squared[first]
        found[name] = SideScores(
            **dict(scores),
            brier_difference=float(gap.mean()),
            brier_difference_interval=None if name == first else mean_interval(gap, rows.day),
        )
    return found


def _warned(p: Floats, threshold: float | None) -> Floats:
    return np.full(len(p), np.nan) if threshold is None else (p >= threshold).astype(float)


def table(found: SideBySide) -> str:
    """For people: a line per regime and model; the difference is times 1000."""
    line = "{:<9} {:<26} {:>6} {:>22} {:>11} {:>7} {:>24}"
    heads = (
        "regime",
        "model",
        "n",
        "ROC AUC (95 %)",
        "Brier skill",
        "Brier",
        "difference x 1000",
    )
    lines = [line.format(*heads)]
    for regime, models in found.regimes.items():
        for name, s in models.items():
            shown = (_with(s.roc_auc, s.intervals.roc_auc), three(s.brier_skill), three(s.brier))
            gap = _with(1000 * s.brier_difference, s.brier_difference_interval, 1000, 2)
            lines.append(line.format(regime, name, s.n, *shown, gap))
    return "\n".join(lines)


def _with(
    value: float | None, interval: Sequence[Any] | None, times: float = 1, digits: int = 3
) -> str:
    if value is None:
        return "-"
    text = f"{value:.{digits}f}"
    if interval is None:
        return text
    return text + " ({:.{d}f} to {:.{d}f})".format(*(times * v for v in interval), d=digits)
