"""Daily series and e-values of the forecasts: what the chances expect, and what came. Pure.

Days are clusters: the stations of a day share its weather, so a day's sum is one observation.
"""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from raincast.learning import climatology
from raincast.learning.climatology import Table
from raincast.observations.availability import REGIMES
from raincast.observations.network import in_force
from raincast.verification.watch import sequential

Floats = npt.NDArray[np.float64]

CUBIC = 3
FEWEST_ROWS = 5
"""Forecasts below which a day says nothing of a regime."""


class Rows(NamedTuple):
    """Forecasts, (n,) each.

    Attributes:
        day: position of the target date among the days looked at.
        p: chance of rain.
        warned: whether the forecast warned.
        y: what happened; NaN where that is not known yet.
        reference: climatological chance; NaN where there is none.
    """

    day: npt.NDArray[np.intp]
    p: Floats
    warned: npt.NDArray[np.bool_]
    y: Floats
    reference: Floats

    def at(self, mask: npt.NDArray[np.bool_]) -> "Rows":
        return Rows(
            self.day[mask], self.p[mask], self.warned[mask], self.y[mask], self.reference[mask]
        )


def by_regime(scored: pd.DataFrame, first: date, table: Table) -> dict[str, Rows]:
    """The rows of a scored frame (see `live_report`), days counted from `first` by feature date; of
    a station-day's forecasts in one regime only the last, which knew what the others did.

    Args:
        table: climatological chances.
    """
    latest = scored.sort_values("logged_at_utc", kind="stable")
    latest = latest.drop_duplicates(["location", "feature_date", "regime"], keep="last")
    day = latest["feature_date"].to_numpy("datetime64[D]")
    station = np.asarray(latest["location"].map(in_force().index), dtype=np.intp)
    rows = Rows(
        (day - np.datetime64(first, "D")).astype(np.intp),
        latest["rain_probability"].to_numpy(np.float64),
        (latest["predicted_rain"] == 1).to_numpy(),
        np.where(latest["truth_available"], latest["y_true"], np.nan).astype(np.float64),
        climatology.chance(table, day, station),
    )
    regime = latest["regime"].to_numpy()
    return {name: rows.at(regime == name) for name in REGIMES if (regime == name).any()}


def _by_day(rows: Rows, days: int, values: Floats) -> Floats:
    return np.bincount(rows.day, weights=values, minlength=days).astype(np.float64)


def _told(rows: Rows, days: int) -> tuple[Rows, Floats]:
    """The rows with truth, and how many there are by day, NaN of too few."""
    told = rows.at(np.isfinite(rows.y))
    n = np.bincount(told.day, minlength=days).astype(float)
    return told, np.where(n >= FEWEST_ROWS, n, np.nan)


def own_record(rows: Rows, days: int) -> dict[str, Floats]:
    """(days,) series to chart against the model's own record; NaN where there are too few rows.

    `wetter`: what came less the chances; `sharper`: the same weighted by how far a chance lies from
    the day's mean, so that chances that have become too bold show; `brier`: squared error less what
    the chances expect of it. Each is in standard deviations of independent rows.
    """
    told, n = _told(rows, days)
    variance = told.p * (1 - told.p)
    lean = told.p - (_by_day(told, days, told.p) / np.fmax(n, 1))[told.day]
    apart = told.y - told.p
    found = {}
    for name, weight in (
        ("wetter", np.ones_like(lean)),
        ("sharper", lean),
        ("brier", 1 - 2 * told.p),
    ):
        spread = np.sqrt(_by_day(told, days, weight**2 * variance))
        found[name] = _ratio(_by_day(told, days, weight * apart), np.where(n > 0, spread, np.nan))
    return found


def warnings(rows: Rows, days: int, curve: Floats) -> Floats:
    """(days,) the recall to expect of the day's forecasts from their chances alone, less what is
    usual for a day so wet, times the mean chance: dry days, whose recall is erratic, count less. It
    needs no truth.

    Args:
        curve: `usual_recall` of undisturbed days.
    """
    wet, expected = _expected(rows, days)
    return np.asarray(wet * (expected - np.polyval(curve, wet)))


def usual_recall(rows: Rows, days: int) -> Floats:
    """Coefficients of the recall to expect by the mean chance of a day: on wet days nearly all
    chances lie above the threshold.
    """
    wet, expected = _expected(rows, days)
    there = np.isfinite(expected)
    if there.sum() <= CUBIC:
        return np.zeros(1)
    return np.asarray(np.polyfit(wet[there], expected[there], CUBIC))


def _expected(rows: Rows, days: int) -> tuple[Floats, Floats]:
    n = np.bincount(rows.day, minlength=days).astype(float)
    wet = _by_day(rows, days, rows.p)
    expected = _ratio(_by_day(rows, days, rows.p * rows.warned), wet)
    return wet / np.fmax(n, 1), np.where(n >= FEWEST_ROWS, expected, np.nan)


def _ratio(top: Floats, bottom: Floats) -> Floats:
    there = np.isfinite(bottom) & (bottom > 0)
    return np.asarray(np.divide(top, bottom, out=np.full(len(top), np.nan), where=there))


def bets(rows: Rows, days: int) -> Mapping[str, Floats]:
    """(days, stakes) log e-values whose bound needs no past.

    `too_low` and `too_high`: that it rains no more, and no less, often than the chances say, given
    what is known when they are issued; `climatology`: that the Brier score is no worse than that of
    climatology (Henzi and Ziegel 2022, Biometrika 109, 647-663, by bets on the day's mean
    difference).
    """
    told, n = _told(rows, days)
    mean, came = (_by_day(told, days, column) / n for column in (told.p, told.y))
    compared = told.at(np.isfinite(told.reference))
    apart = (compared.p - compared.y) ** 2 - (compared.reference - compared.y) ** 2
    dry = compared.p**2 - compared.reference**2
    wet = (1 - compared.p) ** 2 - (1 - compared.reference) ** 2
    lowest = _by_day(compared, days, np.minimum(dry, wet)) / n
    worse = _by_day(compared, days, apart) / n
    return {
        "too_low": sequential.bounded(came - mean, -mean),
        "too_high": sequential.bounded(mean - came, mean - 1),
        "climatology": sequential.bounded(worse, lowest),
    }
