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

AT_ONCE = 1 << 18
"""Forecasts whose addends are worked out at once."""
DAYS_AT_ONCE = 4096

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
    """What is scored, each (forecasts,), NaN where not known; see `scoring`."""

    y: npt.NDArray[Any]
    p: npt.NDArray[Any]
    predicted: npt.NDArray[Any]
    reference: npt.NDArray[Any]


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
        parts = [
            [weights[:, some].astype(np.float64) @ value[some] for value in self]
            for some in slices(weights.shape[1], DAYS_AT_ONCE)
        ]
        return Sums(*(np.sum(one, axis=0) for one in zip(*parts, strict=True)))


class Cells(NamedTuple):
    """Wet and dry forecasts by ascending probability, one group after the other; group g begins at
    `starts[g]`.
    """

    wet: Floats
    dry: Floats
    starts: Codes


def slices(count: int, at_once: int) -> Iterator[slice]:
    """So many at a time, one after the other; one slice at least."""
    yield from (slice(begin, begin + at_once) for begin in range(0, max(count, 1), at_once))


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
    found = np.zeros((len(Sums._fields), groups))
    for some in slices(len(group), AT_ONCE):
        part = forecasts(*(column[some] for column in f))
        for row, value in zip(found, _addends(part), strict=True):
            row += np.bincount(group[some], weights=value, minlength=groups)
    return Sums(*found)


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
    for g in range(groups):
        mine = group == g
        wet, dry = (_ascending(f.p[mine & (f.y == kind)]) for kind in (1, 0))
        if len(wet) or len(dry):
            roc_auc[g], average_precision[g] = _ranks(wet, dry)
    return roc_auc, average_precision


def _ascending(p: Floats) -> Floats:
    """The chances that are known, sorted where they lie: there may be millions of them."""
    p.sort()
    return p[: np.searchsorted(p, np.nan)]


def _ranks(wet: Floats, dry: Floats) -> tuple[float, float]:
    """ROC AUC and average precision from the ascending chances before rain and before none."""
    passed, precisions = 0, 0.0
    for some in slices(len(wet), AT_ONCE):
        below, upto = (np.searchsorted(dry, wet[some], side) for side in ("left", "right"))
        caught = len(wet) - np.searchsorted(wet, wet[some])
        passed += int(below.sum() + upto.sum())
        precisions += float(np.sum(caught / (caught + len(dry) - below)))
    with np.errstate(invalid="ignore"):
        roc_auc = np.float64(passed) / 2 / np.float64(len(wet) * len(dry))
        return float(roc_auc), float(precisions / np.float64(len(wet)))


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
