"""The frame around every page: language, navigation, the API's state; the one place that reads
clock and settings.
"""

import gc
import html
import logging
from datetime import UTC, datetime
from functools import cache, partial
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import quote

import streamlit as st

from raincast.app import early, here, menu, reading, sheet
from raincast.app.client import Api, ApiAway, ApiRefused
from raincast.app.colours import BLUE, DARK, INK, NAMED
from raincast.app.here import Here
from raincast.app.words import LANGUAGES, Words
from raincast.console import established
from raincast.errors import MissingSetting, RaincastError
from raincast.observations.network import in_force
from raincast.settings import Settings, secret

_log = logging.getLogger(__name__)

PAGES = {
    "live": ("stations", "station", "ask"),
    "loop": ("quality", "decision", "models", "search", "runs", "replay"),
    "defence": ("slides",),
}
"""The pages by section; each one's name is its address."""

SCRIPT = Path(__file__).parent / "visit/script.py"
FIRST = PAGES["live"][0]


def run() -> None:
    """Draws the page that the visitor asked for."""
    settings, words = established(), Words(_language())
    visit = Here(settings, words, datetime.now(UTC), _api(settings))
    if visit.api:
        visit.api.begin()
    page = _navigation(visit)
    st.set_page_config(f"{page.title} · raincast", _icon(), layout="wide")
    st.logo(_name(), size="large")
    with st.sidebar:
        sheet.write(menu.menu(words, PAGES, FIRST, page.url_path or FIRST))
    page.run()
    _status(visit)  # last: it waits for the API, and the page need not


def load() -> None:
    """Loads every page and what it needs; the journal is read while the server starts."""
    for name in (name for names in PAGES.values() for name in names):
        import_module(f"raincast.app.pages.{name}")
    Thread(target=_look_ahead, daemon=True).start()


def _look_ahead() -> None:
    try:
        reading.newest(established())
    except Exception:
        _log.exception("looking ahead")  # whoever opens the page is told
    finally:
        _settle()


def _settle() -> None:
    """What is loaded by now stays as long as the server: Streamlit looks through every object for
    garbage after each run of the script, which took 160 ms with all that the pages need, and
    the run's last messages wait meanwhile.
    """
    gc.collect()
    gc.freeze()


def scripts() -> dict[str, list[str]]:
    """What the browser is told early (`early.scripts`), by the page's name in its address; the
    first page has an empty one, too.
    """
    found = {name: early.scripts(name) for names in PAGES.values() for name in names}
    return {"": found[FIRST], **found}


def frame() -> str:
    """What every page's document has from the start: the sheet and the script."""
    return f"<style>{_style()}</style><script>{_file('frame.js')}</script>"


def failed(error: Exception) -> bool:
    """Tells of an error outside the pages, such as a setting that cannot be read, in words; the log
    has the rest.
    """
    _log.error("the app", exc_info=error)
    words = Words(_language())
    known = isinstance(error, RaincastError)
    st.error(words("trouble.other", detail=error) if known else words("trouble.unexpected"))
    return True


@cache
def _file(name: str) -> str:
    """A file of the app's own, which stays as it is while a server runs."""
    return files("raincast.app").joinpath(name).read_text("utf-8")


def _style() -> str:
    """The sheet, and the colours that it names: the browser takes those of a light page or of a
    dark one, so that they follow where a visitor's system turns from one to the other.
    """
    named = (f"--rain-{n}: light-dark({c}, {DARK[c]});" for n, c in NAMED.items())
    return ":root {" + "".join(named) + "}\n" + _file("look.css")


def _name() -> str:
    """The name as a picture, in colours that can be read on a light page or a dark one."""
    drawn = _file("name.svg")
    return drawn.replace(INK, DARK[INK]).replace(BLUE, DARK[BLUE]) if here.is_dark() else drawn


def _icon() -> str:
    """A blue drop on nothing, in the address itself: nothing is fetched for it."""
    return "data:image/svg+xml," + quote(_file("drop.svg"))


def _language() -> str:
    """The address's, then the visit's: a link of Streamlit's has no language."""
    asked = (st.query_params.get("lang"), st.session_state.get("language"))
    found = next((name for name in asked if name in LANGUAGES), LANGUAGES[0])
    st.session_state["language"] = st.query_params["lang"] = found
    return found


def _api(settings: Settings) -> Api | None:
    try:
        return Api(settings.api_url, secret("API_KEY"))
    except MissingSetting:
        return None


def _show(name: str, visit: Here) -> None:
    """A page is loaded when it is first asked for: what some of them need takes seconds to load."""
    here.guarded(lambda shown: import_module(f"raincast.app.pages.{name}").show(shown), visit)


def _navigation(visit: Here) -> Any:
    t = visit.words
    pages = {
        name: st.Page(
            partial(_show, name, visit),
            title=t(f"{name}.name"),
            url_path=name,
            default=name == FIRST,
        )
        for names in PAGES.values()
        for name in names
    }
    st.session_state["pages"] = pages
    return st.navigation(
        {
            t(f"sections.{section}"): [pages[name] for name in names]
            for section, names in PAGES.items()
        },
        position="hidden",
    )


def _status(visit: Here) -> None:
    """What serves, beneath the navigation; the document is told its language with it."""
    told = f"<script>document.documentElement.lang = '{visit.words.language}'</script>"
    with st.sidebar:
        st.html(f'<p class="status">{_said(visit)}</p>{told}', unsafe_allow_javascript=True)


def _said(visit: Here) -> str:
    t, model = visit.words, reading.active(visit.settings)
    event = in_force().event
    said = t("shared.event", amount=t.amount(event), hour=event.hour)
    lines = [said, _api_said(visit)]
    if model:
        lines.append(t("shared.model", version=model.version))
    return "<br><br>".join(html.escape(line) for line in lines)


def _api_said(visit: Here) -> str:
    t = visit.words
    if visit.api is None:
        return t("shared.api_no_token")
    try:
        health = visit.api.health()
    except (ApiAway, ApiRefused):
        return t("shared.api_away", address=visit.settings.api_url)
    return t(
        "shared.api_ok" if health.get("status") == "ok" else "shared.api_no_model",
        address=visit.settings.api_url,
    )
