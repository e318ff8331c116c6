"""The scores of resampled days: the draws behind every interval (see `scoring.with_intervals`)."""

from typing import Any

import numpy as np
import numpy.typing as npt

from raincast.verification import sums as figures
from raincast.verification.sums import Cells, Codes, Floats, Forecasts

RESAMPLES = 500
CELLS = 1024
"""Most cells into which probabilities are put for the intervals of the two ranked scores."""


def by_resample(
    f: Forecasts,
    names: npt.NDArray[Any],
    day: npt.NDArray[Any],
    rng: np.random.Generator,
    resamples: int,
) -> dict[str, Floats]:
    """Every figure of every resample of the days, (resamples,) each.

    Args:
        f: forecasts whose `y` is known.
        names: (days,) the days, ascending, each once.
        day: (forecasts,) which of them each forecast is of.
    """
    cell = _cell_of(f.p)  # first: it puts a copy of all chances into order
    return _resampled(f, cell, _places(names, day), _few_bytes(rng, len(names), resamples))


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


def _resampled(
    f: Forecasts, cell: npt.NDArray[np.int16], day: Codes, drawn: npt.NDArray[Any]
) -> dict[str, Floats]:
    """Every figure of every resample, (resamples,) each; `drawn` (resamples, days) is how often
    each day was drawn.
    """
    sums = figures.sums(f, day, drawn.shape[1]).weighted(drawn)
    return figures.of_groups(sums, _resampled_ranks(f, cell, day, drawn))


def _resampled_ranks(
    f: Forecasts, cell: npt.NDArray[np.int16], day: Codes, drawn: npt.NDArray[Any]
) -> tuple[Floats, Floats]:
    known = ~np.isnan(f.p)
    cells = int(cell[known].max(initial=0)) + 1
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
    known = p[~np.isnan(p)]
    if not len(known):
        return np.zeros(len(p), np.int16)
    edges = _edges(known)
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
