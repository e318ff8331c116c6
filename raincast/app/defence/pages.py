"""Slides as pictures for the page, and as a PDF."""

import io
import textwrap
from collections.abc import Iterator, Sequence
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

from raincast.app.colours import BLUE, MUTED
from raincast.app.defence.figures import STYLE
from raincast.app.defence.slide import Slide

SIZE = (12.4, 5.7)
"""Inches of a figure on the screen."""
NARROW = (5.4, 6.0)
"""Inches of a figure on a telephone."""
PAGE = (13.33, 7.5)
"""Inches of a page of the PDF, 16 by 9."""
LINE_OF_MESSAGE = 52
"""Letters: a message has room for two lines above its figure."""


def svg(slide: Slide, size: tuple[float, float] = SIZE) -> str:
    """The slide's figure as SVG with real text, its size in inches; empty where it has none."""
    if slide.draw is None:
        return ""
    out = io.StringIO()
    with mpl.rc_context(STYLE | {"font.family": "DejaVu Sans"}):
        figure = Figure(figsize=size)
        slide.draw(figure)
        figure.savefig(out, format="svg", metadata={"Date": None}, transparent=True)
    text = out.getvalue()
    return text[text.index("<svg") :].replace("'DejaVu Sans'", "'Source Sans', 'DejaVu Sans'")


def pdf(deck: Sequence[Slide], with_notes: bool) -> bytes:
    """The deck as a PDF of 16 by 9 pages; with the notes on a page after each slide where they are
    wanted.
    """
    from matplotlib.backends.backend_pdf import PdfPages  # only for whoever asks for it

    out = io.BytesIO()
    with (
        mpl.rc_context(STYLE | {"font.family": "DejaVu Sans"}),
        PdfPages(out, metadata={"Title": "raincast"}) as book,
    ):
        for page in _pages(deck, with_notes):
            book.savefig(page)
    return out.getvalue()


def _pages(deck: Sequence[Slide], with_notes: bool) -> Iterator[Figure]:
    for number, slide in enumerate(deck, start=1):
        yield _page(slide, number, len(deck))
        if with_notes:
            yield _notes_page(slide)


def _page(slide: Slide, number: int, whole: int) -> Figure:
    page = Figure(figsize=PAGE)
    parts: Any = page.subfigures(3, 1, height_ratios=(1.75, 5.35, 0.4))
    top, middle, foot = parts
    size = 36 if number == 1 else 13  # the first page is the title's
    top.text(0.04, 0.72, slide.title, fontsize=size, color=BLUE, va="center", fontweight="bold")
    top.text(
        0.04,
        0.42,
        textwrap.fill(slide.message, LINE_OF_MESSAGE),
        fontsize=20,
        va="top",
        fontweight="bold",
        linespacing=1.25,
    )
    if slide.number:
        top.text(0.96, 0.62, slide.number, fontsize=34, color=BLUE, va="center", ha="right")
        top.text(
            0.96,
            0.38,
            textwrap.fill(slide.unit, 30),
            fontsize=12,
            color=MUTED,
            va="top",
            ha="right",
        )
    if slide.draw:
        slide.draw(middle)
    foot.text(0.04, 0.5, slide.source, fontsize=9.5, color=MUTED, va="center")
    foot.text(0.96, 0.5, f"{number} / {whole}", fontsize=9.5, color=MUTED, va="center", ha="right")
    return page


def _notes_page(slide: Slide) -> Figure:
    page = Figure(figsize=PAGE)
    page.text(0.06, 0.9, slide.title, fontsize=16, color=BLUE, fontweight="bold", va="top")
    page.text(0.06, 0.8, textwrap.fill(slide.notes, 92), fontsize=15, va="top", linespacing=1.7)
    return page
