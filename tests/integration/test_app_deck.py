"""The slides over a folder that has lived, and the book of them."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from raincast.app import defence
from raincast.app.words import Words
from raincast.settings import Settings
from tests.observed import ten_rainy_days

NOW = datetime(2026, 3, 1, 6, tzinfo=UTC)


_STEPS = {
    "need": True,
    "baseline": True,
    "api": True,
    "live": True,
    "rule": True,
    "search": False,
    "watermark": True,
    "trace": False,
}
"""The eight steps, and whether this world has what each of them shows."""


@pytest.fixture
def lived(tmp_path: Path) -> Settings:
    return ten_rainy_days(tmp_path)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_deck_has_the_eight_steps_with_figures_where_there_are_files(lived, language):
    found = {slide.name: slide for slide in defence.slides(lived, Words(language), NOW)}
    assert {name: bool(defence.svg(found[name])) for name in _STEPS} == _STEPS
    assert [name for name in found if name in _STEPS] == list(_STEPS)
    assert "optuna_xgb_recall_small.db" in found["search"].message
    around = [slide for name, slide in found.items() if name not in _STEPS]
    assert next(iter(found)) == "opening"
    assert all(defence.svg(slide, defence.NARROW) for slide in around)


def test_the_book_has_a_page_for_each_slide_and_one_for_its_notes(lived):
    found = defence.slides(lived, Words("fr"), NOW)
    for with_notes, pages in ((False, len(found)), (True, 2 * len(found))):
        book = defence.pdf(found, with_notes)
        assert book.startswith(b"%PDF")
        assert book.count(b"/Type /Page\n") + book.count(b"/Type /Page ") == pages


def test_each_slide_with_a_number_says_what_it_counts(lived):
    found = defence.slides(lived, Words("en"), NOW)
    numbers = {slide.name: (slide.number, slide.unit) for slide in found if slide.number}
    assert numbers["offline"] == ("106,296 / 106,296", "forecasts the same to the bit")
    assert numbers["opening"] == ("49", "stations")
    assert all(unit for _, unit in numbers.values())
    assert not {name for name, there in _STEPS.items() if not there} & set(numbers)


def test_a_figures_text_is_text_and_no_script(lived):
    rule = next(s for s in defence.slides(lived, Words("fr"), NOW) if s.name == "rule")
    svg = defence.svg(rule)
    assert "aujourd'hui" in svg or "aujourd&apos;hui" in svg
    assert "<script" not in svg
