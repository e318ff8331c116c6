"""The arithmetic of the scores: sums over groups of forecasts, and every figure of every group from
them.

A group may be all forecasts, a station's, or one resample of days; nothing here loops over them.
`scoring` has the formulas and is what the rest of the program calls.
"""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import xarray as xr
from scores.categorical import BasicContingencyManager
from scores.probability import brier_score

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.intp]

CONTINGENCY = ("accuracy", "precision", "recall", "f1")
RANKED = ("roc_auc", "average_precision")
QUADRATIC = ("brier", "brier_skill")
FIGURES = (*CONTINGENCY, *RANKED, *QUADRATIC)


class Table(NamedTuple):
    """The contingency table: warned and wet, not warned and wet, warned and dry, not warned and
    dry.
    """

    hits: Any
    misses: Any
    false_alarms: Any
    correct_negatives: Any


class Forecasts(NamedTuple):
    """What is scored, each (forecasts,) float64, NaN where not known; see `scoring`."""

    y: Floats
    p: Floats
    predicted: Floats
    reference: Floats


class Sums(NamedTuple):
    """What the figures need of each group, all (groups,). The last two are over forecasts that have
    a reference.
    """

    n: Any
    positives: Any
    hits: Any
    misses: Any
    false_alarms: Any
    correct_negatives: Any
    forecasts: Any
    squared: Any
    squared_compared: Any
    squared_reference: Any

    def table(self) -> Table:
        return Table(self.hits, self.misses, self.false_alarms, self.correct_negatives)

    def weighted(self, weights: Floats) -> "Sums":
        """The sums of other groups, made of these: `weights` is (other groups, groups)."""
        return Sums(*(weights @ value for value in self))


class Cells(NamedTuple):
    """Wet and dry forecasts by ascending probability, one group after the other; group g begins at
    `starts[g]`.
    """

    wet: Floats
    dry: Floats
    starts: Codes


def forecasts(*columns: npt.ArrayLike) -> Forecasts:
    """The columns in the order of `Forecasts`, as float64."""
    return Forecasts(*(np.asarray(column, dtype=np.float64) for column in columns))


def _squared_error(p: Floats, y: Floats) -> Floats:
    return np.asarray(
        brier_score(xr.DataArray(p), xr.DataArray(y), preserve_dims="all", check_args=False)
    )


def _addends(f: Forecasts) -> Iterator[npt.NDArray[Any]]:
    """One array (forecasts,) for each of `Sums`, in its order."""
    wet, dry, warned, quiet = f.y == 1, f.y == 0, f.predicted == 1, f.predicted == 0
    squared, squared_reference = _squared_error(f.p, f.y), _squared_error(f.reference, f.y)
    yield from (
        wet | dry,
        wet,
        warned & wet,
        quiet & wet,
        warned & dry,
        quiet & dry,
        ~np.isnan(squared),
    )
    yield np.nan_to_num(squared)
    yield np.where(np.isnan(squared_reference), 0, np.nan_to_num(squared))
    yield np.where(np.isnan(squared), 0, np.nan_to_num(squared_reference))


def sums(f: Forecasts, group: Codes, groups: int) -> Sums:
    """The sums of each group; `group` is each forecast's, 0 to `groups` - 1."""
    return Sums(*(np.bincount(group, weights=value, minlength=groups) for value in _addends(f)))


def _cells(y: Floats, p: Floats, group: Codes) -> Cells:
    """One cell for each distinct probability of each group; no group may be empty."""
    order = np.lexsort((p, group))
    y, p, group = y[order], p[order], group[order]
    begins = np.flatnonzero(np.r_[True, (np.diff(p) > 0) | (np.diff(group) > 0)])
    wet, rows = np.add.reduceat(y, begins), np.diff(np.r_[begins, len(y)])
    return Cells(wet, rows - wet, np.flatnonzero(np.r_[True, np.diff(group[begins]) > 0]))


def ranked(cells: Cells) -> tuple[Floats, Floats]:
    """ROC AUC and average precision of each group, (groups,) each.

    scikit-learn has both, for one weighting of the forecasts at a time; here every group, or every
    resample, goes in
    one pass over the sorted cells.
    """
    wet, dry, starts = cells
    of = np.repeat(np.arange(len(starts)), np.diff(np.r_[starts, len(wet)]))
    all_wet, all_dry = np.add.reduceat(wet, starts), np.add.reduceat(dry, starts)
    wet_below, dry_below = (
        before - before[starts][of] for before in (np.cumsum(x) - x for x in (wet, dry))
    )
    warned = all_wet[of] - wet_below + all_dry[of] - dry_below
    precision = np.divide(all_wet[of] - wet_below, warned, where=wet > 0, out=np.zeros_like(warned))
    with np.errstate(invalid="ignore"):
        roc_auc = np.add.reduceat(wet * (dry_below + dry / 2), starts) / (all_wet * all_dry)
        return roc_auc, np.add.reduceat(wet * precision, starts) / all_wet


def ranked_by_group(f: Forecasts, group: Codes, groups: int) -> tuple[Floats, Floats]:
    """ROC AUC and average precision of each group of forecasts; NaN where a group has none."""
    roc_auc, average_precision = np.full((2, groups), np.nan)
    known = ~np.isnan(f.y) & ~np.isnan(f.p)
    if known.any():
        present, code = np.unique(group[known], return_inverse=True)
        roc_auc[present], average_precision[present] = ranked(_cells(f.y[known], f.p[known], code))
    return roc_auc, average_precision


def _contingency(table: Table) -> Iterator[Floats]:
    named = dict(zip(("tp_count", "fn_count", "fp_count", "tn_count"), table, strict=True))
    counts = {
        name: xr.DataArray(np.asarray(count, dtype=np.float64)) for name, count in named.items()
    }
    manager = BasicContingencyManager(counts | {"total_count": sum(counts.values())})
    found = (manager.accuracy(), manager.precision(), manager.recall(), manager.f1_score())
    yield from (np.asarray(score) for score in found)


def _quadratic(s: Sums) -> Iterator[Floats]:
    with np.errstate(invalid="ignore", divide="ignore"):
        yield s.squared / s.forecasts
        yield np.where(
            s.squared_reference > 0, 1 - s.squared_compared / s.squared_reference, np.nan
        )


def of_groups(s: Sums, ranks: Sequence[Floats]) -> dict[str, Floats]:
    """Every figure of every group, (groups,) each and NaN where it cannot be computed; `ranks` as
    `ranked` has them.
    """
    return dict(zip(FIGURES, (*_contingency(s.table()), *ranks, *_quadratic(s)), strict=True))
