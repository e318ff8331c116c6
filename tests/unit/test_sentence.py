"""The line of a forecast says what it means."""

from datetime import timedelta

from raincast.forecasts import sentence
from tests.journals import FORECAST


def said(**changes: object) -> str:
    made = FORECAST._replace(location="Cairns", rain_probability=0.27, threshold=0.21)
    return sentence.of(made._replace(**{"predicted_rain": 1, "regime": "3pm"} | changes))


def test_hours_chance_threshold_and_ground_are_named():
    day = FORECAST.target_date
    assert said() == (
        f"Cairns: 27 % chance of more than 1 mm in the 24 hours to 9 am local time on {day:%A}"
        f" {day}, which reaches the 21 % from which this model warns (rain); rests on the station's"
        f" 9 am and 3 pm row of {FORECAST.feature_date}"
    )


def test_no_warning_is_below_the_threshold():
    assert "is below the 21 % from which" in said(rain_probability=0.1, predicted_rain=0)


def test_digits_tell_a_chance_from_a_threshold_that_looks_the_same():
    assert "21 % chance" in said(rain_probability=0.2099, predicted_rain=0)
    assert "is below the 21.00 % from" in said(rain_probability=0.2099, predicted_rain=0)


def test_a_weaker_ground_is_said():
    assert "alone, and is weaker for it" in said(basis="alone")
    assert "the nearest are" in said(basis="alone")
    assert "the day before" in said(basis="yesterday")
    assert "other stations' rows alone" in said(basis="neighbours")
    assert "the climate alone" in said(basis="climatology")


def test_a_station_that_the_model_has_not_seen_is_said():
    assert "the model has not seen the station" in sentence.of(FORECAST, unseen=True)


def test_a_forecast_without_the_days_row_says_how_old_the_newest_is():
    due = FORECAST.feature_date
    old = FORECAST._replace(basis="climatology")
    line = sentence.of(old, newest=due - timedelta(days=695))
    assert line.endswith(f"newest row is of {due - timedelta(days=695)}, 695 days old")
    assert sentence.of(old, newest=due - timedelta(days=1)).endswith(", 1 day old")
    assert sentence.of(old).endswith("there is no row of the station")
    assert "newest row" not in sentence.of(FORECAST, newest=due)
