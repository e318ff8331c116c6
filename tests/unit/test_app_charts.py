"""What the map says, in both languages, and that a mark has the colour of the scale beside it."""

from datetime import UTC, datetime

import pandas as pd
import pytest

from raincast.app import views
from raincast.app.charts import loop, maps, reasons, strokes
from raincast.app.charts.axes import days, round_values
from raincast.app.charts.outline import NARROW, place, rings
from raincast.app.colours import DARK, DARK_SCALES, along
from raincast.app.replaying import POLICIES
from raincast.app.views import Material, View
from raincast.app.words import Words
from raincast.observations.network import in_force
from tests.drawings import marks, names, read, texts

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
    return maps.draw(view(name), TEXTS, Words(language), "the map", **choices)


def mark(shown: str, location: str):
    return next(m for m in marks(shown) if m.place == location)


def in_style(scale, share: float) -> str:
    return "#{:02x}{:02x}{:02x}".format(*along(scale, share).round().astype(int).tolist())


@pytest.mark.parametrize(("location", "chance"), [("Cairns", 0.2), ("MountGambier", 0.73)])
def test_a_mark_has_the_colour_of_the_scale_on_a_light_page_and_on_a_dark_one(location, chance):
    scale = view("chance").scale
    both = f"light-dark({in_style(scale, chance)},{in_style(DARK_SCALES[scale], chance)})"
    shown = mark(drawn(), location)
    assert f"fill:{both};" in shown.style
    assert "opacity" not in shown.style


@pytest.mark.parametrize(
    ("language", "percent", "signed"), [("fr", "20\u00a0%", "−40"), ("en", "20%", "−40")]
)
def test_numbers_are_written_as_the_language_writes_them(language, percent, signed):
    assert percent in texts(drawn(language=language), "div", "along")
    shares = reasons.shares({"a": 0.5}, "axis", Words(language))
    assert percent in texts(shares, "div", "along")
    assert signed in texts(drawn("usual", language), "div", "along")


@pytest.mark.parametrize("name", views.NAMES)
def test_every_station_is_on_every_view_once_and_told_of(name):
    shown = {m.place: m.read for m in marks(drawn(name))}
    assert len(marks(drawn(name))) == len(in_force())
    assert shown == {location: f"of {location}" for location in in_force().locations}


def test_rain_has_a_shape_of_its_own_too():
    assert mark(drawn(), "MountGambier").outline == strokes.outline("diamond", 7.5)
    assert mark(drawn(), "Cairns").outline == strokes.outline("circle", 5.5)


@pytest.mark.parametrize("name", list(views.KINDS))
def test_kinds_are_told_apart_by_more_than_their_colour(name):
    kinds = views.KINDS[name].values()
    assert len({kind.colour for kind in kinds}) == len(kinds)
    assert len({kind.symbol for kind in kinds}) > 1


@pytest.mark.parametrize("name", list(views.KINDS))
def test_the_legend_names_the_kinds_that_are_there_in_words(name):
    named, kinds = texts(drawn(name), "div", "legend"), set(view(name).marks["kind"])
    assert set(named) == {Words("en")(f"map.{name}_{kind}") for kind in kinds}


def test_capitals_are_named_on_the_whole_map_and_every_station_on_a_part():
    whole, part = names(drawn()), names(drawn(state="WA"))
    assert {"Perth", "Sydney", "Norfolk Island"} <= whole
    assert "Albany" not in whole
    assert {"Perth", "Albany"} <= part


def test_a_part_of_the_country_fills_the_map():
    whole, part = maps.box(None), maps.box("TAS")
    assert part.east - part.west < (whole.east - whole.west) / 3
    for station in in_force().stations:
        x, y = maps.box(station.state).at(*place(station.location))
        assert 0 < x < 100
        assert 0 < y < 100


def test_a_part_that_is_not_there_is_the_whole():
    assert maps.box("Atlantis") == maps.box(None) == maps.WHOLE


def test_the_chosen_place_is_ringed_on_top_and_the_map_zooms_there():
    last = list(read(drawn(chosen="Cairns")).find("div/svg"))[-1]
    assert last.get("class") == "ring"
    ring = last.find("svg")
    at = tuple(float(ring.get(side).rstrip("%")) for side in ("x", "y"))
    assert at == pytest.approx(maps.WHOLE.at(*place("Cairns")), abs=0.01)
    assert ring.find("path").get("d") == strokes.outline("circle-open", 13)
    assert f"--fx:{at[0] / 100:.3f}" in read(drawn(chosen="Cairns")).get("style")


def test_too_few_stations_have_no_field():
    assert read(drawn()).find(".//image") is None


def test_the_field_is_drawn_here_where_there_are_enough_stations():
    count = len(in_force())
    rows = pd.DataFrame(
        {"location": in_force().locations, "value": [0.5] * count, "kind": ["rain"] * count}
    )
    fields = {
        dark: read(
            maps.draw(View("chance", rows, ends=(0, 1)), TEXTS, Words("en"), "the map", dark=dark)
        ).find(".//image")
        for dark in (False, True)
    }
    assert all(f.get("href").startswith("data:image/webp") for f in fields.values())
    assert fields[False].get("href") != fields[True].get("href")
    kept = maps.draw(View("accuracy", rows, ends=(0, 1)), TEXTS, Words("en"), "the map")
    assert read(kept).find(".//image") is None  # how good forecasts are is a station's own


