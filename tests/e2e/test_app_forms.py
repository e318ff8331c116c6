"""What a visitor types stays, whatever is drawn anew, until the archive fills the form."""

import pytest

from raincast.app.words import NAMES, Words
from raincast.observations.schema import FIELDS
from tests.e2e.visits import Visit

pytestmark = pytest.mark.slow


def test_what_is_typed_outlives_an_answer_and_the_other_language(running, browser):
    visit = Visit(browser, running)
    visit.open("ask")
    visit.page.get_by_label(visit.t("fields.Rainfall")).fill("7,5")
    visit.page.get_by_role("button", name=visit.t("ask.try"), exact=True).click()
    visit.page.get_by_text(visit.t("ask.trial_about")).wait_for()
    visit.page.get_by_label(visit.t("fields.Evaporation")).fill("1,5")
    visit.page.get_by_text(NAMES["en"], exact=True).click()
    visit.t = Words("en")
    visit.settled("ask")
    assert visit.page.get_by_label(visit.t("fields.Rainfall")).input_value() == "7,5"
    assert visit.page.get_by_label(visit.t("fields.Evaporation")).input_value() == "1,5"
    visit.sound()


def test_the_archive_fills_the_form_again_after_it_was_changed(running, browser):
    visit = Visit(browser, running)
    visit.open("ask")
    field = visit.page.get_by_label(f"{visit.t('fields.MinTemp')} ({FIELDS['MinTemp'].unit})")
    fill = visit.page.get_by_role("button", name=visit.t("ask.fill"))
    fill.click()
    visit.page.wait_for_function("field => field.value !== ''", arg=field.element_handle())
    held = field.input_value()
    field.fill("99")
    fill.click()
    visit.page.wait_for_function("field => field.value !== '99'", arg=field.element_handle())
    assert field.input_value() == held
    visit.sound()


def test_enter_tries_and_does_not_fill(running, browser):
    visit = Visit(browser, running)
    visit.open("ask")
    field = visit.page.get_by_label(visit.t("fields.Rainfall"))
    field.fill("3,25")
    field.press("Enter")
    visit.page.get_by_text(visit.t("ask.trial_about")).wait_for()
    assert field.input_value() == "3,25"
    visit.sound()


def test_a_day_stands_in_words_in_the_language_of_the_page(running, browser):
    visit = Visit(browser, running)
    visit.open("replay")
    start = visit.page.get_by_label(visit.t("replay.start"), exact=True)
    start.fill("2016-02-03")
    visit.page.get_by_text("3 février 2016", exact=True).wait_for()
    assert start.input_value() == "2016-02-03"


def test_a_curve_is_of_what_was_chosen(running, browser):
    visit = Visit(browser, running)
    visit.open("quality")
    figure = visit.page.get_by_label(visit.t("quality.figure"))
    figure.select_option("precision")
    chart = visit.page.locator(".st-key-over_time .chart")
    chart.get_by_text(visit.t("figures.precision"), exact=True).wait_for()
    assert figure.input_value() == "precision"
    visit.sound()
