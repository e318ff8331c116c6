"""What the charts say, in both languages, and that a mark has the colour of the scale beside it."""

from datetime import UTC, date, datetime

import pandas as pd
import pytest

from raincast.app import charts
from raincast.app.words import Words
from raincast.observations.network import in_force

NEWEST = pd.DataFrame(
    {
        "location": ["MountGambier", "Cairns"],
        "rain_probability": [0.73, 0.2],
        "predicted_rain": [1, 0],
        "regime": ["3pm", "9am"],
        "issued": [datetime(2026, 3, 3, 6, tzinfo=UTC)] * 2,
        "target_date": [date(2026, 3, 4)] * 2,
    }
)


def marks(language: str):
    """The map's stations with a forecast, and those without."""
    figure = charts.chance_map(NEWEST, Words(language), ["MountGambier", "Cairns"])
    found = [trace for trace in figure.data if trace.customdata is not None]
    return next(t for t in found if len(t.customdata) == 2), next(
        t for t in found if len(t.customdata) == len(in_force()) - 2
    )


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_mark_is_as_strong_as_the_scale(language):
    shown, _ = marks(language)
    assert shown.marker.opacity == 1
    assert sorted(shown.marker.color) == [20, 73]


@pytest.mark.parametrize(("language", "separators"), [("fr", ",\u202f"), ("en", ".,")])
def test_numbers_are_written_as_the_language_writes_them(language, separators):
    t = Words(language)
    assert charts.chance_map(NEWEST, t, None).layout.separators == separators
    assert charts.shares({"a": 0.5}, "axis", t).layout.separators == separators


def test_stations_have_the_names_that_people_use():
    shown, absent = marks("en")
    assert any("Mount Gambier" in text for text in shown.text)
    assert not any("MountGambier" in text for text in shown.text)
    assert any(text.startswith("Alice Springs: no forecast") for text in absent.text)
