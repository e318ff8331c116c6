"""What the map can show: each view's value or kind, station by station."""

from datetime import UTC, datetime

import numpy as np
import pandas as pd
import pytest

from raincast.app import views
from raincast.app.views import Material

DAY = pd.Timestamp("2026-03-03")
TARGET = DAY + pd.Timedelta(days=1)
PLACES = ["Cairns", "Darwin", "Hobart", "Perth", "Sydney"]
SHOWN = pd.DataFrame(
    {
        "location": PLACES,
        "rain_probability": [0.9, 0.8, 0.2, 0.1, 0.1],
        "predicted_rain": [1, 1, 0, 0, 0],
        "exceedance": "1:0.73 5:0.4 25:0.1",
        "feature_date": DAY,
        "target_date": TARGET,
        "issued": datetime(2026, 3, 3, 18, tzinfo=UTC),
    }
)
EARLIER = pd.DataFrame({"location": ["Cairns", "Hobart"], "rain_probability": [0.4, 0.3]})
FELL = {"Cairns": 12.0, "Darwin": 1.0, "Hobart": 1.1, "Perth": 0.0}
USUAL = {"Cairns": [0.5] * 12, "Hobart": [0.1] * 12}


def told(days_before: int = 0, places=FELL, predicted: float = 1) -> pd.DataFrame:
    fell = [FELL[name] for name in places]
    return pd.DataFrame(
        {
            "location": list(places),
            "target_date": TARGET - pd.Timedelta(days=days_before),
            "observed_rainfall_mm": fell,
            "y_true": [float(mm > 1) for mm in fell],
            "predicted_rain": predicted,
        }
    )


def material(rows: pd.DataFrame | None = None, usual=USUAL) -> Material:
    return Material(SHOWN, lambda: EARLIER, lambda: told() if rows is None else rows, usual)


def values(name: str, **kw) -> list[float]:
    return views.of(name, material(**kw)).marks["value"].round(6).tolist()


def kinds(name: str, **kw) -> list[str]:
    return views.of(name, material(**kw)).marks["kind"].tolist()


@pytest.mark.parametrize("name", views.NAMES)
def test_every_view_has_every_station_once(name):
    assert views.of(name, material()).marks["location"].tolist() == PLACES


@pytest.mark.parametrize("name", views.NAMES)
def test_a_view_has_either_kinds_or_a_scale(name):
    view = views.of(name, material())
    assert (view.ends is None) == (name in views.KINDS)
    if view.ends is None:
        assert set(view.marks["kind"]) <= set(views.KINDS[name])


def test_an_unknown_view_is_refused():
    with pytest.raises(KeyError):
        views.of("tea leaves", material())


def test_chance_is_the_forecasts():
    assert values("chance") == [0.9, 0.8, 0.2, 0.1, 0.1]


def test_what_was_announced_is_a_kind():
    assert kinds("said") == ["rain", "rain", "dry", "dry", "dry"]


def test_just_one_millimetre_is_not_the_event():
    assert kinds("observed") == ["much", "none", "little", "none", "unknown"]


def test_hits_misses_and_what_is_not_known_yet():
    assert kinds("hit") == ["hits", "false_alarms", "misses", "correct_negatives", "unknown"]


def test_another_days_truth_is_not_this_days():
    assert set(kinds("hit", rows=told(days_before=1))) == {"unknown"}


def test_difference_from_what_is_usual_in_that_month():
    found = values("usual")
    assert found[0] == pytest.approx(0.4)
    assert found[2] == pytest.approx(0.1)


def test_without_a_climatology_there_is_no_difference():
    assert np.isnan(values("usual", usual=None)).all()


def test_change_since_the_last_issue_is_known_only_where_there_was_one():
    found = values("change")
    assert found[0] == pytest.approx(0.5)
    assert found[2] == pytest.approx(-0.1)
    assert np.isnan([found[1], found[3], found[4]]).all()


def test_accuracy_counts_the_days_before_the_one_that_is_shown():
    rows = pd.concat([told(1), told(2, predicted=0), told(0)])
    found = values("accuracy", rows=rows)
    assert found[:4] == [0.5, 0.5, 0.5, 0.5]
    assert np.isnan(found[4])


def test_accuracy_forgets_after_ninety_days():
    assert np.isnan(values("accuracy", rows=told(views.ACCURACY_DAYS + 1))).all()
    assert not np.isnan(values("accuracy", rows=told(views.ACCURACY_DAYS))[:4]).any()
