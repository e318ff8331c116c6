"""The live quality over time: windows, intervals and what cannot be computed."""

import numpy as np
import pandas as pd
import pytest

from raincast.verification import scoring, trend


def scored(days: int, per_day: int = 4) -> pd.DataFrame:
    """Every day the first station is wet; rain is forecast there on even days, and falsely at the
    second on odd ones.
    """
    day = np.repeat(np.arange(days), per_day)
    station = np.tile(np.arange(per_day), days)
    wet = station == 0
    warned = np.where(station == 0, day % 2 == 0, (station == 1) & (day % 2 == 1))
    dates = pd.Timestamp("2024-03-01") + pd.to_timedelta(day, "D")
    issued = dates.tz_localize("UTC") + pd.to_timedelta(np.where(day % 2, 18, 6), "h")
    return pd.DataFrame(
        {
            "target_date": dates,
            "issued_at_utc": issued,
            "logged_at_utc": issued,
            "truth_available": True,
            "regime": np.where(station % 2, "9am", "3pm"),
            "y_true": wet.astype(float),
            "rain_probability": np.where(warned, 0.8, 0.2),
            "predicted_rain": warned.astype(float),
        }
    )


def test_each_point_looks_back_over_its_window_only():
    found = trend.over_time(scored(10), np.random.default_rng(1), window_days=2)
    assert found["n"].tolist() == [4, *[8] * 9]
    assert found["recall"].tolist() == [1.0, *[0.5] * 9]
    assert found["precision"].tolist() == [1.0, *[0.5] * 9]


def test_there_is_an_interval_from_the_fewest_days_on():
    found = trend.over_time(scored(12), np.random.default_rng(1))
    sure = found["days"] >= scoring.FEWEST_DAYS
    assert (found["recall_low"].notna() == sure).all()
    assert (found.loc[sure, "recall_low"] <= found.loc[sure, "recall"]).all()
    assert (found.loc[sure, "recall"] <= found.loc[sure, "recall_high"]).all()


def test_a_long_record_gets_no_more_points_than_can_be_seen():
    found = trend.over_time(scored(100, 2), np.random.default_rng(1))
    assert len(found) == trend.MOST_POINTS
    assert found["target_date"].iloc[-1] == pd.Timestamp("2024-03-01") + pd.Timedelta(days=99)


def test_nothing_told_gives_no_points_and_no_figure_is_made_up():
    assert trend.over_time(scored(3)[:0], np.random.default_rng(1)).empty
    dry = trend.over_time(scored(3).assign(y_true=0.0), np.random.default_rng(1))
    assert dry["recall"].isna().all()


@pytest.mark.parametrize(
    ("regime", "hour", "n"), [(None, None, 40), ("9am", None, 20), (None, 6, 20), ("3pm", 18, 10)]
)
def test_rows_are_chosen_by_regime_and_hour_of_issue(regime, hour, n):
    assert len(trend.told(scored(10), regime, hour)) == n
    assert trend.issue_hours(scored(10)) == [6, 18]


def test_rows_without_truth_do_not_count():
    rows = scored(4)
    rows.loc[:7, "truth_available"] = False
    assert len(trend.told(rows)) == 8


def test_a_record_has_the_table_and_the_reliability():
    found = trend.record(trend.told(scored(4))).to_json()
    assert found["table"] == {"hits": 2, "misses": 2, "false_alarms": 2, "correct_negatives": 10}
    assert [b["n"] for b in found["reliability"]] == [0, 12, 0, 0, 4]
    assert trend.record(scored(1)[:0]).n == 0
