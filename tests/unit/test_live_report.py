"""The live report: what is truth, which rows are the newest, and how far the evidence goes back."""

import json
from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd
import pytest

from raincast.decisions.decided import LiveScores
from raincast.observations import panel
from raincast.sources import history
from raincast.verification import compact, live_report, scoring
from tests.live import of_scored, panel_of, report_of, rows_of
from tests.observed import day, forecast
from tests.places import LOCATIONS

#            day 0  1     2    3      4     5
RAIN_MM = [0.0, 1.0, 1.2, None, 30.0, 0.0]


@pytest.mark.parametrize(
    ("feature_day", "rainfall", "y"),
    [
        (-3, None, None),  # before anything was observed
        (-1, 0.0, 0.0),
        (0, 1.0, 0.0),  # 1.0 mm is no rain
        (1, 1.2, 1.0),
        (2, None, None),  # the reading is missing
        (3, 30.0, None),  # it holds two days' rain: shown, but no truth
        (4, 0.0, 0.0),
        (5, None, None),  # still to come
    ],
)
def test_truth_is_the_next_days_reading_where_that_is_one_days(feature_day, rainfall, y):
    observed = panel_of({("Cairns", i): mm for i, mm in enumerate(RAIN_MM)})
    row = live_report.with_truth(rows_of([forecast("Cairns", feature_day, 0.7)]), observed).iloc[0]
    assert row["truth_available"] == (y is not None)
    assert row["observed_rainfall_mm"] == pytest.approx(rainfall, nan_ok=True) or rainfall is None
    assert pd.isna(row["y_true"]) if y is None else row["y_true"] == y


def test_every_row_finds_its_own_station_and_day():
    rain = {
        (place, i): float(10 * s + i) for s, place in enumerate(LOCATIONS[:5]) for i in range(6)
    }
    asked = [(place, i) for place in LOCATIONS[:5] for i in range(5)][::-1]
    rows = live_report.with_truth(
        rows_of([forecast(place, i, 0.2) for place, i in asked]), panel_of(rain)
    )
    assert rows["observed_rainfall_mm"].tolist() == [rain[place, i + 1] for place, i in asked]


def test_the_figures_are_those_of_the_newest_rows_with_truth():
    """Six forecasts, the last without truth: a window of three holds days 2, 3 and the later one of
    day 1.
    """
    rain = {("Cairns", i): mm for i, mm in enumerate([0, 5, 5, 0, 5])}
    made = [
        forecast("Cairns", 3, 0.9),
        forecast("Cairns", 4, 0.9),
        forecast("Cairns", 1, 0.1, hour=18),
        forecast("Cairns", 1, 0.9, hour=6),
        forecast("Cairns", 0, 0.9),
        forecast("Cairns", 2, 0.8),
    ]
    found = report_of(made, rain, window=3)
    assert found["table"] == {"hits": 1, "misses": 1, "false_alarms": 1, "correct_negatives": 0}
    assert (found["scored_rows"], found["positives_true"], found["window"]) == (3, 2, 3)
    assert (found["recall_live"], found["precision_live"], found["accuracy_live"]) == (
        0.5,
        0.5,
        pytest.approx(1 / 3),
    )
    assert (found["first_target_date"], found["last_target_date"]) == (str(day(2)), str(day(4)))
    assert found["overall"]["n"] == 5
    assert (found["open_rows"], found["status"]) == (1, "ok")


def test_rows_without_a_time_are_the_oldest_of_their_day():
    rain = {("Cairns", i): 5.0 for i in range(3)}
    rows = rows_of([forecast("Cairns", 1, 0.9), forecast("Cairns", 1, 0.1)])
    rows["logged_at_utc"] = rows["logged_at_utc"].where([True, False])
    observed = panel_of(rain)
    found = of_scored(live_report.with_truth(rows, observed), observed, 1)
    assert found["recall_live"] == 1.0


