"""The ways to the other pages and to the other language: HTML's own links, followed by `frame.js`
without a new document. A browser draws them in a third of the time that Streamlit's own menu takes.
"""

import html
from collections.abc import Mapping, Sequence

from raincast.app.words import LANGUAGES, NAMES, Words


def menu(t: Words, sections: Mapping[str, Sequence[str]], first: str, shown: str) -> str:
    """The pages by section, the one that is shown marked.

    Args:
        first: the page whose address is the app's own.
        shown: the page that is drawn.
    """
    parts = (
        f"<p>{html.escape(t(f'sections.{section}'))}</p><ul>"
        + "".join(f"<li>{_link(t, name, first, name == shown)}</li>" for name in names)
        + "</ul>"
        for section, names in sections.items()
    )
    label = html.escape(t("shared.pages"))
    return f'<nav class="pages" aria-label="{label}">{"".join(parts)}</nav>'


def _link(t: Words, name: str, first: str, is_shown: bool) -> str:
    address = f"./{'' if name == first else name}?lang={t.language}"
    marked = ' aria-current="page"' if is_shown else ""
    return f'<a href="{address}"{marked}>{html.escape(t(f"{name}.name"))}</a>'


def language(t: Words) -> str:
    """The same page in the other language; what else stands in the address stays there."""
    other = next(name for name in LANGUAGES if name != t.language)
    said = html.escape(NAMES[other])
    return f'<a class="switch" href="?lang={other}" hreflang="{other}" lang="{other}">{said}</a>'
