"""The map in a real browser: where it lies on the page, played, asked, taken along."""

import io
from pathlib import Path

import httpx
import pandas as pd
import pytest
from PIL import Image

from raincast.app import telling, views
from raincast.forecasts import overview
from raincast.settings import Settings
from raincast.store import journal
from tests.e2e.conftest import app, free_port
from tests.e2e.visits import PAGES, WIDE, Visit
from tests.places import LOCATIONS

pytestmark = pytest.mark.slow

ENDS = "Perth", "Cairns"
SIDES = ("x", "width"), ("y", "height")
LAPTOP, TELEPHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}


def drawn(visit: Visit):
    shown = visit.page.locator(".map")
    shown.locator(".mark").first.wait_for()
    return shown


def rounds(root: Path) -> list[str]:
    found = overview.rounds(journal.Journal(Settings(root=root).journal).read())
    return [f"{moment:%Y-%m-%dT%H}" for moment in found]


@pytest.mark.parametrize("size", [LAPTOP, TELEPHONE])
def test_the_map_lies_on_the_first_screen(running, browser, size):
    visit = Visit(browser, running, "fr", size)
    box = drawn(visit).bounding_box()
    assert box["y"] + box["height"] <= size["height"]
    visit.sound()


def test_the_map_plays_the_issue_times_of_the_journal(running, browser, lived_root):
    times = rounds(lived_root)
    visit = Visit(browser, running, asked=f"&at={times[-3]}")
    drawn(visit)
    shown: list[str] = []
    visit.page.on("framenavigated", lambda frame: shown.append(frame.url))
    visit.page.get_by_role("button", name=visit.t("map.play")).click()
    visit.page.wait_for_function("() => !location.search.includes('at=')")  # the newest: the end
    visit.page.get_by_role("button", name=visit.t("map.play")).wait_for()
    assert any(f"at={times[-2]}" in address for address in shown)  # none is left out
    visit.sound()


def test_a_place_is_told_in_a_sentence_and_the_address_keeps_it(running, browser, lived_root):
    times = rounds(lived_root)
    visit = Visit(browser, running, "en", asked=f"&place=Cairns&view=hit&at={times[1]}")
    drawn(visit)
    told = visit.page.locator("p.told")
    assert "in Cairns by 9\u00a0am on" in told.inner_text()
    assert "fell" in told.inner_text()
    for part in ("place=Cairns", "view=hit", f"at={times[1]}"):
        assert part in visit.page.url
    assert visit.page.get_by_text("Cairns time; issued at 4 am").count() == 1
    visit.page.get_by_role("link", name=visit.t("map.open", name="Cairns")).click()
    visit.page.wait_for_url("**/station*station=Cairns*")


def test_a_click_on_the_map_chooses_the_place(running, browser):
    visit = Visit(browser, running, "en")
    drawn(visit).locator("[data-place=AliceSprings]").click()
    visit.page.locator("p.told", has_text="in Alice Springs by").wait_for()
    visit.page.wait_for_url("**place=AliceSprings*")
    ringed = visit.page.locator(".map .ring").bounding_box()
    mark = visit.page.locator(".map [data-place=AliceSprings]").bounding_box()
    assert [ringed[n] + ringed[side] / 2 for n, side in SIDES] == pytest.approx(
        [mark[n] + mark[side] / 2 for n, side in SIDES], abs=2
    )
    visit.sound()


@pytest.mark.parametrize("name", views.NAMES)
def test_every_view_is_drawn_in_words(running, browser, name):
    visit = Visit(browser, running, "fr", asked=f"&view={name}")
    shown = drawn(visit)
    visit.page.get_by_text(telling.view_about(name, visit.t)).wait_for()
    assert shown.get_attribute("aria-label") == telling.view_said(name, visit.t)
    assert shown.locator(".mark").count() == len(LOCATIONS)
    visit.shoot(f"map-{name}")
    visit.sound()


def test_the_forecasts_and_the_picture_are_taken_along(running, browser):
    visit = Visit(browser, running, "en", asked="&view=usual")
    drawn(visit)
    with visit.page.expect_download() as taken:
        visit.page.get_by_role("button", name=visit.t("map.csv")).click()
    rows = pd.read_csv(taken.value.path())
    assert {"location", "rain_probability", "usual"} <= set(rows)
    with visit.page.expect_download() as taken:
        visit.page.get_by_role("button", name=visit.t("map.png")).click()
    assert Image.open(io.BytesIO(Path(taken.value.path()).read_bytes())).width == 1200


