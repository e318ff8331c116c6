"""A visitor asks for forecasts: one, of all stations, and where nobody answers."""

import re
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from raincast.app.client import NOT_ASKED
from raincast.settings import Settings
from raincast.store import journal
from tests.e2e.conftest import api, app, free_port
from tests.e2e.visits import Visit
from tests.places import LOCATIONS

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", autouse=True)
def bureau_away() -> Iterator[None]:
    """The servers of these tests ask a Bureau that is not there."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BUREAU_URL", f"http://127.0.0.1:{free_port()}")
        yield


def test_a_trial_writes_nothing_until_it_is_put_into_the_journal(running, browser, lived_root):
    path = Settings(root=lived_root).journal
    visit, before = Visit(browser, running), len(journal.Journal(path).read())
    visit.open("ask")
    visit.page.get_by_role("button", name=visit.t("ask.try"), exact=True).click()
    visit.page.get_by_text(visit.t("ask.trial_about")).wait_for()
    assert len(journal.Journal(path).read()) == before
    visit.page.get_by_role("button", name=visit.t("ask.keep"), exact=True).click()
    told = visit.page.get_by_text(re.compile(r"[0-9a-f]{32}")).first
    told.wait_for()
    rows = journal.Journal(path).read()
    assert len(rows) == before + 1
    assert rows["forecast_id"].iloc[-1] in told.inner_text()
    visit.shoot("ask-answered")
    visit.sound()


def test_a_number_has_a_comma_and_one_that_cannot_be_leaves_no_answer(running, browser):
    visit = Visit(browser, running)
    visit.open("ask")
    rain = visit.page.get_by_label(visit.t("fields.Rainfall"))
    try_it = visit.page.get_by_role("button", name=visit.t("ask.try"), exact=True)
    answered = visit.page.get_by_text(visit.t("ask.trial_about"))
    rain.fill("7,5")
    try_it.click()
    answered.wait_for()
    visit.page.get_by_role("button", name=visit.t("ask.keep"), exact=True).click()
    visit.page.get_by_text(re.compile(r"[0-9a-f]{32}")).first.wait_for()
    visit.settled("ask")  # what is opened sooner is closed by the answer
    visit.page.get_by_text(visit.t("ask.json")).click()
    visit.page.get_by_text("7.5", exact=True).first.wait_for()
    rain.fill("-75")
    try_it.click()
    visit.page.get_by_test_id("stAlert").get_by_text("-75").wait_for()
    answered.wait_for(state="detached")
    visit.settled("ask")
    assert not visit.page.get_by_text(visit.t("ask.json")).count()
    visit.sound()


def test_a_round_for_which_the_bureau_gives_nothing_is_not_green(running, browser):
    visit = Visit(browser, running)
    visit.open("ask")
    visit.page.get_by_role("tab", name=visit.t("ask.all")).click()
    visit.page.get_by_text(visit.t("ask.from_bureau")).click()
    visit.page.get_by_role("button", name=visit.t("ask.start")).click()
    visit.page.get_by_test_id("stAlertContentWarning").get_by_text(NOT_ASKED).wait_for()
    assert visit.page.get_by_test_id("stAlertContentSuccess").count() == 0


def test_all_stations_are_forecast_at_once(running, browser, lived_root):
    path = Settings(root=lived_root).journal
    visit, before = Visit(browser, running), len(journal.Journal(path).read())
    visit.open("ask")
    visit.page.get_by_role("tab", name=visit.t("ask.all")).click()
    visit.page.get_by_role("button", name=visit.t("ask.start")).click()
    visit.page.get_by_test_id("stAlertContentSuccess").wait_for()
    rows = journal.Journal(path).read()[before:]
    assert len(rows) > 40
    assert rows["location"].nunique() == len(rows) <= len(LOCATIONS)
    visit.shoot("ask-all")
    visit.sound()


def test_a_stopped_api_is_told_plainly_and_the_way_on_works(lived_root, browser, tmp_path):
    port, api_port = free_port(), free_port()
    with ExitStack() as stack:
        first = stack.enter_context(ExitStack())
        first.enter_context(api(lived_root, api_port, tmp_path / "api.txt"))
        stack.enter_context(app(lived_root, port, api_port, tmp_path / "app.txt"))
        visit = Visit(browser, f"http://127.0.0.1:{port}")
        visit.open("ask")
        first.close()
        visit.page.get_by_role("button", name=visit.t("ask.try"), exact=True).click()
        away = visit.page.get_by_text("raincast serve")
        away.wait_for()
        assert f"http://127.0.0.1:{api_port}" in visit.page.get_by_test_id("stAlert").inner_text()
        visit.shoot("ask-api-away")
        visit.sound()
        stack.enter_context(api(lived_root, api_port, tmp_path / "again.txt"))
        visit.page.get_by_role("button", name=visit.t("shared.again")).click()
        visit.page.get_by_role("button", name=visit.t("ask.try"), exact=True).wait_for()
        assert away.count() == 0
