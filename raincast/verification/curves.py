"""What plots are drawn from: points of the ROC curve, skill by
station, and what the trees look at.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from imblearn.pipeline import Pipeline
from sklearn.metrics import roc_curve

from raincast.documents import Json
from raincast.features import block
from raincast.learning import climatology
from raincast.learning.examples import Examples
from raincast.observations.network import in_force
from raincast.verification import scoring
from raincast.verification.records import RegimeEvaluation

MOST_POINTS = 100
MOST_FEATURES = 30

Floats = npt.NDArray[np.float64]


def roc(y: npt.NDArray[Any], p: npt.NDArray[Any]) -> list[tuple[float, float]]:
    """At most `MOST_POINTS` points [false alarm rate, hit rate] of the ROC curve, ends included;
    none for one class.
    """
    if len(np.unique(y)) < 2:
        return []
    false, hit, _ = roc_curve(y, p)
    kept = np.unique(np.linspace(0, len(false) - 1, MOST_POINTS).round().astype(int))
    return [
        (round(float(x), 5), round(float(t), 5))
        for x, t in zip(false[kept], hit[kept], strict=True)
    ]


def station_skill(rows: Examples, p: Floats, reference: Floats) -> dict[str, float]:
    """Each station's Brier skill against the reference; a station whose reference makes no error is
    left out.
    """
    ours, theirs = (
        np.bincount(rows.station, (q - rows.y) ** 2, len(in_force().locations))
        for q in (p, reference)
    )
    return {
        in_force().locations[i]: float(1 - ours[i] / theirs[i]) for i in np.flatnonzero(theirs > 0)
    }


def of_rows(rows: Examples, p: Floats, table: climatology.Table) -> Json:
    """`reliability`, `roc` and `stations` of one regime's forecasts, the skill against the
    climatology table.
    """
    reference = climatology.chance(table, rows.day, rows.station)
    return {
        "reliability": [b.to_json() for b in scoring.reliability(rows.y, p)],
        "roc": [list(point) for point in roc(rows.y, p)],
        "stations": dict(station_skill(rows, p, reference)),
    }


def importance(pipeline: Pipeline) -> dict[str, float]:
    """The `MOST_FEATURES` features with the greatest share of the trees' gain (shares of all add up
    to 1); none of a model without trees.
    """
    if not hasattr(pipeline[-1], "trees_"):
        return {}
    gain = pipeline[-1].trees_.get_booster().get_score(importance_type="total_gain")
    whole = sum(gain.values())
    first = sorted(gain, key=gain.__getitem__, reverse=True)[:MOST_FEATURES]
    return {block.NAMES[int(name[1:])]: gain[name] / whole for name in first}


def frames(
    regimes: Mapping[str, RegimeEvaluation], shares: Mapping[str, float]
) -> dict[str, pd.DataFrame]:
    """The curves of an evaluation as tables: `reliability`, `roc`, `skill_by_station` (by regime)
    and `importance`.
    """
    bins = [{"regime": r} | dict(b) for r, part in regimes.items() for b in part.reliability if b.n]
    points = [(r, *point) for r, part in regimes.items() for point in part.roc]
    skills = [
        (r, s, scores.brier_skill)
        for r, part in regimes.items()
        for s, scores in part.stations.items()
    ]
    return {
        "reliability": pd.DataFrame(
            bins, columns=["regime", "low", "high", "n", "mean_forecast", "observed"]
        ),
        "roc": pd.DataFrame(points, columns=["regime", "false_alarm_rate", "hit_rate"]),
        "skill_by_station": pd.DataFrame(skills, columns=["regime", "station", "brier_skill"]),
        "importance": pd.DataFrame(shares.items(), columns=["feature", "share"]),
    }
