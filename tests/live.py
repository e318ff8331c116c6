"""Live reports of a few rows."""

import numpy as np
import pandas as pd

from raincast.forecasts import reader
from raincast.forecasts.row import COLUMNS, lines
from raincast.observations import panel
from raincast.verification import compact, live_report
from tests.observed import day, observations


def rows_of(forecasts) -> pd.DataFrame:
    return reader.parse(",".join(COLUMNS).encode() + b"\n" + lines(forecasts)).rows


def panel_of(rain):
    frame = observations(rain)
    return panel.from_frame(frame, day(-1), frame["Date"].max().date())


def report_of(forecasts, rain, window=200, wet_days=50):
    rows, observed = rows_of(forecasts), panel_of(rain)
    return of_scored(live_report.with_truth(rows, observed), observed, window, wet_days)


def of_scored(scored, observed, window=200, wet_days=50):
    rows, rng = compact.rows(scored), np.random.default_rng(0)
    chosen = compact.chosen(rows, compact.slots(scored))
    return live_report.report(rows, chosen, observed, window, wet_days, rng).to_json()
