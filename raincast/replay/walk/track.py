"""A journal in memory while a replay walks: recent rows with their truth, and which station-days
have been told.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from raincast.forecasts.row import Forecast
from raincast.learning import climatology
from raincast.learning.climatology import Table
from raincast.observations.network import in_force
from raincast.observations.panel import Panel
from raincast.verification import live_report
from raincast.verification.records import TRUTH, LiveQuality

RECENT_DAYS = 60
"""How far back rows are joined anew with the truth, and looked at by a decision."""

SEED = 49
_COLUMNS = (
    "logged_at_utc",
    "feature_date",
    "target_date",
    "location",
    "rain_probability",
    "predicted_rain",
    "issued_at_utc",
    "regime",
    "basis",
)


def rows_of(forecasts: Sequence[Forecast]) -> pd.DataFrame:
    """The columns of a journal that a decision looks at, typed as
    `store.journal.read` types them.
    """
    frame = pd.DataFrame(
        [[getattr(f, name) for name in _COLUMNS] for f in forecasts], columns=list(_COLUMNS)
    )
    return of_journal(frame)


def of_journal(frame: pd.DataFrame) -> pd.DataFrame:
    """The same columns of a journal's rows."""
    kinds: dict[str, Any] = {
        "feature_date": "datetime64[s]",
        "target_date": "datetime64[s]",
        "location": object,
        "regime": object,
        "basis": object,
    }
    kinds |= {"logged_at_utc": "datetime64[us, UTC]", "issued_at_utc": "datetime64[us, UTC]"}
    return frame[list(_COLUMNS)].astype(kinds)


class Track:
    """What is known of one policy's forecasts.

    Args:
        first: the first feature date that can be asked for.
        days: how many.
        reference: the station-month chances that forecasts have to beat.
        kept_days: how far back rows are kept; a decision looks at `RECENT_DAYS` of them.
    """

    def __init__(
        self, first: date, days: int, reference: Table, kept_days: int = RECENT_DAYS
    ) -> None:
        self._kept = pd.Timedelta(days=kept_days)
        self._first, self._reference = np.datetime64(first, "D"), reference
        self._labelled = np.zeros((days, len(in_force().locations)), dtype=np.bool_)
        self.rows = live_report.with_truth(rows_of([]), _NOTHING)
        self._report: LiveQuality | None = None

    def add(self, rows: pd.DataFrame) -> None:
        """Rows of the journal (`rows_of`); those that have grown old are let go."""
        fresh = rows.assign(
            observed_rainfall_mm=np.float32(np.nan), truth_available=False, y_true=np.nan
        )
        kept = pd.concat([self.rows, fresh], ignore_index=True) if len(self.rows) else fresh
        oldest = kept["target_date"].max() - self._kept
        self.rows = kept[kept["target_date"] >= oldest].reset_index(drop=True)

    def join(self, observed: Panel) -> None:
        """Takes up the truth as it is known by now, for the rows whose target dates the panel
        covers.
        """
        told = live_report.with_truth(self.rows, observed)
        inside = (self.rows["target_date"] > pd.Timestamp(observed.first)).to_numpy()
        for name in TRUTH:
            told[name] = told[name].where(inside, self.rows[name])
        if not told["y_true"].equals(self.rows["y_true"]):
            # No other column of the rows ever changes, and rows without truth are not looked at.
            self._report = None
        self.rows = told
        day = (told["feature_date"].to_numpy().astype("datetime64[D]") - self._first).astype(int)
        station = told["location"].map(in_force().index).to_numpy(dtype=int)
        self._labelled[day, station] = False
        truth = told["truth_available"].to_numpy(dtype=bool)
        self._labelled[day[truth], station[truth]] = True

    def new_rows(self, cutoff: date) -> int:
        """Station-days with truth after that feature date: what `watermark.new_rows` counts in the
        scored journal.
        """
        after = int((np.datetime64(cutoff, "D") - self._first).astype(int)) + 1
        return int(self._labelled[max(0, after) :].sum())

    def newest_labelled(self) -> date | None:
        """The newest feature date with truth."""
        days = np.flatnonzero(self._labelled.any(axis=1))
        return (self._first + days[-1]).astype(object) if len(days) else None

    def report(self, window: int, wet_days: int) -> LiveQuality:
        """What a decision looks at; see `live_report.recent_report`. Made anew when truth has
        come or has changed.
        """
        self._report = self._report or self._fresh_report(window, wet_days)
        return self._report

    def _fresh_report(self, window: int, wet_days: int) -> LiveQuality:
        target = self.rows["target_date"]
        rows = self.rows[target >= target.max() - pd.Timedelta(days=RECENT_DAYS)]
        rows = rows.assign(use_latest=True, forecast_id="")  # all of a replay are the loop's
        station = rows["location"].map(in_force().index).to_numpy(dtype=np.intp)
        days = np.asarray(rows["feature_date"], dtype="datetime64[D]")
        chances = climatology.chance(self._reference, days, np.asarray(station, dtype=np.intp))
        return live_report.recent_report(
            rows, chances, window, wet_days, np.random.default_rng(SEED)
        )


_NOTHING = Panel(
    date(2000, 1, 1),
    np.empty((0, len(in_force().locations), 19), np.float32),
    np.empty((0, len(in_force().locations)), np.bool_),
)
