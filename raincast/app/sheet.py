"""Prose, tables and charts that stand below each other, sent to the browser as one element: each of
Streamlit's takes it about as long, whatever is in it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from importlib.resources import files
from typing import Any

import streamlit as st

_collected: ContextVar[list[str] | None] = ContextVar("collected", default=None)


@contextmanager
def sheet(key: str) -> Iterator[None]:
    """What is written inside becomes one element; no widget may stand in it. What was written
    before an error is shown.
    """
    with collected() as parts:
        try:
            yield
        finally:
            if parts:
                component()(data={"drawn": stacked(parts)}, key=key)


@contextmanager
def collected() -> Iterator[list[str]]:
    """What is written inside, as a list that grows, and nothing of it on the page."""
    parts: list[str] = []
    before = _collected.set(parts)
    try:
        yield parts
    finally:
        _collected.reset(before)


def write(markup: str) -> None:
    """HTML into the sheet that is being written, else as an element of its own."""
    parts = _collected.get()
    if parts is None:
        st.html(markup)
    else:
        parts.append(markup)


def chart(drawn: str, key: str) -> None:
    """A chart that nobody clicks on, in the same way."""
    parts = _collected.get()
    if parts is None:
        component()(data={"drawn": drawn}, key=key)
    else:
        parts.append(f'<div class="st-key-{key}">{drawn}</div>')


def beside(left: list[str], right: list[str]) -> None:
    """Two of `collected`, beside each other where there is room."""
    write(f'<div class="beside">{stacked(left)}{stacked(right)}</div>')


def stacked(parts: list[str]) -> str:
    """One below the other, at Streamlit's distance."""
    return f'<div class="sheet">{"".join(f"<div>{part}</div>" for part in parts)}</div>'


@st.cache_resource(show_spinner=False)
def component() -> Any:
    """What shows a drawing: `st.html` lets no SVG through."""
    code = files("raincast.app").joinpath("drawn.js").read_text("utf-8")
    home = '<div class="home"></div>'
    return st.components.v2.component("raincast_drawn", html=home, js=code, isolate_styles=False)
