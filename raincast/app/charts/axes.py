"""Where a value lies between the two ends of a chart, and what is written along it. Pure."""

import math
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

import numpy as np
import pandas as pd

from raincast.app.words import Words

STEPS = (1.0, 2.0, 5.0, 10.0)
"""Ticks lie at one of these times a power of ten."""
ABOUT = 1.35
"""How many times as many ticks there may be as asked for."""
DAYS = (1, 2, 3, 7, 14, 28, 61, 91, 182, 365)
"""Days between the ticks of a calendar."""

Tick = tuple[float, str]


class Axis(NamedTuple):
    """From `low`, left or below, to `high`; the two may be turned round.

    Attributes:
        ticks: values and what is written there.
        grid: whether a line is drawn at each.
    """

    low: float
    high: float
    ticks: Sequence[Tick] = ()
    title: str = ""
    grid: bool = True

    def at(self, value: float) -> float:
        """Per cent of the way; NaN of NaN."""
        return 100 * (float(value) - self.low) / (self.high - self.low)


def numbers(
    low: float, high: float, said: Callable[[float], str], count: int = 5, title: str = ""
) -> Axis:
    """An axis of numbers with about so many round ticks; round one number alone, and from 0 to 1
    where there is none (NaN).
    """
    if math.isnan(low + high):
        low, high = 0.0, 1.0
    elif low == high:
        low, high = low - 0.5, high + 0.5
    return Axis(low, high, [(v, said(v)) for v in round_values(low, high, count)], title)


def round_values(low: float, high: float, count: int) -> list[float]:
    """About so many round numbers between two; the two may be turned round."""
    low, high = min(low, high), max(low, high)
    power = 10.0 ** np.floor(np.log10((high - low) / count))
    step = next(s * power for s in STEPS if s * power * count * ABOUT >= high - low)
    first, last = np.ceil(low / step - 1e-9), np.floor(high / step + 1e-9)
    return [round(float(i * step), 12) + 0.0 for i in np.arange(first, last + 1)]


def days(moments: "pd.Series[pd.Timestamp]", t: Words, count: int = 6, free: float = 0.0) -> Axis:
    """An axis of days or moments; the year stands under the first tick, and where it turns.

    Args:
        free: days left free before the first and after the last.
    """
    first, last = _day(moments.min()) - free, _day(moments.max()) + free
    if first == last:
        first, last = first - 0.5, last + 0.5
    step = next((d for d in DAYS if d * count >= last - first), int(last - first) // count + 1)
    at = np.arange(np.ceil(first), last + 1e-9, step)
    dates = [datetime.fromordinal(int(day)) for day in at]
    turns = [i == 0 or d.year != dates[i - 1].year for i, d in enumerate(dates)]
    texts = [
        t.short(d) + (f"\n{d.year}" if turn else "") for d, turn in zip(dates, turns, strict=True)
    ]
    return Axis(first, last, list(zip(map(float, at), texts, strict=True)))


def _day(moment: object) -> float:
    """Days since the year 1, with their fraction."""
    found = pd.Timestamp(str(moment))
    return found.toordinal() + (found - found.normalize()) / pd.Timedelta(days=1)


def places(moments: Iterable[object]) -> list[float]:
    """Where moments lie on an axis of days."""
    return [_day(moment) for moment in moments]
