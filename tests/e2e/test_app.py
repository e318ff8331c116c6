"""The app in a real browser: every page in both languages, a forecast, the slides, the API away,
and how fast it is.
"""

import re
import shutil
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest

from raincast.app import exceeding
from raincast.app.words import LANGUAGES, NAMES, Words
from raincast.loop import watch
from raincast.settings import Settings
from raincast.store import journal
from raincast.store.registry import Registry
from raincast.verification.records import ComparedSpan, Comparison
from tests.e2e.conftest import SHOTS, TOKEN, api, app, free_port
from tests.e2e.visits import NARROW, PAGES, Visit
from tests.places import LOCATIONS
from tests.score_records import compared

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


def test_a_round_for_which_the_bureau_gives_nothing_is_not_green(
    lived_root, browser, tmp_path, monkeypatch
):
    monkeypatch.setenv("BUREAU_URL", f"http://127.0.0.1:{free_port()}")
    port, api_port = free_port(), free_port()
    with (
        api(lived_root, api_port, tmp_path / "api.txt"),
        app(lived_root, port, api_port, tmp_path / "app.txt"),
    ):
        visit = Visit(browser, f"http://127.0.0.1:{port}")
        visit.open("ask")
        visit.page.get_by_role("tab", name=visit.t("ask.all")).click()
        visit.page.get_by_text(visit.t("ask.from_bureau")).click()
        visit.page.get_by_role("button", name=visit.t("ask.start")).click()
        visit.page.get_by_test_id("stAlertContentWarning").wait_for()
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


def test_a_month_is_lived_again_step_by_step(running, browser):
    visit = Visit(browser, running)
    visit.open("replay")
    visit.page.get_by_role("button", name=visit.t("replay.go"), exact=True).click()
    visit.page.get_by_role("heading", name=visit.t("replay.running")).wait_for()
    visit.page.get_by_text(re.compile(r"^[1-9]\d* heures d'émission sur 62$")).wait_for()
    visit.page.get_by_role("heading", name=visit.t("replay.over")).wait_for()
    visit.page.locator(".st-key-replay_chart .mark").first.wait_for()
    assert visit.page.get_by_test_id("stAlert").count() == 0
    visit.shoot("replay-over")
    visit.sound()


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


def test_a_model_is_changed_only_with_the_token(running, browser, lived_root):
    models = Settings(root=lived_root).models
    before = Registry(models).load_active().version
    # The page offers the newest of the others first.
    other = next(v.version for v in Registry(models).versions()[::-1] if not v.active)
    visit = Visit(browser, running)
    visit.open("models")
    for token, said in (("guess", "models.not_allowed"), (TOKEN, "models.changed")):
        visit.page.get_by_label(visit.t("models.token")).fill(token)
        visit.page.get_by_role("button", name=visit.t("models.promote")).click()
        visit.page.get_by_text(visit.t(said, version=other)).wait_for()
        serves = other if token == TOKEN else before
        assert Registry(models).load_active().version == serves
        # The rest of the page says the same: the sidebar is drawn with it.
        visit.page.get_by_text(visit.t("shared.model", version=serves)).wait_for()
    visit.page.get_by_label(visit.t("models.token")).fill(TOKEN)
    visit.page.get_by_role("button", name=visit.t("models.rollback")).click()
    visit.page.get_by_text(visit.t("models.changed", version=before)).wait_for()
    visit.page.get_by_text(visit.t("shared.model", version=before)).wait_for()
    assert Registry(models).load_active().version == before


def test_what_the_watch_found_is_on_the_page_of_quality(running, browser, lived_root):
    report = watch.watch(Settings(root=lived_root), datetime(2016, 2, 11, 6, tzinfo=UTC))
    visit = Visit(browser, running)
    visit.open("quality")
    visit.page.get_by_text(visit.t("change.title"), exact=True).wait_for()
    said = visit.t("change.alarm" if report.alarm else "change.calm")
    visit.page.get_by_text(said, exact=True).wait_for()
    assert not re.search(r"\bnan\b", visit.page.inner_text("body"), re.IGNORECASE)


def test_cost_and_loss_are_set_by_a_slider_that_the_address_keeps(running, browser):
    visit = Visit(browser, running, "en")
    visit.page.goto(f"{running}/quality?lang=en&cost_loss=0.3")
    visit.settled("quality")
    visit.page.get_by_text("30%", exact=True).wait_for()
    visit.page.get_by_role("slider", name=visit.t("worth.ratio")).press("ArrowRight")
    visit.page.wait_for_url("**cost_loss=0.31*")
    visit.page.get_by_text("31%", exact=True).wait_for()
    visit.open("station")  # and the next page takes it over
    visit.page.get_by_text("31%", exact=True).wait_for()
    visit.page.wait_for_url("**/station*cost_loss=0.31*")
    act = visit.page.locator("p.told", has_text="your threshold is 31%")
    assert act.count() == 1
    visit.sound()


def test_a_refused_challenger_stands_beside_the_model_in_service(running, browser, lived_root):
    registry = Registry(Settings(root=lived_root).models)
    active = registry.load_active().version
    other = next(v.version for v in registry.versions() if not v.active)
    found = Comparison(
        no_worse=False,
        champion=compared(active, 0.12, 40),
        challenger=compared(other, 0.123, 40),
        brier_difference=0.003,
        brier_difference_interval=(0.001, 0.005),
        span=ComparedSpan(first="2016-01-01", last="2016-01-20", days=20),
    )
    registry.refuse(other, datetime(2016, 2, 11, 7, tzinfo=UTC), "surely worse", found.to_json())
    visit = Visit(browser, running)
    visit.open("models")
    row = visit.page.locator("tr", has_text="+3,0 (+1,0 à +5,0)").first
    assert other in row.inner_text()
    assert "surely worse" in row.inner_text()
    visit.sound()


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
