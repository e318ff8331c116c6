"""How good forecasts of rain tomorrow were, and how sure one can be of it.

Every function takes one value per forecast: `y` what happened (1 rain, 0 none), `p` the chance of
rain, 0 to 1, `predicted` the warning (1 or 0) and `reference` the chance that the forecast has to
beat, 0 to 1. NaN is "not known".

NaN rule: a forecast without truth counts nowhere; one without `predicted` is left out of the
contingency table, one without `p` out of the scores of the probability, one without `reference` out
of the skill score. A figure that cannot be computed (0/0) is NaN in arrays and frames and None in a
summary; it is never replaced by 0 or 1.

| figure            | formula                                                | range     | perfect |
|-------------------|--------------------------------------------------------|-----------|---------|
| accuracy          | (hits + correct negatives) / all                       | 0 to 1    | 1       |
| precision         | hits / (hits + false alarms)                           | 0 to 1    | 1       |
| recall            | hits / (hits + misses)                                 | 0 to 1    | 1       |
| f1                | 2 hits / (2 hits + misses + false alarms)              | 0 to 1    | 1       |
| roc_auc           | share of (wet, dry) pairs whose wet one has the higher | 0 to 1    | 1       |
|                   | equal p counting half (Mann and Whitney 1947)          |           |         |
| average_precision | sum over distinct p of recall gained × precision there | 0 to 1    | 1       |
| brier             | mean of (p - y)² (Brier 1950)                          | 0 to 1    | 0       |
| brier_skill       | 1 - sum of (p - y)² / sum of (reference - y)²          | below 1   | 1       |

The contingency and skill scores are those of Wilks, Statistical Methods in the Atmospheric
Sciences, chapter 9.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import xarray as xr
from scipy.special import ndtr, stdtrit
from scores.categorical import relative_economic_value_from_rates

from raincast.verification import bins as binning
from raincast.verification import resampling
from raincast.verification import sums as figures
from raincast.verification.bins import BINS
from raincast.verification.records import (
    ContingencyTable,
    Interval,
    Intervals,
    ReliabilityBin,
    Scores,
    ScoresOverDays,
)
from raincast.verification.resampling import RESAMPLES
from raincast.verification.sums import FIGURES, Codes, Floats, Forecasts, Table

COLUMNS = Forecasts._fields
CONFIDENCE = 0.95
FEWEST_DAYS = 8
"""Days below which no interval is given. In simulation 95 % intervals of fewer days covered too
seldom: those of 8 days 93 % on average over the figures, of 5 days 90 %, of 3 days 73 %.
"""


def _scored(f: Forecasts, group: Codes, groups: int) -> pd.DataFrame:
    sums = figures.sums(f, group, groups)
    counts = {"n": sums.n, "positives": sums.positives, **sums.table()._asdict()}
    found = figures.of_groups(sums, figures.ranked_by_group(f, group, groups))
    return pd.DataFrame({name: count.astype(int) for name, count in counts.items()} | found)


def by_group(frame: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """The figures of each group of forecasts, in one pass.

    Args:
        frame: has the columns y, p, predicted, reference and the keys. Rows without a key are a
            group too.

    Returns:
        One row per group, indexed by the keys: n, positives, the contingency table and every
            figure.
    """
    grouped = frame.groupby(list(keys), dropna=False, observed=True)
    columns = figures.forecasts(*(frame[name] for name in COLUMNS))
    scored = _scored(columns, np.asarray(grouped.ngroup(), dtype=np.intp), grouped.ngroups)
    return scored.set_axis(grouped.size().index)


def by_code(f: Forecasts, code: Codes, labels: Sequence[str]) -> dict[str, Scores]:
    """The scores of each group that has forecasts, by its label, in the order of the codes.

    Args:
        f: forecasts whose `y` is known.
        code: (forecasts,) positions in the labels.
    """
    scored = _scored(f, code, len(labels))
    there = ((label, row) for label, (_, row) in zip(labels, scored.iterrows(), strict=True))
    return {label: plain(row) for label, row in there if row["n"]}


def plain(row: "pd.Series[Any]") -> Scores:
    """One group's row as a record; a score that is undefined is None."""
    table = {name: int(row[name]) for name in Table._fields}
    return Scores(
        n=int(row["n"]),
        positives=int(row["positives"]),
        table=ContingencyTable(**table),
        **{name: None if np.isnan(row[name]) else float(row[name]) for name in FIGURES},
    )


def summary(
    y: npt.ArrayLike, p: npt.ArrayLike, predicted: npt.ArrayLike, reference: npt.ArrayLike
) -> Scores:
    """All scores of some forecasts, with their n, positives and contingency `table`."""
    return _together(figures.forecasts(y, p, predicted, reference))