def test_the_outline_is_australias():
    lon, lat = zip(*(point for ring in rings() for point in ring), strict=True)
    assert 112 < min(lon) < 114
    assert 153 < max(lon) < 154
    assert -44 < min(lat) < -43
    assert abs(NARROW - 0.891) < 0.001


STEPS = pd.DataFrame(
    {
        "issued_at": pd.Timestamp("2016-01-01"),
        "policy": list(POLICIES),
        "recall_live": 0.8,
        "action": "none",
    }
)


def test_every_policy_of_a_replay_has_a_line_of_its_own():
    shown = read(loop.replay(STEPS, 0.59, Words("en")))
    lines = [path.get("style") for path in shown.findall(".//svg[@class='plot']//path[@class]")]
    assert len(set(lines)) == len(POLICIES)
    for colour, dash in loop.LINES.values():
        assert colour in DARK
        assert any(f"({colour},{DARK[colour]})" in line for line in lines)
        assert any(line.endswith(f":{strokes.DASHES[dash]}") for line in lines)


def test_the_threshold_of_a_replay_is_named_and_looks_like_no_policy():
    drawn = loop.replay(STEPS, 0.59, Words("en"))
    assert texts(drawn, "div", "legend")[-1] == "threshold 0.59"
    *policies, own = (line.get("style") for line in read(drawn).findall(".//div/span//line"))
    assert own not in policies
    assert any(
        line.get("style") == own for line in read(drawn).findall(".//svg[@class='plot']/line")
    )


def test_a_step_at_which_something_was_done_is_marked_and_says_what():
    steps = pd.DataFrame(
        {
            "issued_at": pd.to_datetime(["2016-01-01 06:00", "2016-01-01 18:00"]),
            "policy": "never",
            "recall_live": [0.8, 0.9],
            "action": ["none", "retrain promote"],
        }
    )
    told = {m.outline: m.said for m in marks(loop.replay(steps, 0.59, Words("en")))}
    acted = told[strokes.outline("diamond", 6)]
    assert acted[:2] == ["1 Jan 2016 18:00", "0.900"]
    assert acted[-1] == "retrain promote"


def test_the_box_of_a_far_station_is_clear_of_the_names_of_the_coast():
    """Of twelve points, a letter is about 1.1 degrees wide on a telephone."""
    for name, side in maps.CAPITALS.items():
        (lon, lat), (far_lon, far_lat) = place(name), maps.FAR["NorfolkIsland"]
        if side == "right" and abs(lat - far_lat) < maps.BOXED_DEGREES:
            assert lon + 1.1 * len(name) < far_lon - maps.BOXED_WIDE


@pytest.mark.parametrize(
    ("low", "high", "values"),
    [
        (0, 1, [0, 0.2, 0.4, 0.6, 0.8, 1]),
        (-0.6, 0.6, [-0.6, -0.4, -0.2, 0, 0.2, 0.4, 0.6]),
        (22, 0, [0, 5, 10, 15, 20]),
        (0, 700, [0, 200, 400, 600]),
    ],
)
def test_ticks_are_round_numbers(low, high, values):
    assert round_values(low, high, 5) == pytest.approx(values)


def test_the_year_stands_under_the_first_day_and_where_it_turns():
    moments = pd.Series(pd.date_range("2015-12-20", "2016-01-20"))
    first, *others = [text for _, text in days(moments, Words("fr")).ticks]
    assert first == "20/12\n2015"
    assert [text.count("\n") for text in others] == [0, 1, 0, 0]
    assert days(moments, Words("en")).ticks[0][1].startswith("20 Dec")


def test_a_line_breaks_where_a_value_is_missing():
    line = strokes.line([(0, 0), (1, 1), (2, float("nan")), (3, 3), (4, 4)], "#000000")
    assert "M0.00,0.00L1.00,1.00M3.00,3.00L4.00,4.00" in line


def test_a_text_of_outside_is_shown_as_it_is():
    chart = reasons.shares({'<b>"&': 0.5}, "axis", Words("en"))
    assert marks(chart)[0].said[0] == '<b>"&'
    assert texts(chart, "div", "rows") == ['<b>"&']


@pytest.mark.parametrize("values", [[float("nan")], [0.5], [0.5, 0.5]])
def test_a_search_that_has_just_begun_is_drawn(values):
    """No trial finished, one alone, or all alike."""
    found = pd.DataFrame({"number": range(len(values)), "value": values, "best": values})
    shown = marks(loop.trials(found, Words("en")))
    assert len(shown) == sum(value == value for value in values)


def test_parameters_that_made_no_difference_have_bars_of_nothing():
    shown = marks(reasons.shares({"depth": 0.0, "rate": 0.0}, "share", Words("en")))
    assert len(shown) == 2
