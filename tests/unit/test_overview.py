"""The journal at a glance."""

import pandas as pd
import pytest

from raincast.forecasts import overview
from raincast.forecasts.reader import parse
from raincast.forecasts.row import COLUMNS, lines
from tests.observed import day, forecast


def rows(*made):
    return parse(",".join(COLUMNS).encode() + b"\n" + lines(list(made))).rows


def test_the_newest_forecast_is_that_of_the_last_target_date_issued_last():
    made = rows(
        forecast("Perth", 3, 0.1, hour=18),
        forecast("Perth", 3, 0.2, hour=6),
        forecast("Cairns", 2, 0.9, hour=18),
        forecast("Albury", 3, 0.4, hour=6),
    )
    found = overview.newest(made)
    assert found["location"].tolist() == ["Albury", "Perth"]
    assert found["rain_probability"].tolist() == [0.4, 0.1]


def test_a_callers_trial_for_a_later_day_does_not_empty_the_overview():
    loop = forecast("Perth", 3, 0.1)._replace(use_latest=True)
    trial = forecast("Cairns", 9, 0.9)._replace(use_latest=False)
    assert overview.newest(rows(loop, trial))["location"].tolist() == ["Perth"]
    assert overview.newest(rows(trial))["location"].tolist() == ["Cairns"]


def test_a_row_without_an_issue_time_counts_as_issued_when_it_was_logged():
    made = rows(forecast("Perth", 3, 0.1, hour=6), forecast("Perth", 3, 0.2, hour=18))
    made.loc[1, "issued_at_utc"] = pd.NaT
    assert overview.newest(made)["rain_probability"].tolist() == [0.2]
    assert overview.issued(made).notna().all()


def test_a_stations_forecasts_come_newest_first():
    made = rows(
        forecast("Perth", 2, 0.1),
        forecast("Perth", 4, 0.2),
        forecast("Albury", 4, 0.3),
        forecast("Perth", 3, 0.4),
    )
    assert overview.of_station(made, "Perth")["rain_probability"].tolist() == [0.2, 0.4, 0.1]
    assert overview.of_station(made, "Hobart").empty


def test_forecasts_are_counted_by_day_and_regime():
    made = rows(
        forecast("Perth", 2, 0.1, regime="9am"),
        forecast("Perth", 2, 0.1),
        forecast("Albury", 3, 0.1),
    )
    made.loc[2, "regime"] = None
    found = overview.made(made)
    assert found.loc[pd.Timestamp(day(2))].to_dict() == {"3pm": 1, "9am": 1, "not recorded": 0}
    assert found.loc[pd.Timestamp(day(3)), "not recorded"] == 1


@pytest.mark.parametrize("look", [overview.newest, overview.made])
def test_an_empty_journal_gives_no_rows(look):
    assert look(rows()).empty


ROUNDS = [
    forecast("Cairns", 1, 0.2, hour=6),
    forecast("Cairns", 1, 0.7, hour=18),
    forecast("Perth", 1, 0.4, hour=6),
    forecast("Perth", 2, 0.9, hour=7),
    forecast("Sydney", 9, 1.0, hour=6, use_latest=False),
]


def test_the_rounds_are_the_scheduled_issue_times_of_the_loops_forecasts():
    found = overview.rounds(rows(*ROUNDS))
    assert [(moment.date(), moment.hour) for moment in found] == [
        (day(1), 6),
        (day(1), 18),
        (day(2), 6),
    ]


def test_an_empty_journal_has_no_rounds():
    assert overview.rounds(rows()) == []


def test_the_journal_as_it_stood_after_a_round():
    made = rows(*ROUNDS)
    shown = [
        overview.as_of(made, moment)[["location", "rain_probability"]].to_numpy().tolist()
        for moment in overview.rounds(made)
    ]
    assert shown == [
        [["Cairns", 0.2], ["Perth", 0.4]],
        [["Cairns", 0.7], ["Perth", 0.4]],
        [["Perth", 0.9]],
    ]


def test_the_newest_round_is_the_newest_forecasts():
    made = rows(*ROUNDS)
    pd.testing.assert_frame_equal(
        overview.as_of(made, overview.rounds(made)[-1]), overview.newest(made)
    )


def test_the_forecast_before_is_for_the_same_day():
    made = rows(*ROUNDS)
    moments = overview.rounds(made)
    before = overview.earlier(made, overview.as_of(made, moments[1]))
    assert before[["location", "rain_probability"]].to_numpy().tolist() == [["Cairns", 0.2]]
    assert overview.earlier(made, overview.as_of(made, moments[0])).empty
    assert overview.earlier(made, overview.as_of(made, moments[2])).empty


def test_a_trial_is_not_the_stations_forecast():
    made = rows(forecast("Perth", 3, 0.1), forecast("Perth", 4, 0.9, use_latest=False))
    assert overview.of_station(made, "Perth")["rain_probability"].tolist() == [0.1]
    trial = rows(forecast("Perth", 4, 0.9, use_latest=False))
    assert overview.of_station(trial, "Perth")["rain_probability"].tolist() == [0.9]
