"""What a replay keeps of its forecasts in memory is enough for the report that decides."""

from datetime import date

import numpy as np
import pandas as pd

from raincast.forecasts import basis
from raincast.learning import climatology
from raincast.observations.network import in_force
from raincast.observations.panel import RAINFALL, Panel
from raincast.observations.schema import OBSERVATIONS
from raincast.replay.walk.track import Track, of_journal

FIRST, DAYS = date(2016, 3, 1), 12


def journal() -> pd.DataFrame:
    """One forecast a day of Sydney, at half a chance and warned of."""
    day = pd.date_range(FIRST, periods=DAYS - 2)
    issued = (day + pd.Timedelta(hours=6)).tz_localize("UTC")
    said = {"location": "Sydney", "rain_probability": 0.5, "predicted_rain": 1, "regime": "3pm"}
    moments = {"logged_at_utc": issued, "issued_at_utc": issued}
    days = {"feature_date": day, "target_date": day + pd.Timedelta(days=1)}
    return pd.DataFrame(moments | days).assign(**said, basis=basis.TODAY)


def weather() -> Panel:
    """Every second day is wet at Sydney; nobody else reports."""
    shape = (DAYS, len(in_force()))
    values = np.full((*shape, len(OBSERVATIONS)), np.nan, np.float32)
    seen = np.zeros(shape, bool)
    sydney = in_force().index["Sydney"]
    values[:, sydney, RAINFALL] = np.arange(DAYS) % 2 * 5
    seen[:, sydney] = True
    return Panel(FIRST, values, seen)


def test_its_rows_are_counted_as_the_loops_own() -> None:
    table = climatology.fit(
        np.zeros(2), np.array([FIRST] * 2, "datetime64[D]"), np.array([0, 1]), in_force()
    )
    track = Track(FIRST, DAYS, table)
    track.add(of_journal(journal()))
    track.join(weather())
    report = track.report(window=200, wet_days=1)
    assert report.scored_rows == DAYS - 2
    assert report.recall_live == 1.0
    assert report.precision_live == 0.5
