"""What a user can lose and save: the ratio of cost to loss, and what it makes of the forecasts."""

import numpy as np
import pandas as pd

from raincast.app import loop_files
from raincast.app.remembered import of_records
from raincast.app.words import Words
from raincast.settings import Settings
from raincast.verification import value
from raincast.verification.value import UserValue

RATIOS = tuple(f"{i / 100:.2f}" for i in range(1, 100))
"""Cost over loss, as the address and the slider name it."""
USUAL = "0.20"
"""Where the slider begins: a loss of five times the cost, as in the documents' examples."""


def ratio_of(asked: str | None) -> str | None:
    """The name of the ratio nearest to what an address asks for; None where that is none."""
    try:
        found = f"{float(asked or ''):.2f}"
    except ValueError:
        return None
    return found if found in RATIOS else None


def of_rows(rows: pd.DataFrame, ratio: float) -> UserValue:
    """See `value.of_user`, of scored rows with truth."""
    return value.of_user(
        rows["y_true"].to_numpy(np.float64),
        rows["rain_probability"].to_numpy(np.float64),
        (rows["predicted_rain"] == 1).to_numpy(),
        rows["target_date"].to_numpy("datetime64[D]"),
        ratio,
    )


@of_records("scored")
def of_user(settings: Settings, location: str | None, ratio: str) -> UserValue:
    """The value over the scored rows of a station, or of all."""
    rows = loop_files.told_of(settings, location) if location else loop_files.told(settings)
    return of_rows(rows, float(ratio))


def conclusion(found: UserValue, t: Words) -> str:
    """What the forecasts were worth, in a sentence that follows from the interval."""
    if found.value is None or found.interval is None:
        return t("worth.unknown")
    low, high = found.interval
    key = "pays" if low > 0 else "costs" if high < 0 else "unsure"
    return t(f"worth.{key}", share=t.percent(found.value), ends=ends(found.interval, t))


def ends(interval: tuple[float, float], t: Words) -> str:
    """An interval of shares, in per cent."""
    low, high = (t.percent(end) for end in interval)
    return t("shared.between", low=low, high=high)
