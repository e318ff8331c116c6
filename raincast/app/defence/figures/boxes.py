"""Boxes that lead to one another: the way of a request, and of every thing that follows."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import FigureBase
from matplotlib.patches import Rectangle

from raincast.app.colours import BAND, BLUE, CHANCE, GREY, INK
from raincast.app.defence.figures.parts import axes, below, dates, is_wide
from raincast.app.words import Words
from raincast.observations.availability import REGIMES

LETTERS = {2: (13, 12), 3: (16.5, 15), 4: (16.5, 14), 5: (15, 12.5)}
"""By the boxes in a row, of which a telephone has 2: the size of a name and of what is said."""


def boxed(ax: Axes, texts: Sequence[tuple[str, str]], per_row: int, arrows: bool = True) -> None:
    """Boxes in rows, one leading to the next where there are arrows: a name, and what is true of it
    now.
    """
    ax.set_axis_off()
    rows = -(-len(texts) // per_row)
    ax.set(xlim=(0, per_row), ylim=(rows, 0))
    for i, (name, now) in enumerate(texts):
        row, column = divmod(i, per_row)
        _box(ax, (column + 0.5, row + 0.5), name, now, LETTERS[per_row])
        if i and arrows:
            _arrow(ax, column, row, per_row)


def _box(
    ax: Axes, at: tuple[float, float], name: str, now: str, letters: tuple[float, float]
) -> None:
    (x, y), (large, small) = at, letters
    ax.add_patch(Rectangle((x - 0.44, y - 0.36), 0.88, 0.72, fc=BAND, ec=BLUE, lw=1.4))
    ax.text(x, y - 0.2, name, ha="center", va="center", fontsize=large, fontweight="bold")
    below(ax, (x, y - 0.07), now, small)


def _arrow(ax: Axes, column: int, row: int, per_row: int) -> None:
    """From the box before: beside it, or at the end of the row above."""
    ends = ((column + 0.06, row + 0.5), (column - 0.06, row + 0.5))
    if not column:
        ends = ((0.7, row + 0.14), (per_row - 0.7, row - 0.14))
    ax.annotate(
        "",
        *ends,
        arrowprops={"arrowstyle": "-|>", "color": BLUE, "lw": 1.8, "shrinkA": 0, "shrinkB": 0},
    )


def service(
    figure: FigureBase, boxes: Sequence[tuple[str, str]], made: pd.DataFrame, t: Words
) -> None:
    """The way of a request, and how many forecasts were written down per day."""
    boxed(
        axes(figure, (0.02, 0.56, 0.96, 0.42), (0, 0.52, 1, 0.48)),
        boxes,
        4 if is_wide(figure) else 2,
    )
    ax = axes(figure, (0.09, 0.1, 0.88, 0.32), (0.16, 0.1, 0.81, 0.28))
    bottom = np.zeros(len(made))
    names = {name: t.regime(name) for name in REGIMES} | {"not recorded": t("shared.not_recorded")}
    order = [name for name in names if name in made]
    for name, colour, hatch in zip(
        order, (CHANCE[1][1], BLUE, INK, GREY), ("", "//", "..", "xx"), strict=False
    ):
        ax.bar(
            made.index,
            made[name],
            bottom=bottom,
            color=colour,
            hatch=hatch,
            edgecolor="white",
            label=names[name],
            width=0.8,
        )
        bottom += made[name].to_numpy()
    ax.set_ylabel(t("slides.per_day"))
    dates(ax, t)
    ax.legend(ncols=4, loc="lower left", bbox_to_anchor=(0, 0.98))


def chain(
    figure: FigureBase, links: Sequence[tuple[str, str]], tools: Sequence[tuple[str, str]]
) -> None:
    """What each thing follows from, and below it the tools that keep it."""
    wide = is_wide(figure)
    boxed(axes(figure, (0.02, 0.46, 0.96, 0.52), (0, 0.4, 1, 0.6)), links, 5 if wide else 2)
    boxed(
        axes(figure, (0.02, 0.02, 0.96, 0.36), (0, 0, 1, 0.36)),
        tools,
        4 if wide else 2,
        arrows=False,
    )
