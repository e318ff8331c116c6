"""Control charts of daily series against their own past: what of today yesterday and the week
before do not explain, as e-values. Pure.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

TILTS = np.array([0.25, 0.5, 1.0, 2.0, 3.0])
"""By how many standard deviations a change may have moved the mean; both ways."""
CAP = 6.0
"""Standard deviations beyond which a day counts no more: one odd day is a day, not a change."""
WEEK = 7
FEWEST_DAYS = 120
"""Past days below which a series has no chart: no season is shorter."""


class Past(NamedTuple):
    """What charts know of undisturbed days; arrays end in (series,).

    Attributes:
        weights: (3, series) of a constant, yesterday and the week before.
        scale: standard deviation of what they leave.
        log_mean: (signed tilts, series) log of the upper limit of the mean of exp(tilt × rest).
        known: whether there are days enough.
    """

    weights: Floats
    scale: Floats
    log_mean: Floats
    known: npt.NDArray[np.bool_]


def signed() -> Floats:
    """The tilts, upwards and then downwards."""
    return np.concatenate([TILTS, -TILTS])


def _before(series: Floats) -> Floats:
    """(3, days, series) a constant, yesterday's value, the mean of the week before; 0 where there
    is none.
    """
    yesterday, week = np.zeros_like(series), np.zeros_like(series)
    yesterday[1:] = np.nan_to_num(series[:-1])
    there = np.cumsum(np.isfinite(series), axis=0)
    total = np.cumsum(np.nan_to_num(series), axis=0)
    for day in range(1, len(series)):
        first = max(0, day - WEEK) - 1
        n = there[day - 1] - (there[first] if first >= 0 else 0)
        week[day] = (total[day - 1] - (total[first] if first >= 0 else 0)) / np.maximum(n, 1)
    return np.stack([np.ones_like(series), yesterday, week])


def past(series: Floats) -> Past:
    """The past of (days, series); NaN where there is no value.

    The mean of exp(tilt × rest) is taken at the upper end of its 95 % interval, so that the
    e-values keep an expectation below 1 although the past is a sample (Chernoff's bound with the
    past's own distribution).
    """
    before, count = _before(series), series.shape[1]
    weights, scale = np.zeros((3, count)), np.ones(count)
    log_mean, known = np.zeros((2 * len(TILTS), count)), np.zeros(count, dtype=np.bool_)
    for i in range(count):
        there = np.isfinite(series[:, i])
        there[:WEEK] = False
        if there.sum() < FEWEST_DAYS:
            continue
        weights[:, i] = np.linalg.lstsq(before[:, there, i].T, series[there, i], rcond=None)[0]
        rest = series[there, i] - weights[:, i] @ before[:, there, i]
        scale[i] = rest.std()
        known[i] = scale[i] > 1e-9
        if known[i]:
            log_mean[:, i] = _log_mean(np.clip(rest / scale[i], -CAP, CAP))
    return Past(weights, scale, log_mean, known)


def _log_mean(rest: Floats) -> Floats:
    tilted = np.exp(signed()[:, None] * rest)
    return np.asarray(np.log(tilted.mean(axis=1) + 2 * tilted.std(axis=1) / np.sqrt(len(rest))))


def rest(series: Floats, known: Past) -> Floats:
    """(days, series) what the days before do not explain, in standard deviations; NaN where there
    is no value or no past.
    """
    expected = np.einsum("ks,kds->ds", known.weights, _before(series))
    found = np.clip((series - expected) / known.scale, -CAP, CAP)
    return np.where(known.known, found, np.nan)


def log_e(series: Floats, known: Past) -> Floats:
    """(days, series, signed tilts) log e-values of (days, series); 0 where there is no value."""
    left = np.nan_to_num(rest(series, known))[:, :, None]
    found = signed() * left - known.log_mean.T
    there = (np.isfinite(series) & known.known)[:, :, None]
    return np.where(there, found, 0.0)
