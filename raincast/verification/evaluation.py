"""A model and its opponents on the same rows: every figure by regime and station, with intervals
over days.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from sklearn.metrics import precision_recall_curve

from raincast.features import block
from raincast.learning import baselines, blend, climatology, examples
from raincast.learning.blend import Forecaster
from raincast.learning.examples import Examples
from raincast.learning.fitting import Span
from raincast.observations.availability import REGIMES
from raincast.observations.panel import Panel
from raincast.observations.stations import LOCATIONS
from raincast.verification import curves, scoring

SEED = 49
STATED_PRECISION = 0.72
"""Precision at which recall is stated, for comparison with other systems."""
HEADLINE = "3pm"
"""The regime of the five figures at top level: what most stations have when the scheduled runs
issue.
"""
FIVE = ("accuracy", "precision", "recall", "f1", "roc_auc")


class Rival(NamedTuple):
    """An opponent with the chance from which on it says rain."""

    opponent: baselines.Opponent
    threshold: float


def rivals(
    panel: Panel, fitted_on: Span, tuned_on: Span, regime: str, recall: float
) -> list[Rival]:
    """The opponents fitted to a span as in that regime; thresholds reach the recall on another."""
    rows, tuning = (examples.of_regime(panel, regime, *span) for span in (fitted_on, tuned_on))
    found = [Rival(baselines.persistence(rows), baselines.PERSISTENCE_THRESHOLD)]
    others = (baselines.frequency(rows), baselines.logistic(rows))
    return found + [
        Rival(o, blend.threshold_for_recall(tuning.y, o.chances(tuning), recall)) for o in others
    ]


def recall_at_precision(
    y: npt.NDArray[Any], p: npt.NDArray[Any], precision: float = STATED_PRECISION
) -> float | None:
    """The highest recall at which precision is at least so high; None where no threshold reaches
    it.
    """
    precisions, recalls, _ = precision_recall_curve(y, p)
    reached = recalls[:-1][precisions[:-1] >= precision]
    return float(reached.max()) if len(reached) else None


def _figures(
    rows: Examples, p: npt.NDArray[Any], threshold: float, reference: npt.NDArray[Any]
) -> dict[str, Any]:
    rng = np.random.default_rng(SEED)
    said = (p >= threshold).astype(float)
    found = scoring.with_intervals(rows.y, p, said, reference, rows.day, rng)
    base = float(np.mean((rows.y - rows.y.mean()) ** 2))
    skill = 1 - found["brier"] / base if base else None
    return found | {
        "threshold": threshold,
        "brier_skill_base_rate": skill,
        "recall_at_precision_0.72": recall_at_precision(rows.y, p),
        "reliability": scoring.reliability(rows.y, p),
    }


def _stations(
    rows: Examples, p: npt.NDArray[Any], threshold: float, reference: npt.NDArray[Any]
) -> dict[str, Any]:
    found = {}
    for i in np.unique(rows.station):
        here = rows.station == i
        part = Examples(rows.X[here], rows.y[here], rows.day[here], rows.station[here])
        found[LOCATIONS[i]] = _figures(part, p[here], threshold, reference[here])
    return found


def _reference(forecaster: Forecaster, rows: Examples) -> npt.NDArray[Any]:
    """(n,) the chance that the model has to beat: the climatology of what it was fitted to."""
    table = climatology.from_mapping(forecaster.metadata["climatology"])
    return climatology.chance(table, rows.day, rows.station)


def regime(
    forecaster: Forecaster, rows: Examples, name: str, against: Sequence[Rival]
) -> dict[str, Any]:
    """The figures of one regime: the model's, its stations', its opponents', and the model's with
    less around it.
    """
    reference = _reference(forecaster, rows)
    threshold, p = forecaster.threshold_of(name), forecaster.probabilities(rows.X)
    withheld = {"without_other_stations": block.without_field, "own_row_only": block.own_row_only}
    return _figures(rows, p, threshold, reference) | {
        "opponents": {
            r.opponent.name: _figures(rows, r.opponent.chances(rows), r.threshold, reference)
            for r in against
        },
        "withheld": {
            how: _figures(rows, forecaster.probabilities(less(rows.X)), threshold, reference)
            for how, less in withheld.items()
        },
        "roc": curves.roc(rows.y, p),
        "stations": _stations(rows, p, threshold, reference),
    }


def judge(
    forecaster: Forecaster, panel: Panel, span: Span, against: Mapping[str, Sequence[Rival]]
) -> dict[str, Any]:
    """Every regime's figures on a span that the forecaster was neither fitted to nor tuned on.

    Args:
        against: the opponents of each regime; may be empty.

    Returns:
        The five figures of `HEADLINE` at top level, then `regimes`.

    Raises:
        NotEnoughData: no station-day of the span has a known truth.
    """
    found = {}
    for name in REGIMES:
        rows = examples.of_regime(panel, name, *span)
        found[name] = regime(forecaster, rows, name, against.get(name, ()))
    five = {name: found[HEADLINE][name] for name in FIVE}
    about = {
        "headline_regime": HEADLINE,
        "span": {"first": str(span.first), "last": str(span.last)},
    }
    return five | about | {"model_version": forecaster.version, "regimes": found}


def summaries(forecaster: Forecaster, panel: Panel, span: Span) -> dict[str, Any]:
    """Every regime's figures alone, without intervals, stations or opponents: what `table` shows,
    in seconds.
    """
    found = {}
    for name in REGIMES:
        rows = examples.of_regime(panel, name, *span)
        reference = _reference(forecaster, rows)
        p = forecaster.probabilities(rows.X)
        found[name] = scoring.summary(rows.y, p, p >= forecaster.threshold_of(name), reference) | {
            "opponents": {}
        }
    return {"span": {"first": str(span.first), "last": str(span.last)}, "regimes": found}


def table(found: dict[str, Any]) -> str:
    """A judgement as a table for people: a line per regime and forecaster."""
    line = "{:<9} {:<20} {:>6} {:>8} {:>11} {:>8} {:>7} {:>9}"
    lines = [
        line.format("regime", "forecast", "n", "ROC AUC", "Brier skill", "recall", "prec.", "Brier")
    ]
    for name, figures in found["regimes"].items():
        for who, f in {"raincast": figures, **figures["opponents"]}.items():
            shown = [
                _three(f[key]) for key in ("roc_auc", "brier_skill", "recall", "precision", "brier")
            ]
            lines.append(line.format(name, who, f["n"], *shown))
    return "\n".join(lines)


def _three(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
