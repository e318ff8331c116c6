"""A speaker shows the slides, and hands them out."""

from pathlib import Path

import pytest

from raincast.app.words import NAMES, Words
from tests.e2e.visits import SHOTS, Visit

pytestmark = pytest.mark.slow


def test_the_slides_are_walked_with_the_keyboard(running, browser):
    visit = Visit(browser, running)
    visit.open("slides")
    deck, count = visit.page.locator(".deck"), visit.page.locator(".deck .count")
    for number in range(1, 17):
        assert count.inner_text() == f"{number} / 16"
        assert deck.locator("svg").count() == 1
        SHOTS.mkdir(parents=True, exist_ok=True)
        deck.screenshot(path=SHOTS / f"slide-{number}.png")
        visit.page.keyboard.press("ArrowRight")
    assert count.inner_text() == "16 / 16"
    bar = deck.locator("nav").bounding_box()
    assert bar["y"] + bar["height"] <= visit.page.viewport_size["height"]
    visit.page.keyboard.press("n")
    assert deck.locator(".speaker").inner_text() == visit.t("slides.limits_notes")
    visit.page.keyboard.press("Home")
    visit.page.keyboard.press("f")
    visit.page.wait_for_function("() => document.fullscreenElement !== null")
    visit.page.keyboard.press("f")
    visit.page.wait_for_function("() => document.fullscreenElement === null")
    assert count.inner_text() == "1 / 16"
    visit.sound()


def test_the_jury_gets_a_pdf(running, browser):
    visit = Visit(browser, running)
    visit.open("slides")
    visit.page.get_by_role("button", name=visit.t("slides.pdf_make")).click()
    with visit.page.expect_download() as taken:
        visit.page.get_by_role("button", name=visit.t("slides.pdf_take")).click()
    content = Path(taken.value.path()).read_bytes()
    assert content.startswith(b"%PDF")
    assert content.count(b"/Type /Page\n") + content.count(b"/Type /Page ") == 16
    visit.page.get_by_text(NAMES["en"], exact=True).click()
    visit.t = Words("en")
    visit.settled("slides")
    assert (
        visit.page.get_by_role("button", name=visit.t("slides.pdf_take")).count() == 0
    )  # that one was in French


def test_a_pdf_is_named_by_what_is_in_it(running, browser):
    visit = Visit(browser, running)
    visit.open("slides")
    visit.page.get_by_label(visit.t("slides.pdf_with")).check()
    visit.page.get_by_role("button", name=visit.t("slides.pdf_make")).click()
    take = visit.page.get_by_role("button", name=visit.t("slides.pdf_take_notes"), exact=True)
    with visit.page.expect_download() as taken:
        take.click()
    assert taken.value.suggested_filename == "raincast-fr-notes.pdf"
    visit.page.get_by_label(visit.t("slides.pdf_with")).uncheck()
    assert take.count() == 1
