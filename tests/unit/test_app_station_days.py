"""A station's days: forecasts beside rain, who served them, how whole its data are; and the charts
of them.
"""

import numpy as np
import pandas as pd
import pytest

from raincast.app import station_days
from raincast.app.charts import station
from raincast.app.colours import BLUE, DARK, GREY
from raincast.app.words import Words
from raincast.forecasts import overview
from raincast.observations.schema import OBSERVATIONS
from tests.drawings import marks, texts
from tests.observed import day, forecast, observations
from tests.unit.test_overview import rows

MADE = rows(
    forecast("Perth", 1, 0.2, hour=6, model_version="old"),
    forecast("Perth", 1, 0.7, hour=18, model_version="old"),
    forecast("Perth", 2, 0.4, model_version="new"),
    forecast("Perth", 3, 0.9, model_version="new"),
)
OURS = overview.of_station(MADE, "Perth")
TOLD = pd.DataFrame(
    {
        "location": ["Perth", "Perth", "Cairns"],
        "target_date": pd.to_datetime([day(2), day(3), day(4)]),
        "observed_rainfall_mm": [3.0, 1.0, 50.0],
    }
)


def beside() -> pd.DataFrame:
    return station_days.beside_rain(OURS, TOLD)


def test_each_day_has_its_last_forecast_the_oldest_day_first():
    assert beside()["rain_probability"].tolist() == [0.7, 0.4, 0.9]
    assert beside()["target_date"].is_monotonic_increasing


def test_what_fell_is_the_stations_own_and_may_be_unknown():
    assert beside()["fell_mm"].tolist()[:2] == [3.0, 1.0]
    assert np.isnan(beside()["fell_mm"].iloc[2])


def test_days_before_the_last_weeks_are_left_out():
    long = rows(forecast("Perth", 1, 0.2), forecast("Perth", 100, 0.3))
    kept = station_days.beside_rain(overview.of_station(long, "Perth"), TOLD)
    assert kept["rain_probability"].tolist() == [0.3]


def test_who_served_and_when_the_newest_first():
    found = station_days.served(OURS)
    assert [(one.version, one.n) for one in found] == [("new", 2), ("old", 2)]
    assert (found[0].first.date(), found[0].last.date()) == (day(2), day(3))


def test_health_counts_days_and_names_what_is_missing_most():
    held = observations({("Perth", i): 0.0 for i in range(3)})
    found = station_days.health(held, day(2))
    assert (found.last, found.days) == (day(2), 3)
    assert len(found.gaps) == 4
    assert all(share == 1 and name in OBSERVATIONS for name, share in found.gaps)
    assert "Rainfall" not in dict(found.gaps)


def test_no_data_is_said_so():
    assert station_days.health(observations({("Perth", 0): 0.0}).head(0), None) == (None, 0, [])


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_timeline_tells_hits_misses_and_what_is_not_known(language):
    t = Words(language)
    chart = station.timeline(beside(), t)
    shown = {m.said[2]: m.said[1] for m in marks(chart) if len(m.said) == 3}
    assert shown == {
        t("map.hit_hits"): t.percent(0.7),
        t("map.hit_correct_negatives"): t.percent(0.4),  # just 1.0 mm is not the event
        t("map.hit_unknown"): t.percent(0.9),
    }
    assert set(shown) < set(texts(chart, "div", "legend"))


def test_rain_hangs_from_the_top():
    bars = [m for m in marks(station.timeline(beside(), Words("en"))) if "mm" in m.said[1]]
    assert bars
    assert all(bar.box[1] == 0 for bar in bars)


def test_the_year_has_twelve_months_and_this_one_stands_out():
    bars = marks(station.year([0.1] * 11 + [0.4], 12, Words("en")))
    assert [f"light-dark({GREY},{DARK[GREY]})" in bar.style for bar in bars] == [True] * 11 + [
        False
    ]
    assert f"light-dark({BLUE},{DARK[BLUE]})" in bars[11].style
    assert len({bar.said[0] for bar in bars}) == 12
    assert bars[11].box[3] == pytest.approx(4 * bars[0].box[3], abs=0.05)


def test_months_are_told_apart_when_shortened():
    for language in ("fr", "en"):
        t = Words(language)
        assert len({t.month_short(number) for number in range(1, 13)}) == 12
