"""What a replay shows: its scores by regime, month, station and issue time, beside baselines on the
same rows.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from raincast.learning import climatology
from raincast.learning.climatology import Table
from raincast.learning.examples import Examples
from raincast.observations.network import in_force
from raincast.replay.summary.records import (
    AgainstFirst,
    Difference,
    GroupScores,
    MissingShares,
    MonthScores,
    ReplayScores,
    ValueAt,
)
from raincast.verification import comparison, scoring
from raincast.verification.evaluation import TunedBaseline
from raincast.verification.records import Scores
from raincast.verification.sums import Table as Contingency

SEED = 49
RATIOS = tuple(round(0.05 * i, 2) for i in range(1, 20))
"""Cost-loss ratios at which the value is stated."""


def told(rows: pd.DataFrame, table: Table) -> pd.DataFrame:
    """The scored rows as `scoring` names them, one for each station-day and issue time.

    Args:
        rows: a scored journal.
        table: station-month chances that the forecasts have to beat.
    """
    with_truth = rows[rows["truth_available"]].copy()
    station = np.asarray(with_truth["location"].map(in_force().index), dtype=np.intp)
    days = np.asarray(with_truth["feature_date"], dtype="datetime64[D]")
    return with_truth.assign(
        y=with_truth["y_true"].astype(float),
        p=with_truth["rain_probability"],
        predicted=with_truth["predicted_rain"].astype(float),
        reference=climatology.chance(table, days, station),
        month=with_truth["feature_date"].dt.strftime("%Y-%m"),
        issue_hour_utc=with_truth["issued_at_utc"].dt.strftime("%H:%M"),
    ).reset_index(drop=True)


def summary(part: pd.DataFrame) -> ReplayScores:
    """All figures of some rows with their intervals, the reliability table, and the value by
    cost-loss ratio.
    """
    y, p, predicted, reference, day = (
        part[name].to_numpy() for name in (*scoring.COLUMNS, "target_date")
    )
    found = scoring.with_intervals(y, p, predicted, reference, day, np.random.default_rng(SEED))
    return ReplayScores(
        **found.given(),
        reliability=scoring.reliability(part["y"], part["p"]),
        value=values(part["y"].to_numpy(), part["p"].to_numpy()),
    )


def difference(one: pd.DataFrame, other: pd.DataFrame) -> AgainstFirst | None:
    """What the other has more of than the one on the forecasts that both have: Brier score, and
    recall, which is None where no day was wet. None where they have no forecast in common.

    Days are drawn whole.
    """
    keys = ["location", "feature_date", "issued_at_utc"]
    both = one.merge(other, on=keys, suffixes=("", "_other"), validate="one_to_one")
    y, day = both["y"].to_numpy(), both["target_date"].to_numpy("datetime64[D]")
    if both.empty:
        return None
    error = ((both["p_other"] - both["y"]) ** 2 - (both["p"] - both["y"]) ** 2).to_numpy()
    said = (both["predicted_other"] - both["predicted"]).to_numpy()
    wet = y == 1
    recall = _mean(said[wet], day[wet]) if wet.any() else (None, None, None)
    return AgainstFirst(n=len(both), brier=_mean(error, day), recall=recall)


def _mean(values: npt.NDArray[Any], days: npt.NDArray[np.datetime64]) -> Difference:
    low, high = comparison.mean_interval(values, days) or (None, None)
    return float(values.mean()), low, high


def over_time(frame: pd.DataFrame) -> list[MonthScores]:
    """By month of the feature dates: n, Brier skill with its `interval`, recall and precision."""
    found = []
    for month, part in frame.groupby("month"):
        whole = summary(part)
        found.append(
            MonthScores(
                month=str(month),
                interval=whole.intervals.brier_skill,
                n=whole.n,
                brier_skill=whole.brier_skill,
                recall=whole.recall,
                precision=whole.precision,
            )
        )
    return found


def values(y: npt.NDArray[Any], p: npt.NDArray[Any]) -> list[ValueAt]:
    """Relative economic value for users who protect where the chance reaches their own cost-loss
    ratio.
    """
    found = []
    for ratio in RATIOS:
        said = p >= ratio
        wet = y == 1
        table = Contingency(
            *(int(np.sum(x)) for x in (said & wet, ~said & wet, said & ~wet, ~said & ~wet))
        )
        found.append(ValueAt(ratio=ratio, value=scoring.value(table, ratio)))
    return found


def by(frame: pd.DataFrame, keys: Sequence[str]) -> list[GroupScores]:
    """The scores of each group, with its keys."""
    grouped = scoring.by_group(frame, keys)
    names = [key if isinstance(key, tuple) else (key,) for key in grouped.index]
    return [
        GroupScores(**dict(zip(keys, map(str, name), strict=True)), **scoring.plain(row).given())
        for name, (_, row) in zip(names, grouped.iterrows(), strict=True)
    ]


def beside(
    frame: pd.DataFrame,
    X: npt.NDArray[np.float32],
    tuned_baselines: Mapping[str, Sequence[TunedBaseline]],
) -> dict[str, dict[str, Scores]]:
    """By regime, the baselines' figures on the same rows.

    Args:
        frame: as `told` gives it, n rows.
        X: (n, K) their features.
        tuned_baselines: of each regime.
    """
    found: dict[str, dict[str, Scores]] = {}
    for regime, baselines in tuned_baselines.items():
        here = (frame["regime"] == regime).to_numpy()
        if not here.any():
            continue
        part = frame[here]
        station = np.asarray(part["location"].map(in_force().index), dtype=np.intp)
        rows = Examples(
            X[here],
            part["y"].to_numpy(),
            np.asarray(part["feature_date"], "datetime64[D]"),
            station,
        )
        found[regime] = {
            r.baseline.name: scoring.summary(
                rows.y,
                p := r.baseline.chances(rows),
                p >= r.threshold,
                part["reference"].to_numpy(),
            )
            for r in baselines
        }
    return found


def missing(rows: pd.DataFrame) -> list[MissingShares]:
    """By issue time and regime: how many forecasts, and the share of them in which each observation
    was absent.
    """
    found = []
    hours = rows["issued_at_utc"].dt.strftime("%H:%M")
    for key, part in rows.groupby([hours, rows["regime"]]):
        hour, regime = map(str, tuple(key))
        absent = part["missing"].fillna("").str.split().explode().value_counts() / len(part)
        shares = {str(name): round(float(share), 4) for name, share in absent.items() if name}
        found.append(MissingShares(issue_hour_utc=hour, regime=regime, n=len(part), absent=shares))
    return found
