"""What the figures have in common: style, place, axes."""

from typing import Any

from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.figure import FigureBase

from raincast.app.colours import INK, LINE, MUTED
from raincast.app.words import Words

STYLE: Any = {
    "font.size": 14,
    "text.color": INK,
    "axes.labelcolor": MUTED,
    "axes.edgecolor": LINE,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "axes.grid": True,
    "grid.color": LINE,
    "grid.linewidth": 0.7,
    "axes.axisbelow": True,
    "legend.frameon": False,
    "font.family": ["Source Sans", "DejaVu Sans"],
    "svg.fonttype": "none",
    "pdf.fonttype": 42,
}
"""For `matplotlib.rc_context` around every drawing."""

Box = tuple[float, float, float, float]
LINE_HEIGHT = 1.4
"""Of small letters, in their size."""


def is_wide(figure: FigureBase) -> bool:
    box = figure.bbox  # type: ignore[attr-defined]  # of figures and of their parts alike
    return bool(box.width > 1.4 * box.height)


def axes(figure: FigureBase, wide: Box, narrow: Box) -> Axes:
    return figure.add_axes(wide if is_wide(figure) else narrow)


def below(ax: Axes, at: tuple[float, float], text: str, size: float) -> None:
    """Lines in small letters, each by itself in the middle below a point: in a browser with another
    font than the one that they were measured in, a whole paragraph would stand to the side.
    """
    for i, line in enumerate(text.split("\n")):
        ax.annotate(
            line,
            at,
            (0, -LINE_HEIGHT * size * i),
            textcoords="offset points",
            ha="center",
            va="top",
            fontsize=size,
            color=MUTED,
        )


def tenths(ax: Axes, t: Words) -> None:
    ax.yaxis.set_major_formatter(lambda value, _: t.number(value, 1))


def dates(ax: Axes, t: Words) -> None:
    day, month = ("%-d/%-m", "%-m/%Y") if t.language == "fr" else ("%-d %b", "%b %Y")
    locator = AutoDateLocator(maxticks=8)  # type: ignore[no-untyped-call]
    ax.xaxis.set_major_locator(locator)
    ticks = ["%Y", month, day, "%H:%M", "", ""]
    offsets = ["", "", "%Y", f"{day} %Y", "", ""]
    form = ConciseDateFormatter(  # type: ignore[no-untyped-call]
        locator, formats=ticks, offset_formats=offsets
    )
    ax.xaxis.set_major_formatter(form)
    ax.grid(visible=False, axis="x")
