"""What stands round the marks of a chart: its name, legend, ticks and titles."""

import html
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from raincast.app.charts import strokes
from raincast.app.charts.axes import Axis
from raincast.app.colours import LINE, on_both

FEW = 4
"""So many ticks have room along the narrowest chart."""


class Key(NamedTuple):
    """A name of the legend, and a drawing of what it names, round the middle of 26 by 14 pixels."""

    name: str
    drawn: str


class Rows(NamedTuple):
    """The names of things that lie one below the other."""

    names: Sequence[str]

    def at(self, row: float) -> float:
        """Per cent from the top of the middle of a row, counted from 0."""
        return 100 * (row + 0.5) / len(self.names)


def chart(
    alt: str,
    height: int,
    x: Axis,
    y: Axis | Rows,
    drawn: Iterable[str],
    keys: Sequence[Key] = (),
    right: Axis | None = None,
) -> str:
    """A chart as HTML, as wide as there is room.

    Args:
        alt: what it is, for those who cannot see it.
        height: pixels of the whole without the legend.
        drawn: the marks, from the lowest to the highest.
        right: a second axis of heights.
    """
    plot = "".join((*_grid(x, y), *drawn))
    parts = (
        _title("left", y.title if isinstance(y, Axis) else ""),
        _rows(y) if isinstance(y, Rows) else _heights("left", y),
        f'<svg class="plot">{plot}</svg>',
        _heights("right", right) if right else "",
        _along(x),
        _title("below", x.title),
    )
    return (
        f'<figure class="chart" tabindex="0" role="group" aria-label="{html.escape(alt)}">'
        f'{legend(keys)}<div class="frame" style="height:{height}px">{"".join(parts)}</div>'
        "</figure>"
    )


def legend(keys: Sequence[Key]) -> str:
    """The names in a row, each after what it names."""
    names = "".join(
        f'<span><svg viewBox="-13 -7 26 14">{key.drawn}</svg>{html.escape(key.name)}</span>'
        for key in keys
    )
    return f'<div class="legend">{names}</div>' if keys else ""


def key_bar(name: str, fill: str) -> Key:
    """Of bars."""
    paint = fill if fill == strokes.HATCHED else on_both(fill)
    return Key(name, f'<rect x="-10" y="-5" width="20" height="10" style="fill:{paint}"/>')


def key_line(name: str, colour: str, width: float, dash: str) -> Key:
    """Of a line."""
    style = f"stroke:{on_both(colour)};stroke-width:{width};stroke-dasharray:{strokes.DASHES[dash]}"
    return Key(name, f'<line x1="-13" x2="13" style="{style}"/>')


def key_symbol(name: str, shape: str, colour: str, edge: str) -> Key:
    """Of marks."""
    return Key(name, strokes.symbol((0, 0), shape, 10, colour, edge=edge))


def _grid(x: Axis, y: Axis | Rows) -> Iterable[str]:
    if x.grid:
        for value, _ in x.ticks:
            yield strokes.straight((x.at(value), 0), (x.at(value), 100), LINE)
    if isinstance(y, Axis) and y.grid:
        for value, _ in y.ticks:
            yield strokes.straight((0, 100 - y.at(value)), (100, 100 - y.at(value)), LINE)


def _title(side: str, text: str) -> str:
    return f'<div class="title {side}">{html.escape(text)}</div>' if text else ""


def _rows(rows: Rows) -> str:
    names = "".join(f"<span>{html.escape(name)}</span>" for name in rows.names)
    return f'<div class="rows">{names}</div>'


def _heights(side: str, y: Axis) -> str:
    widest = max((text for _, text in y.ticks), key=len, default="")
    ticks = "".join(
        f'<span style="top:{100 - y.at(value):.2f}%">{html.escape(text)}</span>'
        for value, text in y.ticks
    )
    return f'<div class="heights {side}"><i>{html.escape(widest)}</i>{ticks}</div>'


def _along(x: Axis) -> str:
    """Every second is left away where there is little room."""
    many = len(x.ticks) > FEW
    ticks = "".join(
        f'<span class="{"second" if many and i % 2 else "first"}"'
        f' style="left:{x.at(value):.2f}%">{html.escape(text)}</span>'
        for i, (value, text) in enumerate(x.ticks)
    )
    highest = max((text for _, text in x.ticks), key=lambda text: text.count("\n"), default="")
    return f'<div class="along"><i>{html.escape(highest)}</i>{ticks}</div>'