def _together(f: Forecasts) -> Scores:
    return plain(_scored(f, np.zeros(len(f.y), dtype=np.int8), 1).iloc[0])


def with_intervals(
    y: npt.ArrayLike,
    p: npt.ArrayLike,
    predicted: npt.ArrayLike,
    reference: npt.ArrayLike,
    day: npt.ArrayLike,
    rng: np.random.Generator,
    resamples: int = RESAMPLES,
) -> ScoresOverDays:
    """The scores with `days` and `intervals`: for each its 95 % interval, or None.

    Whole days are drawn with replacement, since the stations of one day share its weather (cluster
    bootstrap). The interval lies between percentiles of the resampled figures, widened for few days
    as Hesterberg has it (2015, The American Statistician 69, 371-386). It is None with fewer than
    `FEWEST_DAYS` days with truth.

    A resample is a weighting of the days, so counts and squared errors cost one matrix product. For
    ROC AUC and average precision the probabilities are first put into at most `resampling.CELLS`
    cells of about equal count, equal values together; that moves the former by less than 1e-5 and
    the latter by less than 0.002.

    Args:
        day: target date (or another cluster) of each forecast.
        rng: drawn from; the same seed gives the same intervals.
    """
    columns = figures.forecasts(y, p, predicted, reference)
    told = ~np.isnan(columns.y)
    columns = Forecasts(*(column[told] for column in columns))
    return over_days(columns, np.asarray(day)[told], rng, resamples)


def over_days(
    f: Forecasts, day: npt.NDArray[Any], rng: np.random.Generator, resamples: int = RESAMPLES
) -> ScoresOverDays:
    """`with_intervals` of columns of any kind of number, whose `y` is known everywhere."""
    scores, names = _together(f), np.unique(day)
    found: dict[str, Interval | None] = dict.fromkeys(FIGURES)
    if len(names) >= FEWEST_DAYS:
        draws = resampling.by_resample(f, names, day, rng, resamples)
        found = {name: interval(one, len(names)) for name, one in draws.items()}
    return ScoresOverDays(**dict(scores), days=len(names), intervals=Intervals(**found))


def interval(draws: Floats, days: int) -> Interval | None:
    """The 95 % interval of a figure from its resamples over a number of days; None with fewer than
    `FEWEST_DAYS`.
    """
    defined = draws[~np.isnan(draws)]
    if not len(defined) or days < FEWEST_DAYS:
        return None
    tail = ndtr(np.sqrt(days / (days - 1)) * stdtrit(days - 1, (1 - CONFIDENCE) / 2))
    low, high = np.quantile(defined, [tail, 1 - tail])
    return float(low), float(high)


def reliability(y: npt.ArrayLike, p: npt.ArrayLike, bins: int = BINS) -> list[ReliabilityBin]:
    """The reliability table: per bin of equal width its n, the mean forecast and how often it
    rained.

    A perfect forecast has the two equal in every bin; both are None in an empty one. A bin holds
    its lower edge, the last one also p = 1. Murphy and Winkler 1977, Applied Statistics 26, 41-47.
    """
    y, p = np.asarray(y), np.asarray(p)
    found = np.zeros((3, bins))
    for some in figures.slices(len(p), figures.AT_ONCE):
        wet, chance = (column[some].astype(np.float64) for column in (y, p))
        known = ~np.isnan(wet) & ~np.isnan(chance)
        wet, chance = wet[known], chance[known]
        found += binning.binned(wet, chance, binning.bin_of(chance, bins), bins)
    return binning.table(found, [i / bins for i in range(bins + 1)])


def value(table: Table | ContingencyTable, ratio: float) -> float | None:
    """Relative economic value for a user who can avert a loss L at a cost C; `ratio` is C/L, above
    0 and below 1.

    V = (min(a, o) - F a (1 - o) + H o (1 - a) - o) / (min(a, o) - o a), where a is the ratio, o the
    wet share, H the recall and F the share of dry cases with a warning. 1 is a perfect forecast; 0
    is worth no more than always or never protecting, below 0 the user does better without. None
    where it always rained or never.
    Richardson 2000, Quarterly Journal of the Royal Meteorological Society 126, 649-667.
    """
    wet, dry = table.hits + table.misses, table.false_alarms + table.correct_negatives
    if not wet or not dry:
        return None
    rates = (
        xr.DataArray(rate)
        for rate in (table.hits / wet, table.false_alarms / dry, wet / (wet + dry))
    )
    return float(relative_economic_value_from_rates(*rates, [ratio]).item())
