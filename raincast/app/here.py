"""What every page is given, and the pieces that pages share."""

import html
import logging
import re
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import NamedTuple

import streamlit as st

from raincast.app import menu, sheet
from raincast.app.airflow import AirflowAway
from raincast.app.client import Api, ApiAway, ApiRefused
from raincast.app.words import Words
from raincast.errors import MissingSetting, NoModel, RaincastError
from raincast.settings import Settings

_log = logging.getLogger(__name__)

_CODE = re.compile("`([^`]+)`")


class Here(NamedTuple):
    """The visit: settings, language, the present moment, and the API (None where there is no
    token).
    """

    settings: Settings
    words: Words
    now: datetime
    api: Api | None


def guarded(show: Callable[[Here], None], here: Here) -> None:
    """Draws a page. Whatever goes wrong becomes a plain message with a way on; the log has the
    rest.
    """
    try:
        show(here)
    except RaincastError as error:
        _log.warning("page: %s", error)
        trouble(here, error)
    except Exception:
        _log.exception("page")
        st.error(here.words("trouble.unexpected"))
        again(here)


def trouble(here: Here, error: RaincastError) -> None:
    """What an error means to a visitor, and what to do."""
    t = here.words
    kinds: dict[type[RaincastError], str] = {
        ApiAway: "trouble.api_away",
        MissingSetting: "trouble.no_token",
        NoModel: "trouble.no_model",
        AirflowAway: "trouble.airflow_away",
    }
    if isinstance(error, ApiRefused):
        st.warning(t("trouble.api_refused", status=error.status, detail=_plain(error.detail)))
    else:
        key = next((key for kind, key in kinds.items() if isinstance(error, kind)), "trouble.other")
        address = (
            here.settings.airflow_url if key == "trouble.airflow_away" else here.settings.api_url
        )
        st.warning(t(key, address=address, detail=_plain(str(error))))
    again(here)


def again(here: Here) -> None:
    """The way on: try again."""
    st.button(here.words("shared.again"), key="again")


def _plain(text: str) -> str:
    """Text of a program inside Markdown: shown as it is."""
    return text.replace("`", "'").replace("\n", " ")[:600]


def api(here: Here) -> Api:
    """The API.

    Raises:
        MissingSetting: there is no token.
    """
    if here.api is None:
        raise MissingSetting("API_KEY is not set")
    return here.api


def title(t: Words, text: str, lead: str = "") -> None:
    """A page's title, and what it is for; beside it the way to the other language."""
    about = f'<p class="lead">{html.escape(lead)}</p>' if lead else ""
    sheet.write(f"{menu.language(t)}<h1>{html.escape(text)}</h1>{about}")


def heading(here: Here, page: str) -> None:
    """The title of a page and what it is for."""
    title(here.words, here.words(f"{page}.title"), here.words(f"{page}.lead"))


def section(title: str, about: str = "") -> None:
    """A part of a page: a heading of the second level, and what it is about."""
    said = f'<p class="note">{_prose(about)}</p>' if about else ""
    sheet.write(f'<h2 class="section">{html.escape(title)}</h2>{said}')


def note(text: str) -> None:
    """A remark in small letters."""
    sheet.write(f'<p class="note">{_prose(text)}</p>')


def _prose(text: str) -> str:
    """Text for HTML; what stands between backquotes is code. Streamlit's own Markdown takes the
    browser many times as long.
    """
    return _CODE.sub(r"<code>\1</code>", html.escape(text))


def told(sentence: str) -> None:
    """A forecast, or the reasons for it, in a sentence."""
    sheet.write(f'<p class="told" role="status">{html.escape(sentence)}</p>')


def facts(pairs: Iterable[tuple[str, str, str]]) -> None:
    """Figures in a row: label, value, and what the value means."""
    cells = "".join(
        f"<div><dt>{html.escape(label)}</dt><dd>{html.escape(value)}</dd><dd"
        f" class='note'>{html.escape(note)}</dd></div>"
        for label, value, note in pairs
    )
    sheet.write(f'<dl class="facts">{cells}</dl>')


def listing(pairs: Iterable[tuple[str, str]]) -> None:
    """Names and values, one line each."""
    rows = "".join(
        f"<dt>{html.escape(name)}</dt><dd>{html.escape(value)}</dd>" for name, value in pairs
    )
    sheet.write(f'<dl class="listing">{rows}</dl>')


def notice(text: str) -> None:
    """What a visitor should know before reading on; no error."""
    sheet.write(f'<p class="notice" role="status">{_prose(text)}</p>')


def nothing_yet(here: Here, key: str) -> None:
    """Says that a file is not there yet, and which command writes it."""
    notice(here.words(key))


def is_dark() -> bool:
    """Whether the visitor's page is dark."""
    return st.context.theme.type == "dark"
