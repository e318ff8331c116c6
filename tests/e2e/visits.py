"""A visit to the app in a real browser."""

import re
from itertools import pairwise
from pathlib import Path

from raincast.app.words import Words
from tests.places import LOCATIONS

PAGES = (
    "stations",
    "station",
    "ask",
    "quality",
    "decision",
    "models",
    "search",
    "runs",
    "replay",
    "slides",
)
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
PATIENCE_MS = 1_200_000
SHOTS = Path(__file__).resolve().parents[2] / "build/screenshots"
NEW = """if (!sessionStorage.getItem('seen')) {
    localStorage.clear();
    sessionStorage.setItem('seen', 'yes');
}"""


class Tabs:
    """Tabs of one browser, each as new as a browser's first: nothing is remembered but files.

    The first stays open, and with it what its process has compiled of the app's scripts: half of
    what it costs to open a page.
    """

    def __init__(self, context) -> None:
        self.context = context
        context.add_init_script(NEW)

    def new_page(self, size: dict, scheme: str):
        for old in self.context.pages[1:]:
            old.close()
        self.context.clear_cookies()
        page = self.context.new_page()
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme)
        page.set_default_timeout(PATIENCE_MS)
        return page


class Visit:
    """A browser's page that remembers what went wrong in it and what it fetched."""

    def __init__(
        self,
        browser: Tabs,
        address: str,
        language: str = "fr",
        size: dict = WIDE,
        scheme: str = "light",
        asked: str = "",
    ) -> None:
        self.page = browser.new_page(size, scheme)
        self.language, self.t, self.address = language, Words(language), address
        self.errors: list[str] = []
        self.foreign: list[str] = []
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("request", self._asked)
        self.page.goto(f"{address}/?lang={language}{asked}")
        self.settled("stations")

    def _said(self, said) -> None:
        if said.type == "error":
            self.errors.append(f"{said.text} {said.location}")

    def _asked(self, request) -> None:
        if not re.match(rf"({re.escape(self.address)}|data:|blob:)", request.url):
            self.foreign.append(request.url)

    def settled(self, name: str) -> None:
        """Waits until the page with that title is drawn to its end."""
        title = LOCATIONS[0] if name == "station" else self.t(f"{name}.title")
        self.page.get_by_role("heading", level=1, name=title, exact=True).wait_for()
        self.page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
        self.page.wait_for_function("() => !document.querySelector('[data-stale=true]')")

    def open(self, name: str) -> None:
        """Goes to a page by its link."""
        link = self.page.get_by_role("link", name=self.t(f"{name}.name"), exact=True)
        box = link.bounding_box()
        if not box or box["x"] < 0:  # on a narrow screen the menu lies beside it
            self.page.get_by_test_id("stExpandSidebarButton").click()
        link.click()
        self.settled(name)
        if self.page.viewport_size["width"] < 700:
            self.page.wait_for_function(  # the menu closes by itself
                "() => document.querySelector('[data-testid=stSidebar]')"
                ".getBoundingClientRect().right <= 0"
            )

    def shoot(self, name: str) -> None:
        SHOTS.mkdir(parents=True, exist_ok=True)
        width, height = self.page.viewport_size["width"], self.page.viewport_size["height"]
        whole = self.page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
        self.page.set_viewport_size({"width": width, "height": min(max(whole, height), 3600)})
        self.page.wait_for_timeout(250)
        self.page.screenshot(path=SHOTS / f"{name}-{self.language}-{width}.png")
        self.page.set_viewport_size({"width": width, "height": height})

    def sound(self) -> None:
        """No error box, no program text, nothing in the console, nothing from another host, nothing
        wider than the window; one heading of the first level, and no level left out.
        """
        levels = self.page.evaluate(
            "[...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].map(h => +h.tagName[1])"
        )
        assert levels.count(1) == 1, levels
        assert all(below <= above + 1 for above, below in pairwise(levels)), levels
        assert self.page.get_by_test_id("stException").count() == 0
        assert self.page.get_by_test_id("stAlertContentError").count() == 0
        assert "Traceback" not in self.page.inner_text("body")
        assert self.errors == [], self.errors
        assert self.foreign == [], self.foreign
        assert self.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1")
