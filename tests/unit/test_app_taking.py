"""What is taken along from the map, and how it moves on while it plays."""

import io
from datetime import UTC, datetime

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from raincast.app import picture, playing, views
from raincast.app.pages import taking
from raincast.app.views import Material
from raincast.app.words import Words
from raincast.observations.network import in_force

COUNT = len(in_force())
SHOWN = pd.DataFrame(
    {
        "location": in_force().locations,
        "rain_probability": np.linspace(0, 1, COUNT),
        "predicted_rain": [int(i > COUNT / 2) for i in range(COUNT)],
        "exceedance": "1:0.73 5:0.4 25:0.1",
        "feature_date": pd.Timestamp("2026-03-03"),
        "target_date": pd.Timestamp("2026-03-04"),
        "issued_at_utc": datetime(2026, 3, 3, 6, tzinfo=UTC),
        "threshold": 0.4,
        "regime": "3pm",
        "basis": "today",
        "model_version": "v",
    }
)
TOLD = pd.DataFrame(
    {
        "location": in_force().locations,
        "target_date": pd.Timestamp("2026-03-04"),
        "observed_rainfall_mm": np.linspace(0, 40, COUNT),
        "y_true": 1.0,
        "predicted_rain": 1.0,
    }
)


def view(name: str):
    return views.of(name, Material(SHOWN, lambda: SHOWN, lambda: TOLD, {"Cairns": [0.3] * 12}))


@pytest.mark.parametrize("name", views.NAMES)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_view_has_a_picture(name, language):
    content = picture.png(view(name), Words(language), "6 June")
    shown = Image.open(io.BytesIO(content))
    assert shown.size == (picture.WIDTH, picture.HEIGHT)
    assert len(content) < 400_000


def test_the_picture_shows_where_it_is_wet():
    shown = np.asarray(Image.open(io.BytesIO(picture.png(view("chance"), Words("en"), "")))).astype(
        int
    )

    def at(location):
        x, y = picture.at(*picture.place(location))
        return shown[int(y), int(x)]

    assert at("Woomera")[0] < at("Adelaide")[0]  # the last of the alphabet is the wettest: darker


def test_the_csv_has_a_row_for_each_station_and_what_the_view_makes_of_it():
    rows = pd.read_csv(io.BytesIO(taking.csv(view("hit"), SHOWN)))
    assert rows["location"].tolist() == list(in_force().locations)
    assert rows["target_date"].unique().tolist() == ["2026-03-04"]
    assert set(rows["hit_kind"]) <= set(views.KINDS["hit"])
    assert rows["rain_probability"].iloc[-1] == 1


def test_the_csv_has_the_same_bytes_each_time():
    assert taking.csv(view("chance"), SHOWN) == taking.csv(view("chance"), SHOWN)


def test_the_call_names_the_station_and_keeps_the_token_out():
    call = taking.snippet("http://api:8000", "AliceSprings")
    assert "http://api:8000/predict?use_latest=true&station_name=AliceSprings" in call
    assert "Bearer $API_KEY" in call


@pytest.mark.parametrize(("now", "following"), [("a", "b"), ("b", "c"), ("c", None), ("?", "a")])
def test_the_issue_time_that_follows(now, following):
    assert playing.after(now, ["a", "b", "c"]) == following


@pytest.mark.parametrize("location", in_force().locations)
def test_every_station_lies_in_the_picture_above_its_scale(location):
    x, y = picture.at(*picture.place(location))
    assert 0 < x < picture.WIDTH
    assert picture.TOP < y < picture.HEIGHT - 70


def test_the_pictures_letters_have_accents():
    font = picture.font(30)
    nothing = bytes(font.getmask("\uffff"))
    assert all(bytes(font.getmask(letter)) != nothing for letter in "éèàçôÉ")
