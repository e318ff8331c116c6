"""What the map says, in both languages, and that a mark has the colour of the scale beside it."""

import re
from datetime import UTC, datetime

import pandas as pd
import pytest

from raincast.app import views
from raincast.app.charts import loop, maps, reasons
from raincast.app.charts.outline import NARROW, coast, place
from raincast.app.colours import DARK
from raincast.app.replaying import POLICIES
from raincast.app.views import Material, View
from raincast.app.words import Words
from raincast.observations.network import in_force

NEWEST = pd.DataFrame(
    {
        "location": ["MountGambier", "Cairns"],
        "rain_probability": [0.73, 0.2],
        "predicted_rain": [1, 0],
        "exceedance": ["1:0.73 5:0.4 25:0.1", ""],
        "feature_date": pd.Timestamp("2026-03-03"),
        "target_date": pd.Timestamp("2026-03-04"),
        "issued": datetime(2026, 3, 3, 6, tzinfo=UTC),
    }
)
TOLD = pd.DataFrame(
    {
        "location": ["MountGambier"],
        "target_date": pd.Timestamp("2026-03-04"),
        "observed_rainfall_mm": [3.0],
        "y_true": [1.0],
        "predicted_rain": [1.0],
    }
)
NOBODY = pd.DataFrame({"location": ["Cairns"], "rain_probability": [0.1]})
TEXTS = {name: f"of {name}" for name in in_force().locations}


def view(name: str) -> View:
    return views.of(name, Material(NEWEST, lambda: NOBODY, lambda: TOLD, None))


def drawn(name: str = "chance", language: str = "en", **choices):
    return maps.draw(view(name), TEXTS, Words(language), **choices)


def trace(figure, location: str):
    """The marks among which the station is."""
    return next(t for t in figure.data if t.customdata is not None and location in t.customdata)


def test_a_mark_is_as_strong_as_the_scale():
    shown = trace(drawn(), "Cairns")
    assert shown.marker.opacity == 1
    assert sorted(shown.marker.color) == [20, 73]


@pytest.mark.parametrize(("language", "separators"), [("fr", ",\u202f"), ("en", ".,")])
def test_numbers_are_written_as_the_language_writes_them(language, separators):
    assert drawn(language=language).layout.separators == separators
    assert reasons.shares({"a": 0.5}, "axis", Words(language)).layout.separators == separators


@pytest.mark.parametrize("name", views.NAMES)
def test_every_station_is_on_every_view_once(name):
    figure = drawn(name)
    shown = [place for t in figure.data if t.customdata is not None for place in t.customdata]
    assert sorted(shown) == sorted(in_force().locations)


@pytest.mark.parametrize("name", views.NAMES)
def test_every_station_is_told_of_under_the_pointer(name):
    for t in drawn(name).data:
        for location, text in zip(t.customdata or (), t.text or (), strict=False):
            assert text == f"of {location}"


def test_rain_has_a_shape_of_its_own_too():
    shown = trace(drawn(), "Cairns")
    by_place = dict(zip(shown.customdata, shown.marker.symbol, strict=True))
    assert by_place == {"MountGambier": "diamond", "Cairns": "circle"}


@pytest.mark.parametrize("name", list(views.KINDS))
def test_kinds_are_told_apart_by_more_than_their_colour(name):
    kinds = views.KINDS[name].values()
    assert len({kind.colour for kind in kinds}) == len(kinds)
    assert len({kind.symbol for kind in kinds}) > 1


@pytest.mark.parametrize("name", list(views.KINDS))
def test_the_legend_names_the_kinds_that_are_there_in_words(name):
    figure = drawn(name)
    named = [t.name for t in figure.data if t.showlegend]
    assert named
    assert not any(text.startswith(f"{name}.") for text in named)
    assert figure.layout.showlegend


def test_capitals_are_named_on_the_whole_map_and_every_station_on_a_part():
    def names(state):
        figure = drawn(state=state)
        texts = next(t for t in figure.data if t.mode == "text").text
        return {re.sub("<br>|\\s", " ", text).strip() for text in texts}

    assert {"Perth", "Sydney"} <= names(None)
    assert "Albany" not in names(None)
    assert {"Perth", "Albany"} <= names("WA")


def test_a_part_of_the_country_fills_the_map():
    whole, part = maps.box(None), maps.box("TAS")
    assert part[1] - part[0] < (whole[1] - whole[0]) / 3
    for station in in_force().stations:
        lon, lat = place(station.location)
        west, east, south, north = maps.box(station.state)
        assert west < lon < east
        assert south < lat < north


def test_a_part_that_is_not_there_is_the_whole():
    assert maps.box("Atlantis") == maps.box(None) == maps.WHOLE


def test_the_chosen_place_is_ringed():
    ring = drawn(chosen="Cairns").data[-1]
    assert (ring.x[0], ring.y[0]) == place("Cairns")
    assert len(drawn().data) == len(drawn(chosen="Cairns").data) - 1


def test_too_few_stations_have_no_field():
    assert not drawn().layout.images


def test_the_field_is_drawn_here_where_there_are_enough_stations():
    count = len(in_force())
    rows = pd.DataFrame(
        {"location": in_force().locations, "value": [0.5] * count, "kind": ["rain"] * count}
    )
    figure = maps.draw(View("chance", rows, ends=(0, 1)), TEXTS, Words("en"))
    assert figure.layout.images[0].source.startswith("data:image/webp")
    kept = maps.draw(View("accuracy", rows, ends=(0, 1)), TEXTS, Words("en"))
    assert not kept.layout.images  # how good forecasts are is a station's own


def test_the_outline_is_australias():
    lon, lat = coast()
    lon, lat = [v for v in lon if v is not None], [v for v in lat if v is not None]
    assert 112 < min(lon) < 114
    assert 153 < max(lon) < 154
    assert -44 < min(lat) < -43
    assert abs(NARROW - 0.891) < 0.001


def test_every_policy_of_a_replay_has_a_line_of_its_own():
    steps = pd.DataFrame(
        {
            "issued_at": pd.Timestamp("2016-01-01"),
            "policy": list(POLICIES),
            "recall_live": 0.8,
            "action": "none",
        }
    )
    lines = [trace.line for trace in loop.replay(steps, 0.59, Words("en")).data if trace.line.color]
    assert len(lines) == len(POLICIES)
    assert len({(line.color, line.dash) for line in lines}) == len(POLICIES)
    assert all(line.color in DARK for line in lines)


def test_the_box_of_a_far_station_is_clear_of_the_names_of_the_coast():
    """Of twelve points, a letter is about 1.1 degrees wide on a telephone."""
    figure = drawn()
    west, south, north = (figure.layout.shapes[0][side] for side in ("x0", "y0", "y1"))
    names = next(t for t in figure.data if t.mode == "text")
    for x, y, text in zip(names.x, names.y, names.text, strict=True):
        if "Norfolk" not in text:
            assert not (south < y < north and x < west < x + 1.1 * len(text))