@pytest.mark.parametrize(
    "made", [[], [forecast("Cairns", 9, 0.5)]], ids=["no rows", "no truth yet"]
)
def test_without_truth_nothing_is_made_up(made):
    found = report_of(made, {("Cairns", 0): 1.0})
    assert found["status"] == "no_ground_truth_available"
    assert {found[name] for name in LiveScores.model_fields if name.endswith("_live")} == {None}
    assert (found["scored_rows"], found["positives_true"], found["open_rows"]) == (0, 0, len(made))
    assert json.loads(json.dumps(found, allow_nan=False)) == found


def test_a_recall_without_rain_is_null():
    found = report_of(
        [forecast("Cairns", i, 0.1) for i in range(3)], {("Cairns", i): 0.0 for i in range(5)}
    )
    assert (found["recall_live"], found["roc_auc_live"], found["accuracy_live"]) == (
        None,
        None,
        1.0,
    )


def test_groups_by_regime_hour_and_station():
    rain = {(place, i): 5.0 for place in ("Cairns", "Perth") for i in range(4)}
    made = [
        forecast("Cairns", 0, 0.9, regime="3pm"),
        forecast("Cairns", 0, 0.1, hour=18, regime="3pm"),
        forecast("Perth", 1, 0.9, regime="9am"),
    ]
    found = report_of(made, rain)
    assert {key: group["n"] for key, group in found["by_regime"].items()} == {"3pm": 2, "9am": 1}
    assert {key: group["recall"] for key, group in found["by_issue_hour_utc"].items()} == {
        "06": 1.0,
        "18": 0.0,
    }
    assert {key: group["recall"] for key, group in found["by_station"].items()} == {
        "Cairns": 0.5,
        "Perth": 1.0,
    }


def test_older_rows_have_a_group_of_their_own():
    rows = rows_of([forecast("Cairns", 0, 0.9)]).assign(
        regime=None, issued_at_utc=pd.NaT, logged_at_utc=pd.NaT
    )
    times = {
        name: pd.to_datetime(rows[name], utc=True) for name in ("issued_at_utc", "logged_at_utc")
    }
    observed = panel_of({("Cairns", i): 5.0 for i in range(3)})
    found = of_scored(live_report.with_truth(rows.assign(**times), observed), observed)
    assert list(found["by_regime"]) == list(found["by_issue_hour_utc"]) == ["not recorded"]


def test_rows_that_will_never_have_truth_are_not_open():
    rain = {("Cairns", i): mm for i, mm in enumerate(RAIN_MM)}
    found = report_of([forecast("Cairns", i, 0.9) for i in range(6)], rain)
    assert (found["overall"]["n"], found["open_rows"], found["accumulated_rows"]) == (3, 2, 1)


def test_the_evidence_goes_back_until_an_interval_can_be_had():
    """Every second day is wet at both stations: 20 wet station-days are 20 days, 30 rows are 15,
    and 8 is the floor.
    """
    rain = {(place, i): 5.0 * (i % 2) for place in ("Cairns", "Perth") for i in range(61)}
    made = [forecast(place, i, 0.9) for place in ("Cairns", "Perth") for i in range(60)]
    days = {
        (window, wet): report_of(made, rain, window, wet)["evidence"]["days"]
        for window, wet in ((1, 20), (30, 1), (1, 1), (1, 1000))
    }
    assert days == {(1, 20): 20, (30, 1): 15, (1, 1): scoring.FEWEST_DAYS, (1, 1000): 60}


def test_a_station_day_forecast_twice_is_wet_once():
    rain = {("Cairns", i): 5.0 for i in range(4)}
    found = report_of(
        [forecast("Cairns", i, 0.9, hour=hour) for i in range(3) for hour in (6, 18)], rain
    )
    assert (found["positives_true"], found["wet_station_days"], found["days"]) == (6, 3, 3)


def test_the_reference_knows_no_more_than_the_forecasts_did():
    rain = {("Cairns", i): 5.0 * (i <= 10) for i in range(25)}

    def beaten(i: int) -> np.ndarray:
        observed = panel_of(rain)
        scored = live_report.with_truth(rows_of([forecast("Cairns", i, 0.5)]), observed)
        rows = compact.rows(scored)
        return live_report.reference(rows.target, observed)(rows)

    early, late = beaten(10), beaten(20)
    assert early[0] == 1.0
    assert late[0] == pytest.approx(11 / 21, abs=0.03)
    assert np.isnan(beaten(-1)).all()


