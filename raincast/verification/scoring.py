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

from raincast.verification import sums as figures
from raincast.verification.records import (
    ContingencyTable,
    Interval,
    Intervals,
    ReliabilityBin,
    Scores,
    ScoresOverDays,
)
from raincast.verification.sums import FIGURES, Cells, Codes, Floats, Forecasts, Table

COLUMNS = Forecasts._fields
CONFIDENCE = 0.95
RESAMPLES = 500
FEWEST_DAYS = 8
"""Days below which no interval is given. In simulation 95 % intervals of fewer days covered too
seldom: those of 8 days 93 % on average over the figures, of 5 days 90 %, of 3 days 73 %.
"""
BINS = 10
"""Of the reliability table, of equal width."""
CELLS = 1024
"""Most cells into which probabilities are put for the intervals of the two ranked scores."""


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
    bootstrap). The
    interval lies between percentiles of the resampled figures, widened for few days as Hesterberg
    has it (2015, The
    American Statistician 69, 371-386). It is None with fewer than `FEWEST_DAYS` days with truth.

    A resample is a weighting of the days, so counts and squared errors cost one matrix product. For
    ROC AUC and
    average precision the probabilities are first put into at most `CELLS` cells of about equal
    count, equal values
    together; that moves the former by less than 1e-5 and the latter by less than 0.002.

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
        drawn = _few_bytes(rng, len(names), resamples)
        draws = _resampled(f, _places(names, day), drawn)
        found = {name: interval(one, len(names)) for name, one in draws.items()}
    return ScoresOverDays(**dict(scores), days=len(names), intervals=Intervals(**found))


