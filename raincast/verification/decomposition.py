"""The Brier score taken apart over ten bins of equal width (Murphy 1973, Journal of Applied
Meteorology 12, 595-600), with the rest within bins that Stephenson et al. (2008, Weather and
Forecasting 23, 752-757) add, so that the parts make up the score exactly.
"""

import numpy as np
import numpy.typing as npt

from raincast.verification import resampling, scoring
from raincast.verification.bins import BINS, bin_of
from raincast.verification.records import BrierParts, Interval

Floats = npt.NDArray[np.float64]
NAMES = ("reliability", "resolution", "uncertainty", "within_bins")


def parts(
    y: Floats,
    p: Floats,
    day: npt.NDArray[np.generic],
    rng: np.random.Generator,
    resamples: int = resampling.RESAMPLES,
) -> BrierParts:
    """Brier score = reliability - resolution + uncertainty + within_bins, with 95 % intervals over
    days as `scoring.with_intervals` has them.

    Args:
        y, p, day: (n,) what happened, the chance of it, and the day; nothing is missing.
    """
    names, code = np.unique(day, return_inverse=True)
    daily = _sums(y, p, code, len(names))
    found = _of(daily.sum(axis=0)[None])[0]
    drawn = resampling.drawn_days(rng, len(names), resamples)
    flat = daily.reshape(len(names), -1)
    again = _of((drawn.astype(np.float64) @ flat).reshape(resamples, *daily.shape[1:]))
    intervals: dict[str, Interval | None] = {
        name: scoring.interval(again[:, i], len(names)) for i, name in enumerate(NAMES)
    }
    values = {name: float(value) for name, value in zip(NAMES, found, strict=True)}
    return BrierParts(**values, intervals=intervals)


def _sums(y: Floats, p: Floats, code: npt.NDArray[np.intp], days: int) -> Floats:
    """(days, 4, bins) counts, and sums of y, p and (p - y)²."""
    cell = code * BINS + bin_of(p)
    columns = (np.ones_like(p), y, p, (p - y) ** 2)
    sums = [np.bincount(cell, weights=w, minlength=days * BINS) for w in columns]
    return np.stack([part.reshape(days, BINS) for part in sums], axis=1)


def _of(sums: Floats) -> Floats:
    """(resamples, 4) the parts in the order of `NAMES`."""
    n, wet, chance, squares = (sums[:, i] for i in range(4))
    total = n.sum(axis=1)
    base = wet.sum(axis=1) / total
    often = np.divide(wet, n, out=np.zeros_like(wet), where=n > 0)
    mean = np.divide(chance, n, out=np.zeros_like(wet), where=n > 0)
    reliability = (n * (mean - often) ** 2).sum(axis=1) / total
    resolution = (n * (often - base[:, None]) ** 2).sum(axis=1) / total
    uncertainty = base * (1 - base)
    within = squares.sum(axis=1) / total - (reliability - resolution + uncertainty)
    return np.stack([reliability, resolution, uncertainty, within], axis=1)