@pytest.mark.parametrize(
    ("scheme", "lightness", "ink"),
    [("light", 255, "rgb(31, 41, 51)"), ("dark", 18, "rgb(230, 234, 238)")],
)
def test_the_page_is_as_light_or_dark_as_the_visitors_system(
    running, browser, scheme, lightness, ink
):
    visit = Visit(browser, running, scheme=scheme)
    shown = drawn(visit)
    ground = "el => getComputedStyle(el).backgroundColor"
    assert visit.page.get_by_test_id("stApp").evaluate(ground).startswith(f"rgb({lightness},")
    assert shown.evaluate("el => getComputedStyle(el).color") == ink


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_page_says_its_language_and_its_title(running, browser, language):
    visit = Visit(browser, running, language)
    visit.page.wait_for_function(f"() => document.documentElement.lang === '{language}'")
    visit.open("models")
    assert visit.page.title() == f"{visit.t('models.name')} · raincast"


def test_a_new_server_shows_a_page_by_its_address_in_its_frame(lived_root, browser, tmp_path):
    port = free_port()
    with app(lived_root, port, free_port(), tmp_path / "app.txt"):
        page = browser.new_page(WIDE, "light")
        page.goto(f"http://127.0.0.1:{port}/station?lang=en&station=Cairns")
        page.get_by_role("heading", level=1, name="Cairns").wait_for()
        page.wait_for_function("() => document.documentElement.lang === 'en'")
        assert page.locator("nav.pages a").count() == len(PAGES)
        assert page.get_by_test_id("stException").count() == 0


def test_the_address_is_shared(running, browser):
    visit = Visit(browser, running, "en", asked="&place=Cairns")
    visit.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    drawn(visit)
    visit.page.get_by_role("button", name=visit.t("shared.share"), exact=True).click()
    visit.page.get_by_role("button", name=visit.t("shared.shared_link"), exact=True).wait_for()
    assert "place=Cairns" in visit.page.evaluate("navigator.clipboard.readText()")


def test_the_map_and_its_zoom_are_reached_by_keyboard(running, browser):
    visit = Visit(browser, running, "en")
    drawn(visit)
    seen = set()
    for _ in range(40):
        visit.page.keyboard.press("Tab")
        seen.add(visit.page.evaluate("document.activeElement.getAttribute('aria-label')"))
    assert {visit.t("map.view_chance"), "Zoom in", "Zoom out"} <= seen


def test_the_arrow_keys_walk_over_the_stations_and_enter_chooses_one(running, browser):
    visit = Visit(browser, running, "en")
    drawn(visit).focus()
    visit.page.keyboard.press("ArrowRight")  # the first from the west
    told = visit.page.locator(".tip").inner_text()
    assert told.startswith("Witchcliffe\n")
    visit.page.keyboard.press("Enter")
    visit.page.wait_for_url("**place=Witchcliffe*")
    visit.page.locator(".map .ring").wait_for()  # drawn anew: the mark has focus and text back
    visit.settled("stations")
    assert visit.page.evaluate("document.activeElement.dataset.place") == "Witchcliffe"
    visit.page.keyboard.press("Escape")
    assert not visit.page.locator(".tip").count()


def test_a_zoomed_map_has_its_stations_further_apart_until_it_is_whole_again(running, browser):
    visit = Visit(browser, running, "en")
    shown = drawn(visit)

    def apart() -> float:
        perth, cairns = (shown.locator(f"[data-place={n}]").bounding_box() for n in ENDS)
        return cairns["x"] - perth["x"]

    whole = apart()
    visit.page.get_by_role("button", name=visit.t("map.zoom_in")).click()
    assert apart() == pytest.approx(1.5 * whole, rel=0.02)
    visit.page.get_by_role("button", name=visit.t("map.zoom_whole")).click()
    assert apart() == pytest.approx(whole, abs=1)


def test_files_come_compressed(running):
    document = httpx.get(running, trust_env=False).text
    script = document.split('<script type="module" crossorigin src=".')[1].split('"')[0]
    took = httpx.get(running + script, headers={"Accept-Encoding": "gzip"}, trust_env=False)
    assert took.headers["content-encoding"] == "gzip"
    assert took.num_bytes_downloaded < len(took.content) / 2
