"""The app in a real browser: every page in both languages, on a telephone, over an empty folder and
over a long journal.
"""

import shutil

import pytest

from raincast.app import exceeding
from raincast.app.words import LANGUAGES, NAMES, Words
from raincast.settings import Settings
from raincast.store import journal
from tests.e2e.conftest import app, free_port
from tests.e2e.visits import NARROW, PAGES, Visit
from tests.places import LOCATIONS

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_opens_in_both_languages(running, browser, language):
    visit = Visit(browser, running, language)
    for name in PAGES:
        visit.open(name)
        visit.shoot(name)
        visit.sound()
    assert visit.page.get_by_text(visit.t("slides.keys")).count() == 1


def test_every_page_can_be_used_on_a_telephone(running, browser):
    visit = Visit(browser, running, "fr", NARROW)
    for name in PAGES:
        visit.open(name)
        visit.shoot(name)
        visit.sound()
    figure = visit.page.locator(".deck svg").bounding_box()
    assert figure["x"] >= 0
    assert (
        figure["x"] + figure["width"] <= NARROW["width"]
    )  # the whole figure is seen, nothing of it to the side


def test_the_language_is_switched_on_the_page(running, browser):
    visit = Visit(browser, running)
    visit.page.get_by_text(NAMES["en"], exact=True).click()
    visit.t = Words("en")
    visit.settled("stations")
    visit.open("decision")
    assert "lang=en" in visit.page.url


def test_the_chances_of_amounts_stand_on_the_page_of_a_station(running, browser, lived_root):
    rows = journal.Journal(Settings(root=lived_root).journal).read()
    own = rows[rows["location"] == LOCATIONS[0]].iloc[-1]
    visit = Visit(browser, running, "en")
    visit.open("station")
    visit.page.get_by_role("heading", name=visit.t("station.amounts")).wait_for()
    shown = visit.page.get_by_role("group", name=visit.t("station.amounts"), exact=True)
    names = [name.replace("\u00a0", " ") for name in shown.locator(".rows span").all_inner_texts()]
    assert names == [f"> {mm:g} mm" for mm in sorted(exceeding.chances(own["exceedance"]))]
    visit.sound()


def test_an_empty_folder_says_what_to_do(browser, tmp_path):
    """No API, no model, no file: every page that needs one says so, and none breaks."""
    port = free_port()
    with app(tmp_path, port, free_port(), tmp_path / "app.txt"):
        visit = Visit(browser, f"http://127.0.0.1:{port}")
        for name in PAGES:
            visit.open(name)
            visit.sound()
            said = visit.page.locator(".notice, [data-testid=stAlert]").count()
            assert said or name in ("replay", "slides"), name


def test_the_first_page_of_a_long_journal_is_drawn(lived_root, browser, tmp_path):
    """A hundred thousand rows; how long it takes is measured by `benchmarks/first_page.py`."""
    root, port = tmp_path / "root", free_port()
    shutil.copytree(lived_root / "models", root / "models")
    header, *rows = Settings(root=lived_root).journal.read_bytes().splitlines(keepends=True)
    (root / "outputs").mkdir(parents=True)
    (root / "outputs/preds_api.csv").write_bytes(
        header + b"".join(rows) * (100_000 // len(rows) + 1)
    )
    with app(root, port, free_port(), tmp_path / "app.txt"):
        visit = Visit(browser, f"http://127.0.0.1:{port}")
        visit.page.locator(".map .mark").first.wait_for()
        assert visit.page.locator(".map .mark").count() == len(LOCATIONS)
        visit.sound()
