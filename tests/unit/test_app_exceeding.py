"""Chances of amounts: read from the journal's column, shown where forecasts speak of them."""

from datetime import date

import pandas as pd
import pytest

from raincast.app import exceeding, telling, views
from raincast.app.charts import amounts
from raincast.app.views import Material
from raincast.app.words import Words
from tests.drawings import marks, texts

CELL = "0.2:0.7 1:0.5 5:0.25 10:0.1 25:0.05 50:0.01"


def rows(*cells: object) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "location": ["Cairns", "Hobart"][: len(cells)],
            "exceedance": list(cells),
            "predicted_rain": [1, 0][: len(cells)],
        }
    )


@pytest.mark.parametrize("nothing", ["", None, float("nan")])
def test_a_row_that_speaks_of_no_amount_has_no_data(nothing):
    assert exceeding.chances(nothing) == {}
    found = views.of("above_5", Material(rows(CELL, nothing), rows, rows, None)).marks
    assert found["value"].iloc[0] == 0.25
    assert found["value"].isna().iloc[1]


def test_amounts_are_offered_only_where_forecasts_speak_of_them():
    assert views.offered(rows(CELL, "")) == list(views.NAMES)
    assert set(views.NAMES) - set(views.offered(rows("", ""))) == set(views.ABOVE)


@pytest.mark.parametrize(("language", "said"), [("fr", "Plus de 25 mm"), ("en", "More than 25 mm")])
def test_a_view_of_an_amount_is_named_by_it(language, said):
    assert telling.view_said("above_25", Words(language)).replace("\u00a0", " ") == said


class Metadata:
    """What a model knows of the climate."""

    climatology = {"Cairns": [0.4] * 12}  # noqa: RUF012
    amounts = {"5": {"Cairns": [0.2] * 12}}  # noqa: RUF012


def test_the_usual_chance_stands_beside_where_the_model_knows_it():
    found = exceeding.beside_usual(CELL, Metadata(), "Cairns", date(2026, 6, 1))
    usual = {one.mm: one.usual for one in found if one.usual == one.usual}
    assert usual == {1.0: 0.4, 5.0: 0.2}
    assert [one.mm for one in found] == [0.2, 1, 5, 10, 25, 50]


def test_the_chart_has_an_amount_a_line_in_the_languages_form():
    found = exceeding.beside_usual(CELL, None, "Cairns", date(2026, 6, 1))
    chart = amounts.chances(found, "juin", at_least=False, t=Words("fr"))
    bars = marks(chart)
    assert len(bars) == len(found)  # nothing usual is known
    assert texts(chart, "div", "rows")[0] == ">\u00a00,2\u00a0mm"
    assert bars[2].said[:2] == [">\u00a05\u00a0mm", "25\u00a0%"]
    assert sorted((bar.box[2] for bar in bars), reverse=True) == [bar.box[2] for bar in bars]