def test_the_same_rows_give_the_same_report():
    rain = {("Cairns", i): 5.0 * (i % 3 == 0) for i in range(31)}
    made = [forecast("Cairns", i, 0.1 + i / 50) for i in range(30)]
    assert report_of(made, rain) == report_of(made, rain)


def test_awaited_are_the_readings_that_should_be_there():
    """At 01:00 UTC on day 5 it is past 9 am in Cairns and exactly 9 am in Perth; an hour before it
    is not in Perth.
    """
    made = [forecast(place, i, 0.5) for place in ("Cairns", "Perth") for i in (-60, 2, 4, 4, 5)]
    scored = live_report.with_truth(
        rows_of(made), panel_of({("Cairns", 3): 1.0, ("Perth", 2): 1.0})
    )

    def waiting(hour: int) -> set[tuple[str, int]]:
        now = datetime(day(5).year, day(5).month, day(5).day, hour, tzinfo=UTC)
        found = live_report.awaited(scored, now, day(-30))
        assert not found.duplicated().any()
        return {
            (row.location, (row.target_date.date() - day(0)).days) for row in found.itertuples()
        }

    assert waiting(1) == {("Cairns", 5), ("Perth", 3), ("Perth", 5)}
    assert waiting(0) == {("Cairns", 5), ("Perth", 3)}


def test_truth_is_what_the_historical_file_says(history_path):
    """Over its 145,460 rows: wherever both know it, and nothing is
    accumulated, they say the same.
    """
    content = history_path.read_bytes()
    frame = history.parse(content, "weatherAUS.csv")
    first, last = frame["Date"].min().date() - timedelta(days=1), frame["Date"].max().date()
    targets = frame[["Location", "Date"]].rename(
        columns={"Location": "location", "Date": "feature_date"}
    )
    rows = targets.assign(target_date=targets["feature_date"] + pd.Timedelta(days=1))
    scored = live_report.with_truth(rows, panel.from_frame(frame, first, last))
    labels = history.labels(content)
    both = scored["truth_available"].to_numpy() & ~np.isnan(labels)
    assert both.sum() > 140_000
    assert (scored["y_true"].to_numpy()[both] == labels[both]).all()
    assert not (scored["truth_available"].to_numpy() & np.isnan(labels)).any()


def test_persistence_says_today_for_tomorrow_on_the_rows_of_the_evidence():
    """Twenty dry days with every third wet before ten forecasts of 0.5: rain never follows rain."""
    rain = {("Cairns", i): 5.0 if i % 3 == 0 else 0.0 for i in range(31)}
    made = [forecast("Cairns", i, 0.5) for i in range(20, 30)]
    found = report_of(made, rain, window=5, wet_days=2)["opponents"]
    theirs = found["persistence"]
    assert theirs["n"] == theirs["table"]["misses"] + theirs["table"]["false_alarms"] + 3
    assert theirs["recall"] == 0.0
    # After a wet day it never rained, after a dry one every second time.
    assert theirs["brier"] < 0.25
    assert theirs["skill"] < 0 < found["climatology"]["brier"]
    assert found["climatology"]["recall"] is None


def test_without_a_history_persistence_warns_and_has_no_chance():
    rain = {("Cairns", i): 5.0 for i in range(12)}
    found = report_of([forecast("Cairns", i, 0.5) for i in range(-1, 11)], rain)["opponents"]
    assert found["persistence"]["recall"] == pytest.approx(11 / 12)  # the first has no yesterday
    assert found["persistence"]["brier"] is None
    assert found["persistence"]["skill"] is None


def test_nothing_stands_beside_nothing():
    assert report_of([forecast("Cairns", 5, 0.5)], {("Cairns", 0): 0.0})["opponents"] == {}
