"""What was read on each forecast's target date, whether that is truth, and why not. Pure."""

from datetime import datetime

import numpy as np
import pandas as pd

from raincast.observations.availability import newest_feature_date
from raincast.observations.network import in_force
from raincast.observations.panel import Panel
from raincast.verification import live_report
from raincast.verification.records import TRUTH

ACCUMULATED, MISSING, NOT_YET = "accumulated", "missing", "not yet"
COLUMNS = ("target_date", *TRUTH, "why_not")


def beside(rows: pd.DataFrame, observed: Panel, now: datetime) -> pd.DataFrame:
    """The rows with `COLUMNS` behind them. `why_not` is empty where the reading is truth; else the
    reading may hold several days' rain, is not there, or is not due yet at that moment.

    Args:
        rows: at least `location` and `feature_date`.
        observed: from the day before the first feature date to the last target date.
    """
    target = pd.to_datetime(rows["feature_date"]) + pd.Timedelta(days=1)
    found = live_report.with_truth(rows.assign(target_date=target), observed)
    truth, read = found["truth_available"], found["observed_rainfall_mm"].notna()
    newest = {name: newest_feature_date(i, now) for i, name in enumerate(in_force().locations)}
    due = target <= pd.to_datetime(found["location"].map(newest))
    why = np.select([truth, read, due], ["", ACCUMULATED, MISSING], NOT_YET)
    return found.assign(
        target_date=target.dt.date,
        truth_available=truth.astype(int),
        y_true=found["y_true"].astype("Int8"),
        why_not=why,
    )
