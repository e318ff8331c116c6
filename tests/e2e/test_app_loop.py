"""A visitor looks at the loop: quality, models, a replay."""

import re
from datetime import UTC, datetime

import pytest

from raincast.loop import watch
from raincast.settings import Settings
from raincast.store.registry import Registry
from raincast.verification.records import ComparedSpan, Comparison
from tests.e2e.conftest import TOKEN
from tests.e2e.visits import Visit
from tests.score_records import compared

pytestmark = pytest.mark.slow


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