def _places(names: npt.NDArray[Any], values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """(n,) where each value stands among the ascending names."""
    found = np.empty(len(values), np.int32)
    for some in figures.slices(len(values), figures.AT_ONCE):
        found[some] = np.searchsorted(names, values[some])
    return found


def _few_bytes(rng: np.random.Generator, days: int, resamples: int) -> npt.NDArray[np.uint8]:
    """`drawn_days`, in an eighth of its memory: of few days none can be drawn more often than there
    are, of many none is.
    """
    found = np.empty((resamples, days), np.uint8)
    for some in figures.slices(resamples, max(1, figures.AT_ONCE // days)):
        found[some] = drawn_days(rng, days, len(found[some]))
    return found


def drawn_days(
    rng: np.random.Generator, days: int, resamples: int = RESAMPLES
) -> npt.NDArray[np.int64]:
    """(resamples, days) how often each day is drawn, with replacement."""
    return rng.multinomial(days, np.full(days, 1 / days), size=resamples)


def _resampled(f: Forecasts, day: Codes, drawn: npt.NDArray[Any]) -> dict[str, Floats]:
    """Every figure of every resample, (resamples,) each; `drawn` (resamples, days) is how often
    each day was drawn.
    """
    sums = figures.sums(f, day, drawn.shape[1]).weighted(drawn)
    return figures.of_groups(sums, _resampled_ranks(f, day, drawn))


def _resampled_ranks(f: Forecasts, day: Codes, drawn: npt.NDArray[Any]) -> tuple[Floats, Floats]:
    known = ~np.isnan(f.p)
    if not known.any():
        return np.full(len(drawn), np.nan), np.full(len(drawn), np.nan)
    cell = _cell_of(f.p)
    cells = int(cell[known].max()) + 1
    found = np.zeros((2, len(drawn), cells))
    for some in figures.slices(drawn.shape[1], figures.DAYS_AT_ONCE):
        inside = np.flatnonzero(known & (day >= some.start) & (day < some.stop))
        # Exact for counts up to 16 million, and half the memory of float64.
        weights = drawn[:, some].astype(np.float32)
        place = (day[inside] - some.start).astype(np.intp) * cells + cell[inside]
        for row, kind in zip(found, (1, 0), strict=True):
            mine = place[f.y[inside] == kind]
            daily = np.bincount(mine, minlength=weights.shape[1] * cells)
            row += weights @ daily.reshape(-1, cells).astype(np.float32)
    wet, dry = found.reshape(2, -1)
    return figures.ranked(Cells(wet, dry, np.arange(len(drawn)) * cells))


def _cell_of(p: Floats) -> npt.NDArray[np.int16]:
    """(rows,) cell of each probability, in ascending order: one per distinct value, or about
    equally filled ones; any one where it is NaN.
    """
    edges = _edges(p[~np.isnan(p)])
    return np.concatenate(
        [
            (np.searchsorted(edges, p[some], side="right") - 1).astype(np.int16)
            for some in figures.slices(len(p), figures.AT_ONCE)
        ]
    )


def _edges(p: Floats) -> Floats:
    """Where the cells begin; puts the probabilities, of which a copy may be large, into order."""
    p.sort()
    first = p[1:] > p[:-1]
    if np.count_nonzero(first) < CELLS:
        return p[np.r_[True, first]]
    shares = np.arange(CELLS) / CELLS
    return np.unique(np.quantile(p, shares, method="lower", overwrite_input=True))


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


def bin_of(p: Floats, bins: int = BINS) -> Codes:
    """(n,) bin of equal width of each chance; it holds its lower edge, the last one also 1."""
    return np.minimum((p * bins).astype(np.intp), bins - 1)


def reliability(y: npt.ArrayLike, p: npt.ArrayLike, bins: int = BINS) -> list[ReliabilityBin]:
    """The reliability table: per bin of equal width its n, the mean forecast and how often it
    rained.

    A perfect forecast has the two equal in every bin; both are None in an empty one. A bin holds
    its lower edge, the
    last one also p = 1. Murphy and Winkler 1977, Applied Statistics 26, 41-47.
    """
    y, p = np.asarray(y), np.asarray(p)
    found = np.zeros((3, bins))
    for some in figures.slices(len(p), figures.AT_ONCE):
        wet, chance = (column[some].astype(np.float64) for column in (y, p))
        known = ~np.isnan(wet) & ~np.isnan(chance)
        wet, chance = wet[known], chance[known]
        found += _binned(wet, chance, bin_of(chance, bins), bins)
    return _table(found, [i / bins for i in range(bins + 1)])


def reliability_of(
    wet: Floats, chance: Floats, code: Codes, edges: Sequence[float]
) -> list[ReliabilityBin]:
    """The reliability table of forecasts that are in bins (n,) between those edges already."""
    return _table(_binned(wet, chance, code, len(edges) - 1), edges)


def _binned(wet: Floats, chance: Floats, code: Codes, bins: int) -> Floats:
    """(3, bins) how many forecasts, the sums of their chances, and how often it rained."""
    weights = (np.ones_like(wet), chance, wet)
    return np.stack([np.bincount(code, weights=w, minlength=bins) for w in weights])


def _table(binned: Floats, edges: Sequence[float]) -> list[ReliabilityBin]:
    n, forecast, observed = binned
    return [
        ReliabilityBin(
            low=edges[i],
            high=edges[i + 1],
            n=int(n[i]),
            mean_forecast=float(forecast[i] / n[i]) if n[i] else None,
            observed=float(observed[i] / n[i]) if n[i] else None,
        )
        for i in range(len(n))
    ]


def value(table: Table | ContingencyTable, ratio: float) -> float | None:
    """Relative economic value for a user who can avert a loss L at a cost C; `ratio` is C/L, above
    0 and below 1.

    V = (min(a, o) - F a (1 - o) + H o (1 - a) - o) / (min(a, o) - o a), where a is the ratio, o the
    wet share, H the
    recall and F the share of dry cases with a warning. 1 is a perfect forecast; 0 is worth no more
    than always or
    never protecting, below 0 the user does better without. None where it always rained or never.
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
