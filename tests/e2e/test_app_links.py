"""The menu and the other language in a real browser: no new document, the focus stays, and the
browser's own way back works.
"""

import pytest

from raincast.app.words import NAMES, Words
from tests.e2e.visits import NARROW, Visit
from tests.places import LOCATIONS

pytestmark = pytest.mark.slow
STAYS = "document.body.dataset.mine = 'yes'"
STAYED = "document.body.dataset.mine === 'yes'"


def shown(visit: Visit) -> list[str]:
    return visit.page.locator("nav.pages a[aria-current=page]").all_inner_texts()


def test_a_page_is_opened_without_a_new_document_and_marked(running, browser):
    visit = Visit(browser, running, "en")
    assert shown(visit) == [visit.t("stations.name")]
    visit.page.evaluate(STAYS)
    visit.open("decision")
    assert visit.page.evaluate(STAYED)
    assert shown(visit) == [visit.t("decision.name")]
    assert visit.page.url == f"{running}/decision?lang=en"
    visit.page.go_back()
    visit.settled("stations")
    assert shown(visit) == [visit.t("stations.name")]
    visit.page.go_forward()
    visit.settled("decision")
    assert visit.page.evaluate(STAYED)
    visit.sound()


def test_the_menu_keeps_the_focus_of_who_has_no_mouse(running, browser):
    visit = Visit(browser, running, "en")
    visit.page.locator("nav.pages a").get_by_text(visit.t("models.name"), exact=True).focus()
    visit.page.keyboard.press("Enter")
    visit.settled("models")
    focused = "document.activeElement.closest('nav.pages a')?.textContent"
    assert visit.page.evaluate(focused) == visit.t("models.name")


def test_the_other_language_keeps_what_stands_in_the_address(running, browser):
    visit = Visit(browser, running, "en")
    visit.page.goto(f"{running}/station?lang=en&station=Cairns&cost_loss=0.50")
    visit.page.get_by_role("heading", level=1, name="Cairns").wait_for()
    visit.page.evaluate(STAYS)
    visit.page.get_by_role("link", name=NAMES["fr"], exact=True).click()
    french = Words("fr")
    visit.page.get_by_role("heading", name=french("worth.title"), exact=True).wait_for()
    visit.page.wait_for_function("() => document.documentElement.lang === 'fr'")
    assert visit.page.get_by_role("heading", level=1).inner_text() == "Cairns"
    assert "station=Cairns" in visit.page.url
    assert "cost_loss=0.50" in visit.page.url
    assert "lang=fr" in visit.page.url
    assert visit.page.evaluate(STAYED)


def test_a_station_is_chosen_from_the_list_and_the_address_keeps_it(running, browser):
    visit = Visit(browser, running, "en")
    visit.open("station")
    chosen = visit.page.get_by_label(visit.t("station.choose"), exact=True)
    for name in ("Cairns", "Darwin"):
        chosen.select_option(name)
        visit.page.get_by_role("heading", level=1, name=name, exact=True).wait_for()
        assert f"station={name}" in visit.page.url
    assert chosen.input_value() == "Darwin"
    visit.page.reload()
    visit.page.get_by_role("heading", level=1, name="Darwin", exact=True).wait_for()
    visit.sound()


def test_on_a_telephone_the_menu_closes_over_the_page_that_was_chosen(running, browser):
    visit = Visit(browser, running, "fr", NARROW)
    visit.open("runs")
    visit.open("slides")
    assert shown(visit) == [visit.t("slides.name")]
    menu = visit.page.get_by_test_id("stSidebar").bounding_box()
    assert menu
    assert menu["x"] + menu["width"] <= 0
    visit.sound()


def test_a_station_that_the_network_has_not_is_told_of(running, browser):
    visit = Visit(browser, running, "en")
    visit.page.goto(f"{running}/station?lang=en&station=Adelade")
    visit.page.get_by_text(visit.t("station.unknown", name="Adelade"), exact=True).wait_for()
    visit.settled("station")
    assert visit.page.get_by_label(visit.t("station.choose")).input_value() == LOCATIONS[0]
    assert "station=Adelade" not in visit.page.url
