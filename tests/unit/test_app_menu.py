"""The menu: every page by its section, the shown one marked, and the way to the other language."""

import re

import pytest

from raincast.app import main, menu
from raincast.app.words import LANGUAGES, Words


def links(drawn: str) -> dict[str, str]:
    """Addresses by name."""
    return {name: href for href, name in re.findall(r'<a href="([^"]*)"[^>]*>([^<]*)</a>', drawn)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_has_its_link_in_the_language_that_is_read(language):
    t = Words(language)
    found = links(menu.menu(t, main.PAGES, main.FIRST, "quality"))
    names = [name for section in main.PAGES.values() for name in section]
    assert list(found) == [t(f"{name}.name") for name in names]
    ends = {name: "" if name == main.FIRST else name for name in names}
    assert list(found.values()) == [f"./{ends[name]}?lang={language}" for name in names]


@pytest.mark.parametrize("shown", ["stations", "quality", "slides"])
def test_the_shown_page_alone_is_marked(shown):
    t = Words("en")
    drawn = menu.menu(t, main.PAGES, main.FIRST, shown)
    marked = re.findall(r'aria-current="page">([^<]*)<', drawn)
    assert marked == [t(f"{shown}.name")]


def test_a_name_with_a_mark_of_html_stays_a_name():
    class Odd(Words):
        def __call__(self, key, **_):
            return f"<{key}>"

    drawn = menu.menu(Odd("en"), {"live": ("stations",)}, "stations", "stations")
    assert "&lt;stations.name&gt;" in drawn
    assert "<stations.name>" not in drawn


@pytest.mark.parametrize(("read", "other"), [("fr", "en"), ("en", "fr")])
def test_the_other_language_is_offered_in_its_own_words(read, other):
    drawn = menu.language(Words(read))
    assert f'href="?lang={other}"' in drawn
    assert f'lang="{other}"' in drawn
    assert {"en": "English", "fr": "Français"}[other] in drawn
