"""What a forecast is worth to somebody who can avert a loss at a cost. Pure."""

import numpy as np
import numpy.typing as npt
import xarray as xr
from scores.categorical import relative_economic_value_from_rates

from raincast.documents import Document
from raincast.verification import resampling, scoring
from raincast.verification.records import Interval

SEED = 49
Floats = npt.NDArray[np.float64]


class UserValue(Document):
    """What forecasts were worth to a user.

    Attributes:
        cost_loss: cost of protection over the loss that it averts, above 0 and below 1.
        threshold: the chance from which protecting pays, if the chances are right: the ratio.
        n, days: forecasts with truth, and their target dates.
        value: 1 is a perfect forecast, 0 is always or never protecting, whichever is cheaper; None
            where it always rained or never.
        interval: its 95 % interval over days; None with too few.
        as_served, as_served_interval: the same of the warnings that were given out.
    """

    cost_loss: float
    threshold: float
    n: int
    days: int
    value: float | None
    interval: Interval | None
    as_served: float | None
    as_served_interval: Interval | None


def of_user(
    y: Floats,
    p: Floats,
    warned: npt.NDArray[np.bool_],
    day: npt.NDArray[np.datetime64],
    ratio: float,
) -> UserValue:
    """The value at the user's own threshold and at that of the warnings.

    The threshold is the ratio itself: with a chance p, protecting costs C and leaving it costs p L
    on average (Murphy 1977, Monthly Weather Review 105, 803-816). `scoring.value` has the formula;
    whole days are drawn for the interval.

    Args:
        y: (n,) 1 rain, 0 none, all known.
    """
    _, code = np.unique(day, return_inverse=True)
    own, own_interval = _value(y, p >= ratio, code, ratio)
    served, served_interval = _value(y, warned, code, ratio)
    return UserValue(
        cost_loss=ratio,
        threshold=ratio,
        n=len(y),
        days=int(code.max()) + 1 if len(code) else 0,
        value=own,
        interval=own_interval,
        as_served=served,
        as_served_interval=served_interval,
    )


def _value(
    y: Floats, warned: npt.NDArray[np.bool_], code: npt.NDArray[np.intp], ratio: float
) -> tuple[float | None, Interval | None]:
    days = int(code.max()) + 1 if len(code) else 0
    wet, said = y == 1, warned
    cells = np.array([wet & said, wet & ~said, ~wet & said, ~wet & ~said], dtype=np.float64)
    by_day = np.stack([np.bincount(code, weights=cell, minlength=days) for cell in cells], axis=1)
    value = float(_of_counts(by_day.sum(axis=0)[None], ratio)[0]) if days else np.nan
    if not days or np.isnan(value):
        return None, None
    rng = np.random.default_rng(SEED)
    drawn = resampling.drawn_days(rng, days)
    return value, scoring.interval(_of_counts(drawn.astype(np.float64) @ by_day, ratio), days)


def _of_counts(counts: Floats, ratio: float) -> Floats:
    """(n,) values of (n, 4) hits, misses, false alarms, correct negatives; NaN where it always
    rained or never.
    """
    hits, misses, false_alarms, negatives = counts.T
    wet, dry = hits + misses, false_alarms + negatives
    both = (wet > 0) & (dry > 0)
    rates = (
        xr.DataArray(np.divide(top, of, out=np.full(len(of), np.nan), where=both))
        for top, of in ((hits, wet), (false_alarms, dry), (wet, wet + dry))
    )
    return np.asarray(relative_economic_value_from_rates(*rates, [ratio])).reshape(-1)
